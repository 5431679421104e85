"""The newsroom's pages in Django admin that are more than a list and a form of Django's own."""
