"""Articles: written in admin, published by time, read by everyone. Knows nothing of comments."""
