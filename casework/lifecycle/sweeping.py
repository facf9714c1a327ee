"""Every clock of the cases at one moment, in the order in which one may need the other."""

from datetime import datetime

from casework.lifecycle.chasing import chase_letters, find_vacancies
from casework.lifecycle.escalation import sweep_ladder
from casework.lifecycle.policies import apply_policies
from casework.lifecycle.working_calendar import recompute_deadlines
from casework.models import ClockMark


def sweep(*, at: datetime) -> dict[str, int]:
    """Run them all; gives what each has done. Run twice at the same moment it does nothing the second time."""
    done = {
        "deadlines moved": recompute_deadlines(at=at),
        "clocks set": apply_policies(at=at),
        "cases looked at": sweep_ladder(at=at),
        "letters chased": chase_letters(at=at),
        "vacancies": find_vacancies(at=at),
    }
    ClockMark.objects.update_or_create(name="sweep", defaults={"at": at})
    return done
