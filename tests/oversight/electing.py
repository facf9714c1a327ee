"""An election of the cast's county with a list that two departments answer."""

from datetime import date, timedelta
from typing import Any

from casework.models import Person, Unit
from oversight.eligibility.checking import Answer, Nominated, nominate, sign_opinion
from oversight.eligibility.elections import StepDraft, open_election
from oversight.eligibility.lists import ItemDraft, publish_list
from oversight.eligibility.reports import Told, report_day
from oversight.models import DepartmentOpinion, Election, ElectionReport, EligibilityKind, EligibilityList, Nominee
from tests.cast import Cast
from tests.walk import NOW, TODAY

FIRST, LAST = TODAY - timedelta(days=10), TODAY + timedelta(days=20)
YESTERDAY = TODAY - timedelta(days=1)
BARS, WARNS = "判处刑罚未满五年", "上届履职测评不称职"


def listed(cast: Cast, *, valid_from: date | None = FIRST, bars: str = BARS, **changed: Any) -> EligibilityList:
    """One item of the discipline office that bars, one of the agriculture office that warns."""
    items = [
        ItemDraft(EligibilityKind.CANNOT, bars, cast.discipline_unit.pk),
        ItemDraft(EligibilityKind.SHOULD_NOT, WARNS, cast.department.pk),
    ]
    given = {"city": cast.city, "valid_from": valid_from, "items": items, "by": cast.city_supervisor, "at": NOW}
    return publish_list(**{**given, **changed})


def elected_in(cast: Cast, unit: Unit | None = None, **changed: Any) -> Election:
    given = {
        "unit": unit or cast.county,
        "name": "2026年村级组织换届",
        "begins_on": FIRST,
        "ends_on": LAST,
        "steps": [StepDraft("推选准备", FIRST), StepDraft("资格联审"), StepDraft("投票推选", LAST)],
        "by": cast.county_supervisor,
        "at": NOW,
    }
    return open_election(**{**given, **changed})


def nominee_of(
    cast: Cast, election: Election, name: str = "柏青山", village: Unit | None = None, **said: Any
) -> Nominee:
    return nominate(
        election=election,
        village=village or cast.willow,
        nominated=Nominated(name=name, **said),
        by=cast.town_reviewer,
        at=NOW,
    )


def sign(nominee: Nominee, department: Unit, by: Person, *, applies: bool = False) -> DepartmentOpinion:
    answer = Answer(applies, "查有记录" if applies else "")
    answers = {item.pk: answer for item in nominee.list.items.filter(department=department)}
    return sign_opinion(nominee=nominee, department=department, answers=answers, by=by, at=NOW)


def signed(cast: Cast, nominee: Nominee, *, bars: bool = False, warns: bool = False) -> Nominee:
    sign(nominee, cast.discipline_unit, cast.discipline, applies=bars)
    sign(nominee, cast.department, cast.department_member, applies=warns)
    return nominee


def reported(
    cast: Cast, election: Election, village: Unit | None = None, *, day: date = YESTERDAY, step: int = 1, **said: Any
) -> ElectionReport:
    village = village or cast.willow
    told = Told(village=village.pk, step=election.steps.get(order=step).pk, **{"happened": "入户宣传推选办法", **said})
    by = {cast.willow.pk: cast.willow_head, cast.poplar.pk: cast.poplar_head, cast.reed.pk: cast.outsider_head}
    return report_day(election=election, day=day, told=[told], by=by[village.pk], at=NOW)[0]
