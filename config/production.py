"""What an office's start refuses, so that the demo can't become the real thing by accident."""

from django.core.exceptions import ImproperlyConfigured


def refuse_unsafe_settings(*, production: bool, debug: bool, secret_key: str, default_secret_key: str) -> None:
    """Raise ImproperlyConfigured for a production start with debug mode, or a default or short secret."""
    if not production:
        return
    if debug:
        raise ImproperlyConfigured("DEPLOYMENT=production refuses DEBUG: unset DEBUG.")
    if secret_key == default_secret_key or len(secret_key) < 32:
        raise ImproperlyConfigured(
            "DEPLOYMENT=production refuses this SECRET_KEY: set one of at least 32 random characters."
        )
