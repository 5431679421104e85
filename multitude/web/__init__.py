"""The web server, and what a request meets before Django."""
