"""What the site lets one see of itself: a line in the log for each request and act, and numbers for Prometheus."""
