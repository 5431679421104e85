"""Django's admin with our site in it, and allauth's accounts, whose middleware runs for the newsroom alone."""

from allauth.account.apps import AccountConfig
from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NewsroomConfig(AdminConfig):
    """Django's admin: its login is replaced before anything reads its addresses."""

    default_site = "multitude.accounts.site.Newsroom"

    def ready(self) -> None:
        """Have the apps register what they show, then put our pages of accounts in place of Django's and allauth's."""
        super().ready()
        from multitude.accounts import desk

        desk.register()


class AllauthAccountConfig(AccountConfig):
    """allauth's accounts, which its second factor stands on: none of its addresses, pages or mails is used."""

    def ready(self) -> None:
        """Leave out allauth's check for its middleware: `multitude.middleware` runs that in admin only."""
        AppConfig.ready(self)
