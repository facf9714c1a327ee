"""Whose figures a reader may see: those of the units of their posts and of what lies below."""

from datetime import date

from casework.models import Person, Unit
from casework.rights.held_posts import Held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.stages import COMMITTEE
from oversight.figures.counting import LEVELS


def own_unit(person: Person, on: date) -> Unit | None:
    """The highest unit whose figures are this person's."""
    held = [one for one in posts_for(person, OfficeAction.SEE_FIGURES, on) if one.unit_level in LEVELS]
    nearest = min(held, key=lambda one: len(one.unit_path), default=None)
    return Unit.objects.get(pk=nearest.unit_id) if nearest else None


def sees_figures(person: Person, unit: Unit, on: date) -> bool:
    return unit.level in LEVELS and bool(_posts_over(person, unit, on))


def knows_unassigned(person: Person, unit: Unit, on: date) -> bool:
    """A village hears of a case when it is assigned, and not by a number either."""
    return any(held.role not in COMMITTEE for held in _posts_over(person, unit, on))


def _posts_over(person: Person, unit: Unit, on: date) -> list[Held]:
    held = posts_for(person, OfficeAction.SEE_FIGURES, on)
    return [one for one in held if unit.path.startswith(one.unit_path)]
