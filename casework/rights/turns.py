"""At whose desk a case lies in a stage."""

from casework.models import Case, Unit
from casework.stages import CITY_STRIKE_OFF, ENDS, TURNS, Level, Stage, Turn


def turn_of(case: Case, stage: Stage) -> Turn:
    """Whose turn this stage is in this case; an end is nobody's."""
    return CITY_STRIKE_OFF if stage == Stage.STRIKE_OFF and case.needs_city_review else TURNS[stage]


def unit_whose_turn(case: Case, stage: Stage) -> Unit | None:
    """The unit at whose desk a case lies in this stage; None for an end."""
    if stage in ENDS:
        return None
    turn = turn_of(case, stage)
    if turn.level == Level.RESPONSIBLE and case.responsible_id is None:
        return case.village
    return getattr(case, turn.level)
