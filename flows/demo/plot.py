"""What will happen to a case of the demo: decided before its story is told."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from casework.models import Source, Unit, VerdictKind
from casework.stages import Role, Stage
from flows.demo.problems import Problem


class Aside(StrEnum):
    """What may happen beside the path."""

    EXTENSION_GRANTED = "extension granted"
    EXTENSION_REFUSED = "extension refused"
    EXTENSION_LATE = "extension asked late"
    EXTENSION_OPEN = "extension undecided"
    PAUSE = "pause"
    PAUSE_OPEN = "pause that still holds"
    REASSIGNMENT = "reassignment"
    TRANSFER = "transfer"
    WITHDRAWAL = "withdrawal"
    REFERRAL = "referral"


@dataclass
class Plot:
    """One case to be told.

    `pace` is the share of the time to the deadline after which the rectification is submitted (above 1 it is late);
    `days_between` how many working days each office takes at most; `returns` the reviews that send it back, one a
    round; `stops_at` the stage, in the round `stops_in`, at which nobody has done anything yet.
    """

    problem: Problem
    village: Unit
    reported_on: date
    reporter: Role = Role.INSPECTOR
    reporter_number: int = 0
    source: str = Source.SPOT_CHECK
    severity: int | None = None
    due_on: date | None = None
    pace: float = 0.7
    days_between: int = 2
    plan_returned: bool = False
    returns: tuple[Stage, ...] = ()
    aside: Aside | None = None
    refused: bool = False
    department: str = ""
    is_supported: bool = False
    duplicate_of: "Plot | None" = None
    relapse_of: "Plot | None" = None
    # What the office decides on it, and the case whose photo is handed in once more.
    verdict: str = VerdictKind.RELAPSE
    photo_of: "Plot | None" = None
    has_own_photo: bool = False
    stops_at: Stage | None = None
    stops_in: int = 1
    filled: dict[str, str] = field(default_factory=dict)
    case_id: int | None = None
