"""Backups and what is brought back from them."""
