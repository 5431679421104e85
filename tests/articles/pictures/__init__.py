"""Pictures: what is taken, what is made of it, who may see it."""
