"""The figures of a bulletin are those of the records, frozen, and count again to the same from the records of that day."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.lifecycle.closure import close_case
from casework.lifecycle.exit import refer_case, withdraw_case
from casework.models import Aspect, Case, CatalogueItem, Closure, LookBack, RelapseCandidate, RelapseVerdict
from casework.models.history import record_many, stamped
from casework.rights.held_posts import posts_held
from casework.stages import Stage
from flows import steps
from oversight.bulletins.facts import Facts
from oversight.bulletins.figures import DEFINITIONS, counted, fingerprint, frozen, percent
from oversight.bulletins.queries import keys_as_of, keys_of, span_of, still_counts, units_of
from oversight.models import Figure
from tests.cast import Cast
from tests.oversight.bulletin_desk import FIRST, IN_SPAN, LAST, add_cases, draft, published
from tests.oversight.desk import make_desk, make_period
from tests.walk import NOW, TODAY, assigned, case_at, reported, screened

pytestmark = pytest.mark.django_db


def values(found: dict[str, Figure]) -> dict[str, str]:
    return {key: figure.words for key, figure in found.items()}


def test_the_usual_sentence_of_twenty_two_cases(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=6, in_progress=16)
    said = values(frozen(draft(desk)))
    assert [said[key] for key in ("findings", "closed", "closed_share", "in_progress", "in_progress_share")] == [
        "22",
        "6",
        "27%",
        "16",
        "73%",
    ]


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(6, 22, "27%"), (1, 8, "13%"), (0, 5, "0%"), (5, 5, "100%"), (0, 0, "—"), (1, 200, "1%")],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def test_two_halves_of_a_percent_still_add_up(cast: Cast) -> None:
    """1 of 8 and 7 of 8 are 12.5 and 87.5: rounded each for itself they would say 101 %."""
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=1, in_progress=7)
    said = values(frozen(draft(desk)))
    assert (said["closed_share"], said["in_progress_share"]) == ("13%", "87%")


def test_the_day_before_and_after_the_span_are_not_in_it(cast: Cast) -> None:
    desk = make_desk(cast)
    for day, number in ((FIRST - timedelta(1), 1), (FIRST, 2), (LAST, 3), (LAST + timedelta(1), 4)):
        add_cases(cast, cast.willow, in_progress=number, found_on=day)
    said = values(frozen(draft(desk)))
    assert said["findings"] == "5"
    assert said["findings_this_year"] == "5"


def test_units_and_aspects_add_up_to_the_whole(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=3, in_progress=2)
    add_cases(cast, cast.reed, closed=1, in_progress=1)
    found = frozen(draft(desk))
    of_units = [found[f"findings@{unit.code}"].value for unit in (cast.county, cast.other_county, cast.department)]
    assert of_units == [5, 2, 0]
    assert sum(found[f"findings#{aspect.code}"].value for aspect in Aspect.objects.all()) == 7


def test_a_county_s_bulletin_counts_its_own(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, in_progress=3)
    add_cases(cast, cast.reed, in_progress=4)
    bulletin = draft(desk, area=cast.other_county)
    assert frozen(bulletin)["findings"].value == 4
    assert [unit.pk for unit in units_of(span_of(bulletin))] == [cast.other_county.pk]


def test_refused_withdrawn_and_referred_cases_are_in_no_figure(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, in_progress=1)
    gone = reported(cast, found_on=IN_SPAN)
    steps.take(withdraw_case, case=gone, by=cast.county_supervisor, at=NOW, reason="误报")
    hidden = screened(cast, reported(cast, found_on=IN_SPAN))
    steps.take(refer_case, case=hidden, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="疑似套取")
    assert frozen(draft(desk))["findings"].value == 1


def test_every_figure_of_a_published_bulletin_counts_again_from_the_records_of_that_day(cast: Cast) -> None:
    """Promise 55. After the publication everything goes on: closures, a withdrawal, another item, late findings, an
    overruled verdict. The figures as of that day stay; those of today differ.
    """
    desk = make_desk(cast)
    make_period(desk, FIRST, LAST)
    add_cases(cast, cast.willow, closed=6, in_progress=9)
    add_cases(cast, cast.reed, closed=2, in_progress=1)
    early = NOW - timedelta(days=5)
    struck = Case.objects.filter(stage=Stage.CLOSED).order_by("pk")[0]
    again = Case.objects.filter(stage=Stage.RECTIFICATION).order_by("pk")[0]
    candidate = RelapseCandidate.objects.create(case=again, earlier=struck, score=1, found="report", found_at=early)
    judged = {"candidate": candidate, "reason": "同一面墙", "by": cast.county_supervisor}
    RelapseVerdict.objects.create(verdict="relapse", instance=1, at=early, **judged)
    LookBack.objects.create(
        case=struck,
        kind="scheduled",
        number=1,
        state="done",
        outcome="back",
        opens_on=LAST,
        due_on=LAST,
        done_at=NOW.replace(month=2, day=20),
    )
    walked = assigned(cast, screened(cast, reported(cast, found_on=IN_SPAN)))
    bulletin = published(desk, draft(desk)).bulletin
    figures = list(Figure.objects.filter(bulletin=bulletin))
    assert len(figures) > len(DEFINITIONS)
    said = {figure.key: figure.value for figure in figures}
    assert said["findings"] == 19 and said["relapses"] == 1 and said["look_backs_back"] == 1

    later = NOW + timedelta(days=30)
    steps.take(withdraw_case, case=walked, by=cast.county_supervisor, at=later, reason="误报")
    add_cases(cast, cast.elm, closed=2, found_on=IN_SPAN, at=later)
    other = CatalogueItem.objects.exclude(aspect=again.item.aspect).order_by("-pk")[0]
    Case.objects.filter(pk=again.pk).update(item=other, county=cast.other_county)
    again.refresh_from_db()
    with stamped(step="classify", by=cast.county_supervisor, at=later):
        record_many([again], change="~")
    RelapseVerdict.objects.create(verdict="new", instance=2, at=later, **judged)

    as_of_that_day = Facts(span_of(bulletin), bulletin.counted_at)
    for figure in figures:
        assert fingerprint(keys_as_of(figure, as_of_that_day)) == figure.sha256, figure.key
        assert still_counts(figure, as_of_that_day)
        assert keys_of(figure) == keys_as_of(figure, as_of_that_day)
    now = counted(Facts(span_of(bulletin), later), units_of(span_of(bulletin)), list(Aspect.objects.all()))
    differ = {figure.key for figure in figures if now[figure.key].sha256 != figure.sha256}
    assert {"findings", "closed", "in_progress", f"findings@{cast.county.code}", "struck_off"} <= differ
    assert "look_backs" not in differ and "reports_expected" not in differ


def test_the_keys_of_very_many_are_found_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oversight.bulletins.figures.MOST_KEYS", 3)
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=2, in_progress=3)
    bulletin = draft(desk)
    many, few = (Figure.objects.get(bulletin=bulletin, key=key) for key in ("findings", "closed"))
    assert many.keys is None and few.keys is not None
    assert keys_of(many) == sorted(Case.objects.values_list("pk", flat=True))


def test_a_figure_can_not_be_changed_or_removed(cast: Cast) -> None:
    figure = Figure.objects.filter(bulletin=draft(make_desk(cast)))[0]
    for act in (
        lambda: Figure.objects.filter(pk=figure.pk).update(words="99"),
        lambda: Figure.objects.filter(pk=figure.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_drafting_asks_the_same_however_many_cases_there_are(cast: Cast) -> None:
    desk = make_desk(cast)
    make_period(desk, FIRST, LAST)
    assert desk.mechanism.lead and posts_held(desk.officer, TODAY)  # read already
    counts = []
    for number, first in ((2, date(2025, 12, 31)), (60, date(2025, 12, 30))):
        add_cases(cast, cast.willow, closed=number, in_progress=number)
        with CaptureQueriesContext(connection) as captured:
            draft(desk, first_day=first)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 40


def test_what_the_verbs_left_is_read_as_it_stood(cast: Cast) -> None:
    desk = make_desk(cast)
    waiting = case_at(Stage.STRIKE_OFF, cast)
    day = waiting.found_on
    at = NOW + timedelta(days=2)
    bulletin = draft(desk, first_day=day, last_day=day, at=at)
    assert frozen(bulletin)["closed"].value == 0
    closing = at + timedelta(hours=1)
    steps.take(
        close_case, case=waiting, by=cast.county_supervisor, at=closing, tests=dict.fromkeys(Closure.TESTS, True)
    )
    of_then, of_now = (Facts(span_of(bulletin), moment) for moment in (at, closing))
    assert [row.stage for row in of_then.found] == [Stage.STRIKE_OFF] and not of_then.closed
    assert [row.stage for row in of_now.found] == [Stage.CLOSED]
