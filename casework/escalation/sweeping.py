"""Every clock of the cases at one moment, in the order in which one may need the other."""

from datetime import datetime
from typing import Protocol

from casework.escalation.chasing import chase_letters, find_vacancies
from casework.escalation.escalation import sweep_ladder
from casework.ladder.versions import apply_policies
from casework.models import ClockMark
from casework.proofs.checks import check_proofs
from casework.relapse.candidates import look_for_unmatched
from casework.watch.consolidation import watch_closures
from casework.watch.reverse_checks import draw_reverse_checks
from casework.working_time.entering import recompute_deadlines


class Clock(Protocol):
    """Does what is due at this moment and gives how much that was."""

    def __call__(self, *, at: datetime) -> int: ...


# What each has done → the clock. The flows add theirs (flows/apps.py), since a look-back that opens begins a process.
CLOCKS: dict[str, Clock] = {
    "deadlines moved": recompute_deadlines,
    "clocks set": apply_policies,
    "cases looked at": sweep_ladder,
    "letters chased": chase_letters,
    "vacancies": find_vacancies,
    "strike-offs watched": watch_closures,
    "relapse candidates": look_for_unmatched,
    "proofs looked at": check_proofs,
    "reverse checks drawn": draw_reverse_checks,
}


def sweep(*, at: datetime) -> dict[str, int]:
    """Run them all; gives what each has done. Run twice at the same moment it does nothing the second time."""
    done = {name: clock(at=at) for name, clock in CLOCKS.items()}
    ClockMark.objects.update_or_create(name="sweep", defaults={"at": at})
    return done
