"""The demo's papers carry a QR code that works: the town of the demo's login made one for each of its villages."""

from datetime import datetime
from typing import Any

from casework.models import Person, Unit
from casework.offices.sign_in_links import make_paper_links

TOWN = "town"


def seed(_desk: Any, *, now: datetime) -> None:
    """One statement for the villages of one town."""
    by = Person.objects.filter(username=TOWN, is_demo=True).first()
    if by is not None:
        make_paper_links(villages=Unit.objects.all(), by=by, at=now)
