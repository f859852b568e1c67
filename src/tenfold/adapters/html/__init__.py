"""Models as HTML pages: the module ``export`` writes a model into the page of this folder."""
