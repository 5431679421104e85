"""What nobody sends by accident: every class of hostile input, and what the site makes of it."""
