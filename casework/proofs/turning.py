"""A photo that lies on its side is shown upright; its file stays as it came in."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed
from casework.models import Case, Evidence, Person, PhotoTurn
from casework.rights.roles import sees_originals

# By so many quarters at most: with one more it stands upright again.
MOST_QUARTERS = 3


def may_turn(person: Person, case: Case, on: date) -> bool:
    """Who may open the original may say how it is shown."""
    return sees_originals(person, case, on)


def turn_photo(*, evidence: Evidence, quarters: int, by: Person, on: date, at: datetime) -> None:
    """Show a photo turned by so many quarters to the right, counted from how it came in; said twice it stays so."""
    if not may_turn(by, evidence.case, on):
        raise NotAllowed("not_yours_to_turn", _("Only offices and the village turn a photo for everybody."))
    require_turn(quarters if evidence.is_image else -1)
    PhotoTurn.objects.update_or_create(evidence=evidence, defaults={"quarters": quarters, "by": by, "at": at})


def require_turn(quarters: int) -> None:
    if not 0 <= quarters <= MOST_QUARTERS:
        raise Invalid("no_such_turn", _("A photo is turned by quarters, at most three."), field="quarters")


def keep_turn(evidence: Evidence, quarters: int, *, by: Person, at: datetime) -> None:
    """How whoever handed a photo in has turned it before; a document, and what stands upright, get no turn."""
    if evidence.is_image and quarters:
        PhotoTurn.objects.create(evidence=evidence, quarters=quarters, by=by, at=at)


def quarters_of(evidence: Evidence) -> int:
    """By how many quarters it is shown turned."""
    turn = getattr(evidence, "turn", None)
    return turn.quarters if turn else 0
