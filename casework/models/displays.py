"""What a code is called, for the models of which a page shows many.

Django's own `get_…_display` makes a hashable copy of all choices for each call, and a lazy label is hashed by its
translation: of the list of cases an eighth of the time. Its documentation lets a model define the method itself.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Choices


def display_of(field: str, codes: type[Choices]) -> Callable[[Any], str]:
    """The `get_…_display` of a field: its code in words, in the reader's language; "" for none."""
    labels = dict(codes.choices)

    def display(row: Any) -> str:
        code = getattr(row, field)
        return str(labels.get(code, "" if code is None else code))

    return display
