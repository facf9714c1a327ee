"""The pages of the handovers: each reader sees the own ones; what can't be taken comes back with a sentence."""

from collections.abc import Callable
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from docx import Document

from casework.escalation.sweeping import sweep
from casework.models import Caretaker, Case, Letter, Person, Term
from casework.offices.account_changes import seen_of, switch_off
from casework.stages import Role, Stage
from casework.working_time.deadlines import add_working_days, midnight
from oversight.handover.clock import make_packs
from oversight.handover.records import HandoverPack, HandoverSignature, Outcome, Side
from oversight.handover.signing import sign
from tests.cast import Cast
from tests.factories import PersonFactory, appoint
from tests.oversight.handovers import DAY, TOMORROW, handed_over, listed, without_others
from tests.walk import NOW, TODAY, case_at
from tests.web.test_queries import queries_of

SignedIn = Callable[[Person], Client]


@pytest.fixture
def pack(cast: Cast, clock: time_machine.Traveller) -> HandoverPack:
    """The morning after the last day of Willow's head."""
    case_at(Stage.PLANNING, cast)
    pack = handed_over(cast)
    clock.move_to(TOMORROW)
    return pack


def typed(*rows: tuple[str, str], **more: str) -> dict[str, str]:
    said = {"item-TOTAL_FORMS": str(len(rows)), "item-INITIAL_FORMS": "0"}
    for number, (kind, words) in enumerate(rows):
        said |= {f"item-{number}-kind": kind, f"item-{number}-words": words, f"item-{number}-remark": "两册"}
    return {**said, **more}


def test_the_new_holders_home_begins_with_what_was_taken_over(
    cast: Cast, pack: HandoverPack, signed_in: SignedIn
) -> None:
    incoming = Person.objects.get(username="willow_next")
    page = signed_in(incoming).get("/").content.decode()
    assert page.index(f"/handovers/{pack.pk}") < page.index("list-waiting")
    assert pack.lines.get().number in page
    listed(cast, pack)
    for side, by in ((Side.OUTGOING, cast.willow_head), (Side.INCOMING, incoming), (Side.WITNESS, cast.town_reviewer)):
        sign(pack=pack, side=side, by=Person.objects.get(pk=by.pk), at=TOMORROW)
    assert f"/handovers/{pack.pk}" not in signed_in(incoming).get("/").content.decode()


def test_once_they_have_signed_what_waits_comes_before_the_list(
    cast: Cast, pack: HandoverPack, signed_in: SignedIn
) -> None:
    incoming = Person.objects.get(username="willow_next")
    sweep(at=midnight(add_working_days(Case.objects.get().due_on, 1)))
    letter = Letter.objects.get()
    before = signed_in(incoming).get("/").content.decode()
    assert before.index(f"/handovers/{pack.pk}") < before.index(f"/letters/{letter.pk}")
    listed(cast, pack)
    for side, by in ((Side.OUTGOING, cast.willow_head), (Side.INCOMING, incoming)):
        sign(pack=pack, side=side, by=Person.objects.get(pk=by.pk), at=TOMORROW)
    page = signed_in(incoming).get("/").content.decode()
    places = [page.index(one) for one in (f"/letters/{letter.pk}", "list-waiting", f"/handovers/{pack.pk}")]
    assert places == sorted(places)


def test_the_outgoing_holder_finds_it_at_home_without_any_post(
    cast: Cast, pack: HandoverPack, signed_in: SignedIn
) -> None:
    client = signed_in(cast.willow_head)
    assert f"/handovers/{pack.pk}" in client.get("/").content.decode()
    assert client.get(f"/handovers/{pack.pk}").status_code == 200
    assert client.get("/handovers").status_code == 403


def test_from_the_list_to_three_signatures(cast: Cast, pack: HandoverPack, signed_in: SignedIn) -> None:
    at = f"/handovers/{pack.pk}"
    incoming = Person.objects.get(username="willow_next")
    early = signed_in(incoming).post(f"{at}/signature", {"side": "incoming"})
    assert (early.status_code, HandoverSignature.objects.count()) == (422, 0)
    assert signed_in(cast.willow_head).post(f"{at}/items", typed(("seal", "印章一枚"), ("debt", ""))).status_code == 302
    assert [one.words for one in pack.items.all()] == ["印章一枚"]
    for person, side in ((cast.willow_head, "outgoing"), (incoming, "incoming"), (cast.town_reviewer, "witness")):
        assert signed_in(person).post(f"{at}/signature", {"side": side}).status_code == 302
    pack.refresh_from_db()
    assert pack.settled_at is not None


def test_the_town_records_an_absence_with_its_reason(cast: Cast, pack: HandoverPack, signed_in: SignedIn) -> None:
    listed(cast, pack)
    client, at = signed_in(cast.town_reviewer), f"/handovers/{pack.pk}/refusal"
    assert client.post(at, {"side": "outgoing", "outcome": "absent", "words": ""}).status_code == 422
    assert client.post(at, {"side": "outgoing", "outcome": "absent", "words": "外出务工"}).status_code == 302
    assert HandoverSignature.objects.get().outcome == Outcome.ABSENT


def test_what_can_not_be_taken_comes_back_as_it_was_typed(cast: Cast, pack: HandoverPack, signed_in: SignedIn) -> None:
    client, at = signed_in(cast.willow_head), f"/handovers/{pack.pk}"
    for said in (
        typed(("seal", "长" * 201)),
        typed(("nonsense", "印章")),
        typed(("seal", "")),
        {"item-TOTAL_FORMS": "99999999999", "item-INITIAL_FORMS": "x"},
        {},
    ):
        assert client.post(f"{at}/items", said).status_code == 422
    assert "长" * 150 in client.post(f"{at}/items", typed(("seal", "长" * 201))).content.decode()
    assert client.post(f"{at}/signature", {"side": "both"}).status_code == 404
    refused = client.post(f"{at}/signature", {"side": "outgoing", "words": "缺钥匙一把"})
    assert (refused.status_code, "缺钥匙一把" in refused.content.decode()) == (422, True)
    assert not pack.items.exists()


def test_a_pack_of_another_village_is_not_there(cast: Cast, pack: HandoverPack, signed_in: SignedIn) -> None:
    for person in (cast.poplar_head, cast.outsider_town, cast.volunteer):
        client = signed_in(person)
        for tail in ("", ".docx", ".pdf"):
            assert client.get(f"/handovers/{pack.pk}{tail}").status_code == 404
        assert client.post(f"/handovers/{pack.pk}/signature", {"side": "witness"}).status_code == 404


def test_the_paper_says_what_was_open_and_who_signed(cast: Cast, pack: HandoverPack, signed_in: SignedIn) -> None:
    listed(cast, pack)
    sign(pack=pack, side=Side.OUTGOING, by=cast.willow_head, at=TOMORROW)
    client = signed_in(cast.town_reviewer)
    document = Document(BytesIO(client.get(f"/handovers/{pack.pk}.docx").content))
    words = "\n".join(one.text for one in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "移交人：willow_head" in words
    assert {pack.lines.get().number, "监委会印章一枚"} <= set(cells)
    assert client.get(f"/handovers/{pack.pk}.pdf").content.startswith(b"%PDF")


def test_the_city_sees_its_counties_and_each_state(cast: Cast, pack: HandoverPack, signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    page = client.get("/handovers").content.decode()
    assert f"?unit={cast.county.code}&amp;state=to_sign" in page
    assert f"/handovers/{pack.pk}" in client.get(f"/handovers?unit={cast.county.code}&state=to_sign").content.decode()
    assert f"/handovers/{pack.pk}" not in client.get("/handovers?state=overdue").content.decode()
    for odd in ("state=x", "unit=x", "after=9" + "9" * 60, "after=-1"):
        assert client.get(f"/handovers?{odd}").status_code == 200


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    cast: Cast, pack: HandoverPack, signed_in: SignedIn
) -> None:
    client = signed_in(cast.city_supervisor)
    client.get("/handovers")
    before = len(queries_of(client, "/handovers"))
    for village in (cast.poplar, cast.elm, cast.reed):
        post = appoint(PersonFactory(), Role.COMMITTEE_HEAD, village)
        Term.objects.filter(post=post).update(valid_until=TODAY)
    make_packs(at=TOMORROW)
    assert len(queries_of(client, "/handovers")) == before


def test_the_list_of_cases_after_the_change_of_term(cast: Cast, pack: HandoverPack, signed_in: SignedIn) -> None:
    number = pack.lines.get().number
    client = signed_in(cast.county_supervisor)
    assert number in client.get("/cases?taken_over=1").content.decode()
    assert (
        number in client.get(f"/cases?taken_over=1&term_from={TODAY + DAY}&term_until={TODAY + DAY}").content.decode()
    )
    assert number not in client.get(f"/cases?taken_over=1&term_until={TODAY}").content.decode()
    assert number not in client.get(f"/cases?taken_over=1&term_from={TODAY + 2 * DAY}").content.decode()


def test_an_end_that_leaves_cases_is_said_on_the_page_and_done_with_a_caretaker(
    cast: Cast, signed_in: SignedIn
) -> None:
    number = case_at(Stage.PLANNING, cast).number
    term = without_others(cast)
    client, at = signed_in(cast.administrator), f"/posts/{cast.willow.code}/committee_head/1/terms/{term.pk}"
    said = client.post(at, {"end-valid_until": TODAY}, follow=True).content.decode()
    assert number in said
    assert Term.objects.get(pk=term.pk).valid_until is None
    client.post(at, {"end-valid_until": TODAY, "end-with_caretaker": "on"})
    assert Term.objects.get(pk=term.pk).valid_until == TODAY
    assert Caretaker.objects.get().office == cast.town


def test_an_account_is_switched_off_at_once_and_its_cases_are_cared_for(cast: Cast) -> None:
    case_at(Stage.PLANNING, cast)
    without_others(cast)
    seen = seen_of(cast.willow_head)
    switch_off(person=cast.willow_head, last_day=TODAY, seen=seen, by=cast.administrator, at=NOW)
    assert (Caretaker.objects.get().office, Person.objects.get(pk=cast.willow_head.pk).is_active) == (cast.town, False)
