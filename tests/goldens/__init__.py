"""What others compute, recorded for the tests to compare with."""
