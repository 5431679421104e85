"""Logging in, the second factor, sessions, and the record of it."""
