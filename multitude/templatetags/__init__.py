"""What every page's template may use."""
