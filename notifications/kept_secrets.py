"""Secrets of an office's providers, unreadable in the database and in every copy of it: locked by Fernet with a key that
follows from SECRET_KEY. After that was changed the former ones (SECRET_KEY_FALLBACKS) still unlock."""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def lock(secret: str) -> str:
    """What is kept of a secret; another text each time."""
    return _keys().encrypt(secret.encode()).decode()


def unlock(kept: str) -> str | None:
    """The secret; None when another SECRET_KEY locked it, or somebody changed what is kept."""
    try:
        return _keys().decrypt(kept).decode()
    except InvalidToken:
        return None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_key(one)) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret_key: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(secret_key.encode(), b"notifications.kept_secrets", "sha256"))
