"""The newsroom's desk for articles, in Django admin: its list, the page of each article, the front page."""
