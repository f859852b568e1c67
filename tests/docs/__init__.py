"""The proof of the documentation: it says what the code does."""
