"""What the user gets, tested."""
