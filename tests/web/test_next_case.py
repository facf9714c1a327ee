"""After a decision the next case that waits for the same person opens, and the page names what was just decided."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from casework.lifecycle.extension import ask_extension
from casework.models import Case, Person
from casework.models.closure import Closure
from casework.stages import Role, Stage
from flows import steps
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import NOW, TODAY, case_at, reported, reviewed, screened, verdicts
from tests.web.test_forms import hidden

SignedIn = Callable[[Person], Client]


def refuse(client: Client, case: Case, *, done: int | None = None, **words: str) -> str:
    """Refuse a report, and the address to which that leads."""
    address = f"/cases/{case.number}/screening" + ("" if done is None else f"?done={done}")
    said = {**hidden(client, address), "outcome": "refused", "reason": "已由镇里处理", **words}
    answer = client.post(address, said)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_next_one_opens_with_where_one_is(cast: Cast, signed_in: SignedIn) -> None:
    first, second, third = (reported(cast) for _ in range(3))
    client = signed_in(cast.county_supervisor)
    page = client.get(f"/cases/{first.number}/screening").content.decode()
    assert "<strong>1/3</strong>" in page and "确定并处理下一件" in page
    assert refuse(client, first) == f"/cases/{second.number}/screening?done=1"
    page = client.get(f"/cases/{second.number}/screening?done=1").content.decode()
    assert "<strong>2/3</strong>" in page
    assert f'<a href="/cases/{first.number}" data-keys="b">{first.number} ' in page[page.index('class="messages"') :]
    assert refuse(client, second, done=1) == f"/cases/{third.number}/screening?done=2"
    page = client.get(f"/cases/{third.number}/screening?done=2").content.decode()
    assert "<strong>3/3</strong>" in page and "并处理下一件" not in page


def test_after_the_last_one_home_says_so(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    assert refuse(client, reported(cast)) == "/"
    assert "目前等您办理的都办完了。" in client.get("/").content.decode()


def test_the_second_button_stays_on_the_case(cast: Cast, signed_in: SignedIn) -> None:
    case, _other = reported(cast), reported(cast)
    assert refuse(signed_in(cast.county_supervisor), case, then="stay") == f"/cases/{case.number}"


def test_behind_the_last_one_come_those_that_were_passed_over(cast: Cast, signed_in: SignedIn) -> None:
    first, _second, third = (reported(cast) for _ in range(3))
    assert refuse(signed_in(cast.county_supervisor), third) == f"/cases/{first.number}/screening?done=1"


def test_a_case_that_still_waits_after_a_decision_comes_last(cast: Cast, signed_in: SignedIn) -> None:
    first, second = reported(cast), reported(cast)
    client = signed_in(cast.county_supervisor)
    address = f"/cases/{first.number}/screening"
    answer = client.post(address, {**hidden(client, address), "outcome": "accepted"})
    assert answer["Location"] == f"/cases/{second.number}/screening?done=1"
    assert refuse(client, second, done=1) == f"/cases/{first.number}/assignment?done=2"


def test_the_next_one_is_found_at_its_own_step(cast: Cast, signed_in: SignedIn) -> None:
    strike_off = case_at(Stage.STRIKE_OFF, cast)
    assert refuse(signed_in(cast.county_supervisor), reported(cast)) == f"/cases/{strike_off.number}/closure?done=1"


def test_what_the_own_hand_forbids_is_passed_over(cast: Cast, signed_in: SignedIn) -> None:
    both = holder(Role.COUNTY_SUPERVISOR, cast.county, "both")
    appoint(both, Role.TOWN_REVIEWER, cast.town)
    own = reviewed(case_at(Stage.FIRST_REVIEW, cast), both)
    other, first = case_at(Stage.SECOND_REVIEW, cast), reported(cast)
    assert Case.objects.filter(waits_at=cast.county, pk__in=[own.pk, other.pk]).count() == 2
    assert refuse(signed_in(both), first) == f"/cases/{other.number}/second-review?done=1"


def test_without_a_decision_one_goes_on_too(cast: Cast, signed_in: SignedIn) -> None:
    first, second = reported(cast), reported(cast)
    client = signed_in(cast.county_supervisor)
    page = client.get(f"/cases/{first.number}/screening?done=4").content.decode()
    skip = f"/waiting/next?queue=waiting&amp;after={first.pk}&amp;done=4"
    assert f'href="{skip}"' in page
    answer = client.get(skip.replace("&amp;", "&"))
    assert answer["Location"] == f"/cases/{second.number}/screening?done=4"


@pytest.mark.parametrize("query", ["", "?after=x&done=-1&queue=none", "?after=99999999999999999999&done=9999999999"])
def test_odd_addresses_lead_to_the_first_one(query: str, cast: Cast, signed_in: SignedIn) -> None:
    first = reported(cast)
    answer = signed_in(cast.county_supervisor).get(f"/waiting/next{query}")
    assert answer["Location"] == f"/cases/{first.number}/screening?done=0"
    assert signed_in(cast.town_reviewer).get(f"/waiting/next{query}")["Location"] == "/"


def test_extensions_come_after_each_other_and_then_what_waits(cast: Cast, signed_in: SignedIn) -> None:
    review = case_at(Stage.FIRST_REVIEW, cast)
    asked = [case_at(Stage.RECTIFICATION, cast) for _ in range(2)]
    for case in asked:
        steps.take(
            ask_extension,
            case=case,
            by=cast.willow_head,
            at=NOW,
            due_on=TODAY + timedelta(days=30),
            reason="连阴雨",
            progress="材料已购",
        )
    client = signed_in(cast.town_reviewer)
    address = f"/cases/{asked[0].number}/extension/decision"
    page = client.get(address).content.decode()
    assert "<strong>1/2</strong>" in page
    answer = client.post(address, {**hidden(client, address), "grant": "yes"})
    assert answer["Location"] == f"/cases/{asked[1].number}/extension/decision?done=1"
    address = str(answer["Location"])
    answer = client.post(address, {**hidden(client, address), "grant": "yes"})
    assert answer["Location"] == f"/cases/{review.number}/first-review?done=0"


def test_the_page_after_a_review_says_what_was_decided(cast: Cast, signed_in: SignedIn) -> None:
    passed, returned = case_at(Stage.FIRST_REVIEW, cast), case_at(Stage.FIRST_REVIEW, cast)
    client = signed_in(cast.town_reviewer)
    address = f"/cases/{passed.number}/first-review"
    words = {f"verdicts-{pk}-passed": "pass" for pk in verdicts(passed)}
    page = client.post(address, {**hidden(client, address), **words, "signature_visible": "on"}, follow=True)
    assert "已通过，现处于“复核”。" in page.content.decode()
    address = f"/cases/{returned.number}/first-review"
    words = {
        f"verdicts-{pk}-{name}": said
        for pk in verdicts(returned)
        for name, said in (("passed", "return"), ("reason", "照片看不清"))
    }
    page = client.post(address, {**hidden(client, address), **words}, follow=True)
    assert "已退回，现处于“整改”。" in page.content.decode()


def test_a_strike_off_names_its_number_and_leads_on(cast: Cast, signed_in: SignedIn) -> None:
    case, waiting = case_at(Stage.STRIKE_OFF, cast), screened(cast, reported(cast))
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/closure"
    answer = client.post(address, {**hidden(client, address), **dict.fromkeys(Closure.TESTS, "on")})
    assert answer["Location"] == f"/cases/{waiting.number}/assignment?done=1"
    assert "QH销〔2026〕1号" in client.get(answer["Location"]).content.decode()


def test_more_than_are_counted_are_called_so(cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.queue.MOST_COUNTED", 2)
    first = reported(cast)
    for _ in range(2):
        reported(cast)
    page = signed_in(cast.county_supervisor).get(f"/cases/{first.number}/screening").content.decode()
    assert "<strong>1/2+</strong>" in page
