"""What happens beside a story's path: more time, a pause, another post or county, a withdrawal, a referral."""

from collections.abc import Callable, Iterator
from datetime import datetime

from casework.lifecycle.assignment import reassign_case, transfer_case
from casework.lifecycle.exit import refer_case, withdraw_case
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.pausing import pause_case, resume_case
from casework.stages import Role, Stage
from casework.working_time.deadlines import add_working_days, local_day, working_days_between
from flows.demo import words
from flows.demo.city import DISCIPLINE
from flows.demo.plot import Aside
from flows.demo.telling import Telling


def beside_the_path(story: Telling) -> Iterator[datetime]:
    """Let the plot's aside happen once, when its stage is reached."""
    aside = story.plot.aside
    if aside is None or story.has_been_aside:
        return
    stage, happen = ASIDES[aside]
    if story.case.stage == stage:
        story.has_been_aside = True
        yield from happen(story)


def _ask(story: Telling) -> None:
    reason, progress = story.random.choice(words.EXTENSIONS)
    assert story.case.due_on is not None
    story.take(
        ask_extension,
        story.rectifier,
        due_on=add_working_days(story.case.due_on, story.random.choice((5, 8, 10))),
        reason=reason,
        progress=progress,
    )


def _decide(story: Telling, *, grant: bool) -> None:
    at_village = story.case.responsible_id == story.case.village_id
    reasons = words.EXTENSION_GRANTED if grant else words.EXTENSION_REFUSED
    story.take(
        decide_extension,
        story.town if at_village else story.office,
        grant=grant,
        reason=story.random.choice(reasons),
    )


def _days_left(story: Telling) -> int:
    assert story.case.due_on is not None
    return working_days_between(local_day(story.at), story.case.due_on)


def _extension(story: Telling, *, grant: bool) -> Iterator[datetime]:
    yield story.after(max(0, _days_left(story) - 2))
    _ask(story)
    yield story.after(1)
    _decide(story, grant=grant)


def _extension_granted(story: Telling) -> Iterator[datetime]:
    yield from _extension(story, grant=True)


def _extension_refused(story: Telling) -> Iterator[datetime]:
    yield from _extension(story, grant=False)


def _extension_late(story: Telling) -> Iterator[datetime]:
    yield story.after(max(0, _days_left(story)) + 2)
    _ask(story)
    yield story.after(1)
    _decide(story, grant=True)


def _extension_open(story: Telling) -> Iterator[datetime]:
    yield story.after(1)
    _ask(story)


def _pause(story: Telling) -> Iterator[datetime]:
    yield from _pause_open(story)
    yield story.after(story.random.randint(6, 14))
    story.take(resume_case, story.office)


def _pause_open(story: Telling) -> Iterator[datetime]:
    yield story.after(1)
    story.take(pause_case, story.office, reason=story.random.choice(words.PAUSED))


def _reassignment(story: Telling) -> Iterator[datetime]:
    yield story.after(1)
    post = story.world.people.post(story.case.village, Role.COMMITTEE_MEMBER)
    story.take(reassign_case, story.office, post=post, reason=story.random.choice(words.REASSIGNED))


def _transfer(story: Telling) -> Iterator[datetime]:
    yield story.after(1)
    others = [county for county in story.world.city.counties.values() if county.pk != story.case.county_id]
    county = story.random.choice(others)
    story.take(transfer_case, story.office, county=county, reason=story.random.choice(words.TRANSFERRED))


def _withdrawal(story: Telling) -> Iterator[datetime]:
    yield story.after(1)
    story.take(withdraw_case, story.office, reason=story.random.choice(words.WITHDRAWN))


def _referral(story: Telling) -> Iterator[datetime]:
    yield story.after(2)
    to = story.world.city.departments[DISCIPLINE]
    story.take(refer_case, story.office, to=to, reason=story.random.choice(words.REFERRED))


ASIDES: dict[Aside, tuple[Stage, Callable[[Telling], Iterator[datetime]]]] = {
    Aside.EXTENSION_GRANTED: (Stage.RECTIFICATION, _extension_granted),
    Aside.EXTENSION_REFUSED: (Stage.RECTIFICATION, _extension_refused),
    Aside.EXTENSION_LATE: (Stage.RECTIFICATION, _extension_late),
    Aside.EXTENSION_OPEN: (Stage.RECTIFICATION, _extension_open),
    Aside.PAUSE: (Stage.RECTIFICATION, _pause),
    Aside.PAUSE_OPEN: (Stage.RECTIFICATION, _pause_open),
    Aside.REASSIGNMENT: (Stage.PLANNING, _reassignment),
    Aside.TRANSFER: (Stage.ASSIGNMENT, _transfer),
    Aside.WITHDRAWAL: (Stage.PLANNING, _withdrawal),
    Aside.REFERRAL: (Stage.RECTIFICATION, _referral),
}
