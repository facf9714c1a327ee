"""What the demo's people say to each other: a village asks what is missing and is answered, somebody is named and
corrects a number, a question waits, and a struck-off case is remembered.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from casework.models import Case, CommentKind
from casework.queries import current_measures
from casework.stages import Role, Stage
from casework.talk.commenting import ask_what_is_missing, edit_comment, resolve_question, write_comment
from casework.talk.following import follow
from casework.working_time.deadlines import midnight
from flows.demo import pictures
from flows.demo.clock import working_day_before
from flows.demo.plot import Plot
from flows.demo.proof import attached
from flows.demo.telling import World

NEXT = timedelta(minutes=23)


def let_them_talk(world: World, shown: Iterable[Plot], *, today: date) -> None:
    """On the case that came back to the committee of the logins, on one that waits for the county, and on an old one."""
    cases = Case.objects.select_related("village", "town", "county", "city").in_bulk(
        [plot.case_id for plot in shown if plot.case_id is not None]
    )
    at = midnight(working_day_before(today, 1)) + timedelta(hours=9, minutes=12)
    told = [cases[plot.case_id] for plot in shown if plot.case_id in cases]
    _returned(world, next(case for case in told if case.stage == Stage.RECTIFICATION and case.round == 2), at)
    _in_review(world, next(case for case in told if case.stage == Stage.SECOND_REVIEW), at + timedelta(hours=1))
    _struck_off(world, next(case for case in told if case.stage == Stage.CLOSED), at + timedelta(hours=2))


def _returned(world: World, case: Case, at: datetime) -> None:
    people = world.people
    head, member = people.committee(case.village)[:2]
    town = people.of(case.town, Role.TOWN_REVIEWER)
    question = ask_what_is_missing(case=case, by=head, at=at)
    write_comment(
        case=case,
        words=f"@{head.name} 措施1的照片只拍了近景，看不出是哪一面墙。请站到路口再拍一张，把雨棚和整面墙都拍进去；"
        "签字表上还缺一位监委委员的签名。",
        measure=current_measures(case)[0],
        quotes=question,
        by=town,
        at=at + NEXT,
    )
    said = write_comment(
        case=case,
        words="明白了，今天下午三点补拍。",
        files=[attached("路口全景.jpg", pictures.after("board", 1))],
        by=member,
        at=at + 2 * NEXT,
    )
    edit_comment(
        comment=said,
        words=f"明白了，今天下午四点补拍，@{town.name} 有空可以一起来看。先传一张路口的全景，您看这个角度行不行？",
        by=member,
        at=at + 2 * NEXT + timedelta(minutes=4),
    )
    resolve_question(comment=question, by=head, at=at + 3 * NEXT)


def _in_review(world: World, case: Case, at: datetime) -> None:
    people = world.people
    county = people.of(case.county, Role.COUNTY_SUPERVISOR)
    town = people.of(case.town, Role.TOWN_REVIEWER)
    write_comment(
        case=case,
        words=f"@{town.name} 现场核查时会议记录的原件看过吗？照片里只有复印件。",
        kind=CommentKind.QUESTION,
        by=county,
        at=at,
    )
    follow(case=case, is_on=True, by=people.of(case.city, Role.CITY_SUPERVISOR), at=at)


def _struck_off(world: World, case: Case, at: datetime) -> None:
    write_comment(
        case=case,
        words="销号后第二个月值班记录仍然齐全，做法已在例会上介绍给其他村。",
        by=world.people.of(case.town, Role.TOWN_REVIEWER),
        at=at,
    )
