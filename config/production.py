"""What an office's start refuses, so that the demo can't become the real thing by accident."""

from collections.abc import Mapping

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

DEPLOYMENTS = ("demo", "production")
# Forty times the same letter is long and no secret: Django's own check asks for as many different ones.
LEAST_LENGTH, LEAST_LETTERS = 32, 5


def deployment_from(words: str) -> str:
    """The deployment that was asked for, in whatever case; any other word is refused, so that a slip isn't the demo."""
    deployment = words.strip().lower() or DEPLOYMENTS[0]
    if deployment not in DEPLOYMENTS:
        raise ImproperlyConfigured(f"DEPLOYMENT must be one of {', '.join(DEPLOYMENTS)}, and {words!r} is neither.")
    return deployment


def refuse_unsafe_settings(
    *,
    production: bool,
    debug: bool,
    secret_key: str,
    default_secret_key: str,
    other_keys: Mapping[str, str] | None = None,
) -> None:
    """Raise ImproperlyConfigured for a production start with debug mode, or a default, short or monotonous secret.

    `other_keys` are those that may be unset, by the names of their variables.
    """
    if not production:
        return
    if debug:
        raise ImproperlyConfigured("DEPLOYMENT=production refuses DEBUG: unset DEBUG.")
    for name, key in {"SECRET_KEY": secret_key, **(other_keys or {})}.items():
        if key == default_secret_key or len(key) < LEAST_LENGTH or len(set(key)) < LEAST_LETTERS:
            raise ImproperlyConfigured(
                f"DEPLOYMENT=production refuses this {name}: set one of at least {LEAST_LENGTH} random characters."
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
