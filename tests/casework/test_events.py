"""One table a floor says what a kind of event is; one function makes events; every step has a title."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.changes import STEP_TITLES
from casework.events import CLOCK_KINDS, EVENT_OF, EVENTS, IncompleteTable, require_complete
from casework.models.case_event import EventKind
from casework.models.escalation_policy import StepKind

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("casework", "flows", "notifications", "oversight", "web", "config")
# Steps that write the history of other records than cases.
OF_OTHER_RECORDS = {
    "add_base_document",
    "administration",
    "adopt_practice",
    "appoint_administrator",
    "call_off",
    "call_off_term",
    "change_base_document",
    "change_contact",
    "change_draft",
    "change_head",
    "change_holder",
    "change_plan",
    "change_session",
    "change_steps",
    "change_wall",
    "choose_language",
    "choose_password",
    "close_station",
    "correct_account",
    "count_again",
    "describe_practice",
    "draft_bulletin",
    "draft_scheme",
    "draw_reverse_checks",
    "end_alias",
    "end_caretaker",
    "end_contact",
    "end_term",
    "enter_entry",
    "enter_help",
    "freeze_draw",
    "give_post",
    "hand_out_password",
    "hold_session",
    "import_members",
    "import_people",
    "import_responsibilities",
    "import_units",
    "join_mechanism",
    "leave_mechanism",
    "make_plan",
    "mark_key_village",
    "name_caretaker",
    "open_account",
    "open_election",
    "open_period",
    "open_station",
    "publish_bulletin",
    "publish_scheme",
    "register_wall",
    "remember_alias",
    "renew_wall",
    "save_handover_items",
    "seed_demo",
    "seed_desk",
    "set_year",
    "sign_handover",
    "submit_report",
    "sweep_look_backs",
    "switch_off",
    "switch_on",
    "switch_scheme",
}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def test_a_kind_without_a_row_does_not_start() -> None:
    with pytest.raises(IncompleteTable, match="closed"):
        require_complete({kind for kind in EventKind if kind != EventKind.CLOSED}, name="HALF")


def test_every_step_of_the_ladder_has_an_event_that_a_clock_makes() -> None:
    assert set(EVENT_OF) == set(StepKind)
    assert set(EVENT_OF.values()) <= set(CLOCK_KINDS)


def test_what_is_unannounced_is_of_look_backs_alone() -> None:
    assert all(kind.value.startswith("look_back") for kind, rule in EVENTS.items() if rule.unannounced)
    assert not EVENTS[EventKind.LOOK_BACK_DONE].unannounced


def test_events_are_made_in_one_place() -> None:
    makers = {str(path) for path, tree in modules() if any(calls(tree, "CaseEvent"))}
    assert len(makers) == 1
    assert makers.pop().endswith("events.py")


def test_every_step_that_the_timeline_may_show_has_a_title() -> None:
    steps = set()
    for _path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(one, ast.Name) and one.id == "verb" for one in node.decorator_list
            ):
                steps.add(node.name)
        for call in calls(tree, "stamped"):
            steps |= {k.value.value for k in call.keywords if k.arg == "step" and isinstance(k.value, ast.Constant)}
    assert len(steps) > 30
    assert steps - set(STEP_TITLES) - OF_OTHER_RECORDS == set()
    assert steps >= OF_OTHER_RECORDS
