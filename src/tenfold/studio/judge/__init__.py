"""Judge: a network on the test images, as they are or distorted."""
