"""Secrets of an office's providers, unreadable in the database and in every copy of it.

The standard library has no cipher, so the words are hidden by a stream of HMAC-SHA256 over a fresh nonce and a counter,
and sealed by another HMAC over the whole, each with its own key derived from SECRET_KEY: encrypt, then authenticate.
"""

import base64
import hmac
import secrets

from django.conf import settings

NONCE, SEAL, BLOCK = 16, 32, 32


def lock(secret: str) -> str:
    """What is kept of a secret; another text each time."""
    nonce = secrets.token_bytes(NONCE)
    hidden = _crossed(secret.encode(), nonce)
    return base64.b64encode(nonce + hidden + _seal(nonce + hidden)).decode()


def unlock(kept: str) -> str | None:
    """The secret; None when another SECRET_KEY locked it, or somebody changed what is kept."""
    try:
        whole = base64.b64decode(kept, validate=True)
    except ValueError:
        return None
    body, seal = whole[:-SEAL], whole[-SEAL:]
    if len(body) < NONCE or not hmac.compare_digest(seal, _seal(body)):
        return None
    return _crossed(body[NONCE:], body[:NONCE]).decode()


def _crossed(words: bytes, nonce: bytes) -> bytes:
    """The same call hides and shows."""
    key = _key("stream")
    blocks = range(-(-len(words) // BLOCK))
    stream = b"".join(hmac.digest(key, nonce + number.to_bytes(8, "big"), "sha256") for number in blocks)
    return bytes(one ^ other for one, other in zip(words, stream, strict=False))


def _seal(body: bytes) -> bytes:
    return hmac.digest(_key("seal"), body, "sha256")


def _key(purpose: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"notifications.kept_secrets.{purpose}".encode(), "sha256")
