"""“Undo” stands beside what was just decided and in the timeline, and works without a script."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from casework.models import Case, CaseEvent, Person, Undone
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import NOW, case_at, planned, reported, reviewed
from tests.web.test_forms import hidden

SignedIn = Callable[[Person], Client]
BUTTON = re.compile(r'<button class="quiet undo[^"]*" form="undo" name="event" value="(\d+)"')


def accept(client: Client, case: Case) -> str:
    """Accept and assign a report on its page; the address to which that leads."""
    address = f"/cases/{case.number}/screening"
    said = {**hidden(client, address), "outcome": "assigned"}
    form = client.get(address).context["form"]
    said |= {"post": form["post"].value(), "due_on": form["due_on"].value(), "item": case.item_id, "severity": 2}
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer["Location"])


def page_of(client: Client, address: str) -> str:
    return str(client.get(address, follow=True).content.decode())


def undo(client: Client, event: object) -> str:
    answer = client.post("/undone", {"event": event})
    assert answer.status_code == 302
    return str(answer["Location"])


def stage_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).stage


def test_the_next_page_offers_to_undo_what_was_just_decided(cast: Cast, signed_in: SignedIn) -> None:
    first, second = reported(cast), reported(cast)
    client = signed_in(cast.county_supervisor)
    page = page_of(client, accept(client, first))
    assert second.number in page and 'data-keys="u"' in page
    (event,) = BUTTON.findall(page)
    assert undo(client, event) == f"/cases/{first.number}/screening"
    assert stage_of(first) == Stage.SCREENING
    page = page_of(client, f"/cases/{first.number}/screening")
    assert 'class="message success"' in page
    assert not BUTTON.findall(page)


def test_the_timeline_offers_it_while_it_is_possible_and_shows_it_afterwards(
    cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
) -> None:
    case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}"
    (event,) = BUTTON.findall(page_of(client, address))
    clock.move_to(NOW + timedelta(minutes=10))
    assert not BUTTON.findall(page_of(client, address))
    clock.move_to(NOW + timedelta(minutes=9))
    undo(client, event)
    page = page_of(client, address)
    assert not BUTTON.findall(page)
    assert page.count("<s>") == 1
    line = page[page.index('<li class="event undone">') :]
    assert "town_reviewer" in line[: line.index("</li>")]
    assert "first-review" in page  # it is the reader's turn again


@pytest.mark.parametrize("who", ["county_supervisor", "city_supervisor", "willow_head", "inspector"])
def test_nobody_else_is_offered_it(who: str, cast: Cast, signed_in: SignedIn) -> None:
    case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer)
    assert not BUTTON.findall(page_of(signed_in(getattr(cast, who)), f"/cases/{case.number}"))


def test_a_decision_that_is_no_step_to_undo_offers_nothing(cast: Cast, signed_in: SignedIn) -> None:
    first, _second = reported(cast), reported(cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{first.number}/screening"
    answer = client.post(address, {**hidden(client, address), "outcome": "refused", "reason": "不属实"})
    assert not BUTTON.findall(page_of(client, str(answer["Location"])))


class TestAStalePage:
    """The button was shown, and something has happened since: a sentence on the case's page, and nothing is changed."""

    @pytest.fixture
    def case(self, cast: Cast) -> Case:
        return reported(cast)

    def refused(self, client: Client, case: Case, event: object) -> str:
        before = Case.objects.get(pk=case.pk).version
        assert undo(client, event) == f"/cases/{case.number}"
        assert Case.objects.get(pk=case.pk).version == before
        page = page_of(client, f"/cases/{case.number}")
        assert 'class="message error"' in page
        return page

    def test_the_village_has_acted(self, case: Case, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.county_supervisor)
        accept(client, case)
        event = CaseEvent.objects.latest("id").pk
        planned(cast, Case.objects.get(pk=case.pk))
        assert "willow_head" in self.refused(client, case, event)

    def test_eleven_minutes_later(
        self, case: Case, cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
    ) -> None:
        client = signed_in(cast.county_supervisor)
        accept(client, case)
        clock.move_to(NOW + timedelta(minutes=11))
        self.refused(client, case, CaseEvent.objects.latest("id").pk)

    def test_a_second_to_a_tenth_undo(self, case: Case, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.county_supervisor)
        accept(client, case)
        event = CaseEvent.objects.latest("id").pk
        undo(client, event)
        for _ in range(9):
            self.refused(client, case, event)
        assert Undone.objects.values("undoing").distinct().count() == 1

    def test_somebody_else_s_step(self, case: Case, cast: Cast, signed_in: SignedIn) -> None:
        accept(signed_in(cast.county_supervisor), case)
        event = CaseEvent.objects.latest("id").pk
        assert "county_supervisor" in self.refused(signed_in(cast.city_supervisor), case, event)


@pytest.mark.parametrize("event", ["", "x", "-1", "0", "99999999999999999999", str(2**62), "1e3", "１"])
def test_an_event_that_nobody_knows_is_not_found(event: str, cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.county_supervisor).post("/undone", {"event": event}).status_code == 404
    assert signed_in(cast.county_supervisor).post("/undone").status_code == 404
    assert signed_in(cast.county_supervisor).get("/undone").status_code == 405


def test_an_event_of_a_case_out_of_sight_is_not_found(cast: Cast, signed_in: SignedIn) -> None:
    reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer)
    event = CaseEvent.objects.latest("id").pk
    assert signed_in(cast.outsider_town).post("/undone", {"event": event}).status_code == 404
    assert not Undone.objects.exists()


def test_each_row_of_several_has_its_own(cast: Cast, signed_in: SignedIn) -> None:
    cases = [reported(cast), reported(cast, village=cast.poplar)]
    client = signed_in(cast.county_supervisor)
    said = {"case": [case.pk for case in cases], **{f"key-{case.pk}": uuid4() for case in cases}}
    events = BUTTON.findall(client.post("/assignments", said).content.decode())
    assert len(events) == 2
    undo(client, events[0])
    assert {stage_of(case) for case in cases} == {Stage.SCREENING, Stage.PLANNING}


def test_after_an_undoing_the_page_asks_for_the_same_decision_again(cast: Cast, signed_in: SignedIn) -> None:
    """What the undone review had decided is neither shown as decided nor kept from being decided."""
    case = case_at(Stage.FIRST_REVIEW, cast)
    open_before = len(signed_in(cast.town_reviewer).get(f"/cases/{case.number}/first-review").context["form"].to_decide)
    case = reviewed(case, cast.town_reviewer)
    client = signed_in(cast.town_reviewer)
    undo(client, CaseEvent.objects.latest("id").pk)
    form = client.get(f"/cases/{case.number}/first-review").context["form"]
    assert (len(form.to_decide), form.stand, form.reviews) == (open_before, [], [])


def test_whoever_was_writing_the_plan_meanwhile_is_told_where_the_case_went(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    office, village = signed_in(cast.county_supervisor), signed_in(cast.willow_head)
    accept(office, case)
    form = hidden(village, f"/cases/{case.number}/plan")
    undo(office, CaseEvent.objects.latest("id").pk)
    for answer in (village.post(f"/cases/{case.number}/plan", form), village.get(f"/cases/{case.number}")):
        assert answer.status_code == 409
        assert case.description not in answer.content.decode()
    assert signed_in(cast.poplar_head).get(f"/cases/{case.number}").status_code == 404
    assert stage_of(case) == Stage.SCREENING
