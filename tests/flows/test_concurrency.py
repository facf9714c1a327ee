"""Many at once (promises 2 and 3): one wins, the others hear so, and there is one row of history. PostgreSQL only: on
SQLite writers stand in a queue anyway.
"""

import copy
import os
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, connections

from casework.errors import Conflict, Refusal
from casework.lifecycle.review import review_case
from casework.lifecycle.undoing import undo_step
from casework.models import Case, CaseEvent, Person, Review, Undone
from casework.stages import Stage
from flows import steps
from notifications.announcing import announce
from notifications.models import Message
from tests.cast import Cast, make_cast
from tests.walk import NOW, case_at, reported, reviewed, verdicts

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 25  # connections; PostgreSQL's default allows a hundred


@pytest.fixture
def city(transactional_db: None, clock: object) -> Cast:
    return make_cast()


def together(actions: list[Callable[[], object]]) -> list[object]:
    """Start them all behind one barrier; the result of each, or its refusal."""
    barrier = threading.Barrier(len(actions))
    results: list[object] = [None] * len(actions)

    def run(index: int, action: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            results[index] = action()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, action)) for index, action in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_200_approvals_of_one_case_exactly_one_wins(city: Cast) -> None:
    case = case_at(Stage.FIRST_REVIEW, city)
    history = case.history.count()
    words = verdicts(case)
    person = city.town_reviewer.pk

    def approve() -> object:
        return steps.take(
            review_case,
            case=copy.copy(case),  # all two hundred have opened the page before the first one decides
            by=Person.objects.get(pk=person),
            at=NOW,
            verdicts=words,
            signature_visible=True,
        )

    results: list[object] = []
    for _ in range(200 // AT_ONCE):
        results += together([approve] * AT_ONCE)
    winners = [result for result in results if isinstance(result, Case)]
    losers = [result for result in results if isinstance(result, Conflict)]
    assert (len(winners), len(losers)) == (1, 199), Counter(type(result).__name__ for result in results)
    assert all("town_reviewer" in str(loser) for loser in losers)
    assert Review.objects.filter(case=case, stage=Stage.FIRST_REVIEW).count() == 1
    assert case.history.count() == history + 1
    assert CaseEvent.objects.filter(case=case, kind="passed").count() == 1


def approve_against_return(city: Cast, pairs: int) -> None:
    first = case_at(Stage.FIRST_REVIEW, city)
    assert first.stage == Stage.FIRST_REVIEW
    person = city.town_reviewer.pk
    outcomes: Counter[str] = Counter()
    for number in range(pairs):
        case = first if number == 0 else case_at(Stage.FIRST_REVIEW, city)

        def decide(case: Case = case, returned: tuple[int, ...] = ()) -> object:
            return reviewed(copy.copy(case), Person.objects.get(pk=person), returned=returned)

        results = together([decide, lambda case=case: decide(case, (1,))])
        assert sum(isinstance(result, Case) for result in results) == 1, results
        assert sum(isinstance(result, Conflict) for result in results) == 1, results
        reviews = Review.objects.filter(case=case, stage=Stage.FIRST_REVIEW)
        assert reviews.count() == 1
        case.refresh_from_db()
        expected = Stage.SECOND_REVIEW if reviews.get().outcome == "passed" else Stage.RECTIFICATION
        assert case.stage == expected
        outcomes[case.stage] += 1
    assert sum(outcomes.values()) == pairs


def test_approve_against_return_gives_one_outcome_each(city: Cast) -> None:
    approve_against_return(city, 12)


@pytest.mark.long
@pytest.mark.skipif(os.environ.get("LONG") != "1", reason="long: 500 pairs run with LONG=1")
def test_five_hundred_pairs_give_one_outcome_each(city: Cast) -> None:
    approve_against_return(city, 500)


def test_numbers_have_no_gap_when_many_report_at_once(city: Cast) -> None:
    inspector = city.inspector.pk

    def report() -> object:
        return reported(city, by=Person.objects.get(pk=inspector))

    results = together([report] * AT_ONCE)
    assert all(isinstance(result, Case) for result in results), results
    assert sorted(Case.objects.values_list("number", flat=True)) == [
        f"QH-2026-{number:06d}" for number in range(1, AT_ONCE + 1)
    ]


def test_of_an_undoing_and_the_next_step_one_wins(city: Cast) -> None:
    """The town undoes its pass while the county passes the case on, and while somebody is told of it."""
    town, county = city.town_reviewer.pk, city.county_supervisor.pk
    outcomes: Counter[str] = Counter()
    for _ in range(8):
        case = reviewed(case_at(Stage.FIRST_REVIEW, city), city.town_reviewer)
        event = CaseEvent.objects.filter(case=case).latest("id")

        def undo(case: Case = case, event: CaseEvent = event) -> object:
            person = Person.objects.get(pk=town)
            return steps.take(undo_step, case=copy.copy(case), event=event, by=person, at=NOW)

        def go_on(case: Case = case) -> object:
            return reviewed(copy.copy(case), Person.objects.get(pk=county))

        results = together([undo, go_on, lambda: announce(at=NOW)])
        assert sum(isinstance(result, Case) for result in results) <= 1, results
        case.refresh_from_db()
        undone = Undone.objects.filter(event=event).exists()
        if undone:
            assert case.stage == Stage.FIRST_REVIEW
            assert not Message.objects.filter(event=event).exists()
        outcomes["undone" if undone else case.stage] += 1
    assert outcomes["undone"] + outcomes[Stage.STRIKE_OFF] + outcomes[Stage.SECOND_REVIEW] == 8


def test_of_many_undoings_exactly_one_wins(city: Cast) -> None:
    case = reviewed(case_at(Stage.FIRST_REVIEW, city), city.town_reviewer)
    event, person = CaseEvent.objects.filter(case=case).latest("id"), city.town_reviewer.pk

    def undo() -> object:
        by = Person.objects.get(pk=person)
        return steps.take(undo_step, case=copy.copy(case), event=event, by=by, at=NOW)

    results = together([undo] * AT_ONCE)
    assert sum(isinstance(result, Case) for result in results) == 1, results
    assert sum(isinstance(result, Conflict) for result in results) == AT_ONCE - 1
    assert Undone.objects.count() == 1
    assert CaseEvent.objects.filter(case=case, kind="undone").count() == 1
