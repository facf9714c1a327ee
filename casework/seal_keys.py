"""The keys that seal history: one seals now, older ones only verify what they sealed.

A key's number is the beginning of its own SHA-256, so nobody has to keep a list of numbers. Rows from before keys had
numbers carry none: any key that is known here may have sealed them.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings


@dataclass(frozen=True)
class SealKey:
    number: str
    secret: bytes


def present() -> SealKey:
    """The key that seals now: SEAL_KEY, and where that is not set SECRET_KEY."""
    return _key_of(settings.SEAL_KEY or settings.SECRET_KEY)


def numbered(number: str | None) -> list[SealKey]:
    """The keys that may have sealed a row that names this number; none when no key here has it."""
    known = [present(), *map(_key_of, settings.SEAL_KEYS_OLD)]
    return [key for key in known if number is None or key.number == number]


def seal(words: str, *, key: bytes) -> str:
    return hmac.digest(key, words.encode(), "sha256").hex()


@lru_cache(maxsize=32)
def _key_of(words: str) -> SealKey:
    secret = words.encode()
    return SealKey(hashlib.sha256(secret).hexdigest()[:8], secret)
