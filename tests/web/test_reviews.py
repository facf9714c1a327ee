"""The page of a review: what was decided before stands beside the proof, and all measures pass by one button."""

from collections.abc import Callable

from django.test import Client

from casework.models import Case, Person
from casework.queries import current_measures
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import case_at, rectified, reviewed
from tests.web.test_forms import hidden

SignedIn = Callable[[Person], Client]


def test_all_pass_by_one_button_and_nothing_is_handed_in_by_that(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
    answer = client.post(address, {**hidden(client, address), "all_pass": "1", "words_of_reviewer": "现场看过"})
    assert answer.status_code == 200
    form = answer.context["form"]
    assert [each["passed"].value() for each in form.measures()] == ["pass", "pass"]
    assert form["words_of_reviewer"].value() == "现场看过"
    assert Case.objects.get(pk=case.pk).stage == Stage.FIRST_REVIEW
    assert answer.content.decode().count('value="pass" id=') == 2


def test_the_one_that_is_returned_stays_returned(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    first, second = current_measures(case)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
    words = {f"verdicts-{second.pk}-passed": "return", f"verdicts-{second.pk}-reason": "没有登记"}
    answer = client.post(address, {**hidden(client, address), **words, "all_pass": "1"})
    form = answer.context["form"]
    assert [form[f"verdicts-{one.pk}-passed"].value() for one in (first, second)] == ["pass", "return"]
    assert form[f"verdicts-{second.pk}-reason"].value() == "没有登记"


def test_in_round_two_only_what_came_back_is_asked_for_and_passes(cast: Cast, signed_in: SignedIn) -> None:
    case = rectified(cast, reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(2,)))
    first, second = current_measures(case)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
    answer = client.post(address, {**hidden(client, address), "all_pass": "1"})
    form = answer.context["form"]
    assert form[f"verdicts-{second.pk}-passed"].value() == "pass"
    assert form[f"verdicts-{first.pk}-passed"].value() is None


def test_what_was_said_in_earlier_rounds_is_read_with_its_round(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
    words = {
        f"verdicts-{one.pk}-{name}": said
        for one in current_measures(case)
        for name, said in (("passed", "return"), ("reason", "没有登记"))
    }
    client.post(address, {**hidden(client, address), **words, "words_of_reviewer": "两项都再补一次"})
    case = rectified(cast, Case.objects.get(pk=case.pk))
    page = client.get(address).content.decode()
    earlier = page[page.index('class="said-earlier"') : page.index("</details>", page.index('class="said-earlier"'))]
    assert "两项都再补一次" in earlier and "第 1 轮" in earlier and "town_reviewer" in earlier
