"""Promise 47 as a written table: who may do a look-back, give it back, or change who does it, in every state.

Each cell is asked at the door and again through the page. What is not written here fails.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.test import Client

from casework.errors import Refusal
from casework.lifecycle.look_back import Seen
from casework.models import Case, Closure, Evidence, Extension, LookBack, Pause, Person, Plan, Review, Submission
from casework.models.look_back import LookBackState
from casework.stages import Role, Stage
from casework.watch.consolidation import watch_closures
from flows import look_back as flow
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import NOW, TODAY, case_at, photo

NOT_DRAWN, DONE, OWN, OK = "not_drawn", "look_back_done", "own_closure", "ok"
STATUS = {NOT_DRAWN: 403, DONE: 409, OWN: 403, OK: 302}
STATES = tuple(LookBackState)
HANDS = ("closure", "review", "submission", "plan", "proof", "extension_asked", "extension_decided", "pause", "seat")
VERBS = ("check", "pass_on")

# relation → verb → what an inspector is told in each state. Whoever was drawn in spite of a hand in the case may give
# it back while it is open, and that is all.
DRAWN = {
    "check": {"planned": DONE, "open": OK, "done": DONE, "dropped": DONE},
    "pass_on": {"planned": DONE, "open": OK, "done": DONE, "dropped": DONE},
}
DRAWN_WITH_A_HAND = {
    "check": {"planned": DONE, "open": OWN, "done": DONE, "dropped": DONE},
    "pass_on": {"planned": DONE, "open": OK, "done": DONE, "dropped": DONE},
}
NOT_THEIRS = {verb: dict.fromkeys(STATES, NOT_DRAWN) for verb in VERBS}
TABLE: dict[tuple[str, str], dict[str, dict[str, str]]] = {
    ("drawn", ""): DRAWN,
    **{("drawn", hand): DRAWN_WITH_A_HAND for hand in HANDS},
    ("other", ""): NOT_THEIRS,
    **{("other", hand): NOT_THEIRS for hand in HANDS},
}
# Without an inspector's post nobody looks back, drawn or not, with a hand in the case or without.
ROLES: dict[Role, dict[tuple[str, str], dict[str, dict[str, str]]]] = {
    Role.INSPECTOR: TABLE,
    **{role: dict.fromkeys(TABLE, NOT_THEIRS) for role in Role if role != Role.INSPECTOR},
}
# Who may read of a look-back at all; to the others it is not there. Before it is done nobody knows who is looked at.
READERS = {
    "done": {
        Role.INSPECTOR,
        Role.COMMITTEE_MEMBER,
        Role.COMMITTEE_HEAD,
        Role.TOWN_REVIEWER,
        Role.COUNTY_SUPERVISOR,
        Role.CITY_SUPERVISOR,
    },
    **{
        state: {Role.INSPECTOR, Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR}
        for state in ("planned", "open", "dropped")
    },
}


def test_the_table_is_complete() -> None:
    assert set(ROLES) == set(Role)
    for role, (relation, hand), verb, state in product(ROLES, product(("drawn", "other"), ("", *HANDS)), VERBS, STATES):
        assert ROLES[role][relation, hand][verb][state] in STATUS
    assert set(READERS) == set(STATES)


def give_a_hand(hand: str, person: Person, case: Case, cast: Cast) -> None:
    """A record of the case that names this person."""
    again = {"case": case, "at": NOW, "by": person}
    makers: dict[str, Callable[[], object]] = {
        "": lambda: None,
        "closure": lambda: Closure.objects.create(
            **again, round=9, number="9", closed_on=TODAY, **dict.fromkeys(Closure.TESTS, True)
        ),
        "review": lambda: Review.objects.create(
            **again, round=9, stage=Stage.FIRST_REVIEW, plan_number=1, outcome="returned"
        ),
        "submission": lambda: Submission.objects.create(**again, round=9),
        "plan": lambda: Plan.objects.create(**again, number=9),
        "proof": lambda: Evidence.objects.create(
            case=case,
            number=99,
            kind="after",
            round=9,
            size=1,
            uploaded_by=person,
            uploaded_at=NOW,
            **dict.fromkeys(("name", "media_type", "sha256", "stored_as", "chain_before", "chain"), "x"),
        ),
        "extension_asked": lambda: extension(case, asked_by=person),
        "extension_decided": lambda: extension(case, asked_by=cast.willow_head, decided_by=person),
        "pause": lambda: Pause.objects.create(**again, reason="雨", begins_on=TODAY, resumed_at=NOW, resumed_by=person),
        "seat": lambda: appoint(person, Role.COMMITTEE_MEMBER, cast.willow, until=TODAY - timedelta(days=1)),
    }
    makers[hand]()


def extension(case: Case, **who: Person) -> Extension:
    return Extension.objects.create(
        case=case,
        reason="雨",
        progress="备料",
        due_before=TODAY,
        due_on=TODAY + timedelta(days=9),
        asked_at=NOW,
        decided_at=NOW,
        **who,
    )


def unit_of(role: Role, cast: Cast) -> object:
    return {
        Role.INSPECTOR: cast.county,
        Role.COMMITTEE_MEMBER: cast.willow,
        Role.COMMITTEE_HEAD: cast.willow,
        Role.TOWN_REVIEWER: cast.town,
        Role.COUNTY_SUPERVISOR: cast.county,
        Role.DEPARTMENT_MEMBER: cast.department,
        Role.VOLUNTEER: cast.town,
    }.get(role, cast.city)


@pytest.fixture
def look_back(cast: Cast) -> LookBack:
    """The first look-back of a case that was struck off today, open since this morning."""
    case = case_at(Stage.CLOSED, cast)
    Case.objects.filter(pk=case.pk).update(assigned_at=NOW - timedelta(days=2))
    watch_closures(at=NOW)
    LookBack.objects.filter(case=case, number=1).update(next_step_at=NOW)
    flow.sweep(at=NOW)
    return LookBack.objects.select_related("case").get(case=case, number=1)


def put(look_back: LookBack, state: str, inspector: Person) -> None:
    look_back.inspector = inspector
    look_back.state = state
    if state == "done":
        look_back.outcome, look_back.done_at = "held", NOW
    look_back.save()


SEEN = {"outcome": "held", "words": "完好", "why_no_position": "室内无信号"}
KEY = "7d5d1ad1-9b1f-4b43-8a51-6f0d4f2d3a11"


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is not there afterwards."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


def at_the_door(verb: str, look_back: LookBack, by: Person) -> str:
    try:
        if verb == "check":
            flow.take(look_back=look_back, seen=Seen(**SEEN), photos=[photo(77)], by=by, at=NOW)
        else:
            flow.pass_on(look_back=look_back, reason="亲戚在该村", by=by, at=NOW)
    except Refusal as refusal:
        return refusal.code
    return OK


def through_the_page(verb: str, look_back: LookBack, client: Client) -> int:
    address = f"/look-backs/{look_back.pk}"
    if verb == "pass_on":
        return client.post(f"{address}/passing", {"reason": "亲戚在该村"}).status_code
    return client.post(address, {**SEEN, "photos": photo(77), "key": KEY}).status_code


@pytest.mark.once
@pytest.mark.parametrize("role", list(Role))
def test_who_may_look_back_and_give_it_back(role: Role, cast: Cast, look_back: LookBack) -> None:
    person = holder(role, unit_of(role, cast), f"{role}-of-the-table")
    client = Client()
    client.force_login(person)
    for (relation, hand), verb, state in product(TABLE, VERBS, STATES):
        expected, cell = ROLES[role][relation, hand][verb][state], (role, relation, hand, verb, state)
        with taken_back():
            give_a_hand(hand, person, look_back.case, cast)
            one = LookBack.objects.get(pk=look_back.pk)
            put(one, state, person if relation == "drawn" else cast.inspector)
            before = LookBack.objects.values().get(pk=look_back.pk)
            if (verb, state) != ("check", "planned"):  # there is no task to be taken yet, whoever asks
                with taken_back():
                    assert at_the_door(verb, one, Person.objects.get(pk=person.pk)) == expected, cell
            if role != Role.INSPECTOR and hand not in ("", "closure", "submission"):
                continue  # the page asks the same two questions; what a hand adds is seen above
            status = through_the_page(verb, look_back, client)
            assert status == (STATUS[expected] if role in READERS[state] else 404), cell
            assert expected == OK or LookBack.objects.values().get(pk=look_back.pk) == before, cell
