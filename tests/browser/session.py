"""Members of the staff in the browser, without the login form, which one test fills in for all."""

from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page

from tests.factories import logged_in


def log_in(page: Page, user: User) -> None:
    """Give the browser of a page a session of the user's."""
    name = settings.SESSION_COOKIE_NAME
    session = logged_in(user).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "domain": "localhost", "path": "/"}])
