"""Every clock on one page. Beat only says "now"; what is due stands in the database, so a minute that nobody worked is
worked off with the next one.
"""

from typing import Any

from django.conf import settings

from casework.escalation.chasing import chase_letters, find_vacancies
from casework.escalation.escalation import sweep_ladder
from casework.escalation.sweeping import Clock
from casework.ladder.versions import apply_policies
from casework.lifecycle.rescheduling import recompute_deadlines
from casework.models.resting_row import ClockName
from casework.proofs.checks import check_proofs
from casework.relapse.candidates import look_for_unmatched
from casework.watch.consolidation import watch_closures
from casework.watch.reverse_checks import draw_reverse_checks
from config.pruning import prune
from flows import look_back
from oversight import tallies
from oversight.bulletins.receipts import remind_unsigned
from oversight.eligibility.reminding import tell_silent
from oversight.handover.clock import keep_handovers
from oversight.opinions.reminding import remind_of_requirements
from oversight.reporting.reminding import keep_periods
from oversight.stations.reporting import tell_stations
from oversight.visits.reminding import remind_of_visits

# One after the other in this order, in which one may need the other: deadlines and rules stand before the steps are
# taken, candidates are found before the figures count them, and what nobody needs is removed last.
CLOCKS = (
    Clock(ClockName.DEADLINES, "deadlines moved", recompute_deadlines),
    Clock(ClockName.LADDERS, "clocks set", apply_policies),
    Clock(ClockName.LADDER, "cases looked at", sweep_ladder),
    Clock(ClockName.LETTERS, "letters chased", chase_letters),
    Clock(ClockName.REQUIREMENTS, "requirements reminded of", remind_of_requirements),
    Clock(ClockName.VISITS, "overdue visits told", remind_of_visits),
    Clock(ClockName.VACANCIES, "vacancies", find_vacancies),
    Clock(ClockName.HANDOVERS, "handovers made and told of", keep_handovers),
    Clock(ClockName.STRIKE_OFFS, "strike-offs watched", watch_closures),
    Clock(ClockName.CANDIDATES, "relapse candidates", look_for_unmatched),
    Clock(ClockName.PROOFS, "proofs looked at", check_proofs),
    Clock(ClockName.REVERSE_CHECKS, "reverse checks drawn", draw_reverse_checks),
    Clock(ClockName.LOOK_BACKS, "look-backs", look_back.sweep),
    Clock(ClockName.REPORTING, "periods opened, late units reminded", keep_periods),
    Clock(ClockName.BULLETINS, "bulletins reminded", remind_unsigned),
    Clock(ClockName.STATIONS, "stations told", tell_stations),
    Clock(ClockName.ELECTIONS, "days without a report told", tell_silent),
    Clock(ClockName.FIGURES, "figures brought up to date", tallies.refresh),
    Clock(ClockName.PRUNING, "removed", prune),
)


def schedule() -> dict[str, dict[str, Any]]:
    """What beat asks for, and how often in seconds."""
    return {
        # The clocks above.
        "sweep": {"task": "casework.tasks.sweep", "schedule": settings.SWEEP_EVERY},
        # The outbox; a crowd of messages is sent by further tasks, one a channel.
        "announce": {"task": "notifications.tasks.announce", "schedule": settings.ANNOUNCE_EVERY},
        # Imports and ledgers whose nudge was lost with a worker or a broker.
        "ledgers": {"task": "casework.tasks.finish_ledgers", "schedule": 60.0},
        "imports": {"task": "flows.tasks.finish_imports", "schedule": 60.0},
    }
