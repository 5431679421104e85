"""The newsroom's desk for articles, page by page."""
