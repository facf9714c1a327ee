"""The sign-in by a link and a code as a browser meets it: nothing is given away, and whoever guesses is slowed down."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from casework.models import Person, SignInCode, SignInLink, Term, Unit
from casework.offices import sign_in_codes, sign_in_links
from casework.offices.sign_in_codes import digits_of, give_code
from casework.offices.sign_in_links import handle_of, make_paper_link, make_personal_link, withdraw_link
from casework.stages import Stage
from casework.values.short_codes import code_of
from notifications.channels import sms
from notifications.sign_in_texts import send_code_by_sms, send_link_by_sms
from tests.cast import Cast
from tests.walk import TODAY, case_at
from web.pages.letting_in import LISTED

NUMBER, UNKNOWN = "13900000012", "13900000099"


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def woken(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a worker would be asked for."""
    found: list[Any] = []
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    settings.AXES_ENABLED = True
    for module in (sign_in_codes, sign_in_links):
        monkeypatch.setattr(module, "wake", lambda *said: found.append(said))
    return found


@pytest.fixture
def head(cast: Cast) -> Person:
    cast.willow_head.phone = NUMBER
    cast.willow_head.save()
    return cast.willow_head


@pytest.fixture
def link(cast: Cast, head: Person) -> SignInLink:
    return make_paper_link(village=cast.willow, by=cast.town_reviewer, at=timezone.now())


def post(link: SignInLink | None, client: Client | None = None, **said: str) -> Any:
    address = reverse("sign_in_by_link", args=[handle_of(link)]) if link else reverse("sign_in_by_code")
    return (client or Client()).post(address, said)


def text(answer: Any) -> str:
    return re.sub(r"csrfmiddlewaretoken.*?>|\s+", " ", answer.content.decode())


class TestAsking:
    def test_the_answer_is_the_same_whether_the_number_is_known_or_not(
        self, link: SignInLink, django_capture_on_commit_callbacks: Any, woken: list[Any]
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            known = post(link, number=NUMBER, ask="1")
            unknown = post(link, number=UNKNOWN, ask="1")
        assert known.status_code == unknown.status_code == 200
        assert text(known).replace(NUMBER, "N").replace("in 12", "in XX") == text(unknown).replace(
            UNKNOWN, "N"
        ).replace("in 99", "in XX")
        assert woken == [("notifications.tasks.send_sign_in_code", SignInCode.objects.get().pk)]

    def test_a_personal_link_shows_the_last_two_digits_and_no_more(self, cast: Cast, head: Person) -> None:
        link = make_personal_link(person=head, village=cast.willow, by=cast.town_reviewer, at=timezone.now())
        page = text(Client().get(reverse("sign_in_by_link", args=[handle_of(link)])))
        assert "ends in 12" in page
        assert NUMBER not in page
        assert NUMBER[:-2] not in text(post(link, ask="1"))

    def test_one_line_asks_sixty_times_an_hour(self, link: SignInLink) -> None:
        answers = [post(link, number=UNKNOWN, ask="1").status_code for _each in range(62)]
        assert answers == [200] * 60 + [429] * 2

    def test_the_page_is_in_no_cache_and_no_search_engine(self, link: SignInLink) -> None:
        answer = Client().get(reverse("sign_in_by_link", args=[handle_of(link)]))
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]


class TestEntering:
    def test_a_right_code_leads_to_the_case_of_the_paper(self, cast: Cast, link: SignInLink) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        post(link, number=NUMBER, ask="1")
        client, code = Client(), SignInCode.objects.get()
        address = reverse("sign_in_to_case", args=[handle_of(link), code_of(case.pk)])
        answer = client.post(address, {"number": NUMBER, "digits": digits_of(code)})
        assert answer.headers["Location"] == reverse("case", args=[case.number])
        assert client.get(address).headers["Location"] == reverse("case", args=[case.number])  # scanned once more
        assert AccessLog.objects.get().username == "willow_head"

    @pytest.mark.parametrize("code", ["", "XXXX-XXXX", "nonsense"])
    def test_without_a_case_it_leads_home(self, code: str, cast: Cast, link: SignInLink) -> None:
        case_at(Stage.SCREENING, cast)  # not there for a village
        post(link, number=NUMBER, ask="1")
        args = [handle_of(link), code] if code else [handle_of(link)]
        address = reverse("sign_in_to_case" if code else "sign_in_by_link", args=args)
        answer = Client().post(address, {"number": NUMBER, "digits": digits_of(SignInCode.objects.get())})
        assert answer.headers["Location"] == "/"

    def test_whatever_is_wrong_is_answered_in_one_sentence(self, link: SignInLink) -> None:
        post(link, number=NUMBER, ask="1")
        answers = [
            post(link, number=NUMBER, digits="000000"),
            post(link, number=UNKNOWN, digits="000000"),
            post(link, number=NUMBER),
            post(link, number=NUMBER, digits="½①"),
        ]
        assert {answer.status_code for answer in answers} == {422}
        for answer in answers:
            assert "This code does not open" in text(answer)

    def test_a_used_and_an_old_code_do_not_open(self, link: SignInLink) -> None:
        post(link, number=NUMBER, ask="1")
        digits = digits_of(SignInCode.objects.get())
        with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
            assert post(link, number=NUMBER, digits=digits).status_code == 422
        assert post(link, number=NUMBER, digits=digits).status_code == 302
        assert post(link, number=NUMBER, digits=digits).status_code == 422

    def test_guessing_is_counted_as_at_the_password(self, link: SignInLink) -> None:
        answers = [post(link, number=NUMBER, digits="000000").status_code for _each in range(9)]
        assert answers[-1] == 429
        kept = AccessAttempt.objects.get()
        assert kept.username == "willow_head"
        assert NUMBER not in kept.post_data
        assert "000000" not in kept.post_data

    def test_a_sleeping_account_stays_closed(self, cast: Cast, link: SignInLink) -> None:
        post(link, number=NUMBER, ask="1")
        Person.objects.filter(pk=cast.willow_head.pk).update(is_active=False)
        assert post(link, number=NUMBER, digits=digits_of(SignInCode.objects.get())).status_code == 422

    @pytest.mark.parametrize("end", ["withdrawn", "merged", "over", "unknown", "holder"])
    def test_a_link_that_has_ended_says_so_and_leads_on(self, end: str, cast: Cast, head: Person) -> None:
        link = make_personal_link(person=head, village=cast.willow, by=cast.town_reviewer, at=timezone.now())
        handle, at = handle_of(link), timezone.now()
        if end == "withdrawn":
            withdraw_link(link=link, by=cast.town_reviewer, at=at)
        elif end == "merged":
            Unit.objects.filter(pk=cast.willow.pk).update(is_active=False)
        elif end == "holder":
            Term.objects.filter(person=head).update(valid_until=TODAY - timedelta(days=1))
        with time_machine.travel(at + timedelta(days=7 if end == "over" else 0, seconds=1), tick=False):
            answer = Client().get(reverse("sign_in_by_link", args=["x" if end == "unknown" else handle]))
        assert answer.status_code == 403
        assert "This link does not lead on" in text(answer)
        assert reverse("sign_in_by_code") in text(answer)


class TestAtTheDesk:
    def test_the_town_gives_a_code_that_opens_without_a_link_for_twelve_hours(
        self, cast: Cast, head: Person, signed_in: Callable[[Person], Client], settings: Any
    ) -> None:
        settings.SMS_GATEWAY_URL = ""
        Person.objects.filter(pk=head.pk).update(
            must_choose_password=True, first_password_until=timezone.now() - timedelta(days=1)
        )
        address = reverse("village_letting_in", args=[cast.willow.code])
        answer = signed_in(cast.town_reviewer).post(address, {"act": "code", "key": head.pk})
        digits = re.search(r'class="digits">(\d{6})<', answer.content.decode())
        assert digits is not None
        client = Client()
        assert post(None, client, number=NUMBER, digits=digits[1]).status_code == 302
        assert client.get("/").status_code == 200  # no password is asked for
        assert client.get("/me").status_code == 200
        page = client.get("/password").content.decode()
        assert 'name="old_password"' in page  # and none is set without the one that was handed out
        assert post(None, number=NUMBER, digits=digits[1]).status_code == 422
        with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1), tick=False):
            assert client.get("/me").status_code == 302

    def test_the_code_is_shown_once(self, cast: Cast, head: Person, signed_in: Callable[[Person], Client]) -> None:
        code = give_code(person=head, village=cast.willow, by=cast.town_reviewer, at=timezone.now())
        for who, route, args in (
            (cast.town_reviewer, "village_sign_in", [cast.willow.code]),
            (cast.willow_member, "given_code", [code.pk]),
        ):
            answer = signed_in(who).get(reverse(route, args=args))
            assert answer.status_code == 200
            assert digits_of(code) not in answer.content.decode()

    def test_whom_a_code_does_not_concern_does_not_read_of_it(
        self, cast: Cast, head: Person, signed_in: Callable[[Person], Client]
    ) -> None:
        code = give_code(person=head, village=cast.willow, by=cast.town_reviewer, at=timezone.now())
        for who in (cast.poplar_head, cast.outsider_county, cast.inspector):
            assert signed_in(who).get(reverse("given_code", args=[code.pk])).status_code == 404

    @pytest.mark.parametrize(
        "said", [{}, {"act": "code"}, {"act": "code", "key": "x"}, {"act": "withdraw", "key": "9"}]
    )
    def test_odd_buttons_are_not_there(
        self, said: dict[str, str], cast: Cast, signed_in: Callable[[Person], Client]
    ) -> None:
        address = reverse("village_letting_in", args=[cast.willow.code])
        assert signed_in(cast.town_reviewer).post(address, said).status_code == 404

    def test_links_are_made_sent_and_withdrawn(
        self,
        cast: Cast,
        head: Person,
        signed_in: Callable[[Person], Client],
        woken: list[Any],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        client = signed_in(cast.town_reviewer)
        address = reverse("village_letting_in", args=[cast.willow.code])
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(address, {"act": "paper"}).status_code == 302
            assert client.post(address, {"act": "link", "key": head.pk}).status_code == 302
        paper, sent = SignInLink.objects.order_by("pk")
        assert woken == [("notifications.tasks.send_sign_in_link", sent.pk)]
        page = client.get(reverse("village_sign_in", args=[cast.willow.code])).content.decode()
        assert "A link was sent" in page
        assert NUMBER not in page
        assert client.post(address, {"act": "withdraw", "key": paper.pk}).status_code == 302
        paper.refresh_from_db()
        assert paper.withdrawn_by == cast.town_reviewer

    def test_a_page_of_villages_costs_the_same_however_many(
        self,
        cast: Cast,
        signed_in: Callable[[Person], Client],
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = signed_in(cast.city_supervisor)
        assert client.post(reverse("committees")).status_code == 302
        assert SignInLink.objects.count() == 4
        with django_assert_max_num_queries(14):
            page = client.get(reverse("committees")).content.decode()
        assert page.count("has a QR code") == 4 <= LISTED
        with django_assert_max_num_queries(20):
            client.get(reverse("village_sign_in", args=[cast.willow.code]))


class TestOnPaperAndBySms:
    def test_the_notice_carries_the_code_where_there_is_one(
        self, cast: Cast, signed_in: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said: list[str] = []
        monkeypatch.setattr("web.pages.case_papers.set_as_pdf", lambda html: said.append(html) or b"%PDF-")
        monkeypatch.setattr("web.pages.case_papers.square_of", lambda address: f"<!--{address}-->")
        case = case_at(Stage.RECTIFICATION, cast)
        address = reverse("case_paper", args=[case.number, "notice"])
        client = signed_in(cast.willow_head)
        client.get(address)
        link = make_paper_link(village=cast.willow, by=cast.town_reviewer, at=timezone.now())
        client.get(address)
        where = reverse("sign_in_to_case", args=[handle_of(link), code_of(case.pk)])
        assert [where in html for html in said] == [False, True]

    def test_what_is_sent_goes_to_the_number_of_the_account(
        self, cast: Cast, link: SignInLink, head: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out: list[Any] = []
        monkeypatch.setattr(sms, "post", lambda url, body, headers, **kept: out.append(json.loads(body)))
        at = timezone.now()
        post(link, number=NUMBER, ask="1")
        code = SignInCode.objects.get()
        assert send_code_by_sms(code.pk, at=at)
        personal = make_personal_link(person=head, village=cast.willow, by=cast.town_reviewer, at=at)
        assert send_link_by_sms(personal.pk, at=at)
        assert [one["phone"] for one in out] == [NUMBER] * 2
        assert digits_of(code) in out[0]["text"]
        assert handle_of(personal) in out[1]["text"]
        assert not send_code_by_sms(code.pk, at=at + timedelta(minutes=10, seconds=5))
        given = give_code(person=head, village=cast.willow, by=cast.town_reviewer, at=at)
        assert not send_code_by_sms(given.pk, at=at)  # told at the desk, never sent
        withdraw_link(link=personal, by=cast.town_reviewer, at=at)
        assert not send_link_by_sms(personal.pk, at=at)
        assert not send_link_by_sms(link.pk, at=at)
        assert len(out) == 2
