"""What allauth asks of us about second factors: how their secrets are kept, and what an authenticator shows of this site."""

import base64

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sites.models import Site
from django.http.request import split_domain_port
from django.utils.crypto import salted_hmac


class Adapter(DefaultMFAAdapter):
    """Secrets are encrypted under SECRET_KEY: who has the database alone, or a backup of it, has no second factor."""

    def encrypt(self, text: str) -> str:
        """Return a secret as the database may hold it."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret; raises InvalidToken where SECRET_KEY is another one and SECRET_KEY_FALLBACKS has not the old."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the newspaper's name."""
        return Site.objects.get_current().name

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Return the name that one logs in with: an e-mail address is nobody's business on a telephone's screen."""
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the host whose keys are asked for: ALLOWED_HOSTS has let it pass."""
        return {"id": split_domain_port(context.request.get_host())[0], "name": self.get_totp_issuer()}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, str | bytes]:
        """Return the account under the name that one logs in with."""
        return super().get_public_key_credential_user_entity(user) | {"name": user.get_username()}


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str | bytes) -> bytes:
    digest = salted_hmac("multitude.accounts.adapter", "second factor", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
