"""What admin shows of the machinery: accounts, and what happened to them. allauth's tables are nobody's to look into."""

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from multitude.accounts.desk import AccountAdmin, AccountEventAdmin
from multitude.models import AccountEvent

# They are registered when their modules are read, whichever is read first.
_REPLACED = {EmailAddress: EmailAddressAdmin, Authenticator: AuthenticatorAdmin, User: UserAdmin}

admin.site.unregister(_REPLACED)
admin.site.register(User, AccountAdmin)
admin.site.register(AccountEvent, AccountEventAdmin)
