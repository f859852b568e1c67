"""The server: requests, their guard, and the connection to each page."""
