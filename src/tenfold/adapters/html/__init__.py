"""HTML: ``export`` fills the page of this folder with a model."""
