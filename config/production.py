"""What an office's start refuses, so that the demo can't become the real thing by accident."""

from django.apps import apps
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


def refuse_demo_logins(*, production: bool) -> None:
    """Raise ImproperlyConfigured for a production start on a database in which a login of the demo exists.

    A demo login that was switched off counts as well: its password is printed in the README, and one click in the
    people's list would switch it on again.
    """
    if not production:
        return
    logins = apps.get_model("casework", "Person").objects.filter(is_demo=True).count()
    if logins:
        raise ImproperlyConfigured(
            f"DEPLOYMENT=production refuses this database: it holds {logins} of the demo's logins, "
            "whose passwords everybody knows. Start with an empty database."
        )
