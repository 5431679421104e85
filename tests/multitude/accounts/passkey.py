"""Passkeys without a browser: what one would answer, and what somebody answers who means harm."""

import hashlib
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256, CoseKey, UnsupportedKey
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

# The one host under which passkeys exist without TLS.
HOST = "localhost"
_RP = hashlib.sha256(HOST.encode()).digest()
_ID = b"une cle de test."


class Passkey:
    """A key of a device: it answers what the page in a client's session has asked."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())

    def created(self, client: Client) -> str:
        """Return what a browser says that has made the key."""
        key = ES256.from_cryptography_key(self._private.public_key())
        return creation(client, attestation(key))

    def given(self, client: Client) -> str:
        """Return what a browser says that has the key."""
        asked = _asked(client, CollectedClientData.TYPE.GET)
        present = AuthenticatorData.create(_RP, AuthenticatorData.FLAG.UP, 0)
        signature = self._private.sign(present + asked.hash, ec.ECDSA(hashes.SHA256()))
        return assertion(present, asked, signature)


def unsupported() -> bytes:
    """Return the making of a key whose algorithm nobody knows."""
    return attestation(UnsupportedKey({1: 2, 3: -9_999}))


def attestation(key: CoseKey | None) -> bytes:
    """Return what a device says of a key that it has made; None for one that has made none and says so."""
    flags, data = AuthenticatorData.FLAG.UP, b""
    if key is not None:
        flags |= AuthenticatorData.FLAG.AT
        data = AttestedCredentialData.create(Aaguid.NONE, _ID, key)
    return AttestationObject.create("none", AuthenticatorData.create(_RP, flags, 0, data), {})


def creation(client: Client, attested: bytes) -> str:
    """Return what a browser makes of that."""
    asked = _asked(client, CollectedClientData.TYPE.CREATE)
    return _said(clientDataJSON=asked, attestationObject=attested)


def assertion(present: bytes, asked: bytes = b"", signature: bytes = b"-") -> str:
    """Return what a browser says of a key that is there."""
    asked = asked or CollectedClientData.create("webauthn.get", b"-", f"http://{HOST}")
    return _said(clientDataJSON=asked, authenticatorData=present, signature=signature)


def _asked(client: Client, kind: str) -> CollectedClientData:
    challenge = client.session["mfa.webauthn.state"]["challenge"]
    return CollectedClientData.create(kind, challenge, f"http://{HOST}")


def _said(**response: bytes) -> str:
    name = websafe_encode(_ID)
    texts = {field: websafe_encode(value) for field, value in response.items()}
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": texts})
