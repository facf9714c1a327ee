"""What waits for one reader's own decision, each with where it is decided. Nothing is asked for that they can't decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.models import Person
from casework.queries import candidates_to_decide, count_waiting, extensions_to_decide, letters_to_act_on
from casework.rights.held_posts import holds
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.stages import DESK_ROLES
from oversight.bulletins.records import Bulletin, BulletinState
from oversight.members.rights import mechanism_run_by
from oversight.opinions.queries import to_act_on
from oversight.reporting.report_records import ReportState, UnitReport
from oversight.scorecards.appealing import appeals_to_decide

# Beyond this a count says "and more": nobody plans the day by the difference.
MOST_COUNTED = 200


@dataclass(frozen=True)
class Decision:
    label: Any
    count: int
    page: str
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


def decisions_of(person: Person, on: date) -> list[Decision]:
    """The kinds of which something waits, the nearest to a case first."""
    found = []
    if holds(person, DESK_ROLES, on):
        found += [
            Decision(_("Cases at your desk"), count_waiting(person, on, MOST_COUNTED + 1), "cases", {"waiting": "1"}),
            Decision(_("Requests for more time"), _some(extensions_to_decide(person, on)), "home"),
            Decision(_("Letters to sign for or to judge"), _some(letters_to_act_on(person, on)), "letters"),
        ]
    if may_do(person, OfficeAction.DECIDE_RELAPSE, on):
        found.append(Decision(_("Is it back? Cases to compare"), _some(candidates_to_decide(person, on)), "candidates"))
    if may_do(person, OfficeAction.PASS_ON, on):
        found.append(Decision(_("Requirements to sign for or pass on"), _some(to_act_on(person, on)), "requirements"))
    if (mechanism := mechanism_run_by(person, on)) is not None:
        reports = UnitReport.objects.filter(expected__period__mechanism=mechanism, state=ReportState.SUBMITTED)
        bulletins = Bulletin.objects.filter(mechanism=mechanism, state=BulletinState.SUBMITTED).exclude(author=person)
        found += [
            Decision(_("Reports to accept or return"), _some(reports), "periods"),
            Decision(_("Bulletins to approve"), _some(bulletins), "bulletins"),
        ]
    if may_do(person, OfficeAction.DECIDE_SCORE_APPEAL, on):
        found.append(Decision(_("Appeals against scores"), _some(appeals_to_decide(person, on)), "scorecards"))
    return [one for one in found if one.count]


def _some(rows: Any) -> int:
    return int(rows.order_by()[: MOST_COUNTED + 1].count())
