"""A link gives no right, and a code opens once: every way in which they are refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework.errors import Conflict, NotAllowed
from casework.models import Case, OfficeEvent, Person, Plan, SignInCode, SignInLink, Submission, Term, Unit
from casework.models.office_event import OfficeEventKind
from casework.offices import sign_in_codes
from casework.offices.sign_in_codes import (
    HOLDS,
    MOST_SENT,
    MOST_TRIES,
    PAUSE,
    digits_of,
    give_code,
    send_code,
    use_code,
)
from casework.offices.sign_in_links import (
    LinkEnded,
    handle_of,
    link_of,
    make_paper_link,
    make_paper_links,
    make_personal_link,
    paper_link,
    withdraw_link,
)
from casework.rights.hands import had_a_hand, hands_of
from casework.stages import Role, Stage
from tests.cast import Cast
from tests.factories import appoint
from tests.walk import NOW, TODAY, case_at

NUMBER = "13900000012"
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _gateway(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    monkeypatch.setattr(sign_in_codes, "wake", lambda *said: None)


@pytest.fixture
def head(cast: Cast) -> Person:
    cast.willow_head.phone = NUMBER
    cast.willow_head.save()
    return cast.willow_head


@pytest.fixture
def link(cast: Cast, head: Person) -> SignInLink:
    return make_paper_link(village=cast.willow, by=cast.town_reviewer, at=NOW)


def sent(link: SignInLink, *, at: Any = NOW) -> SignInCode:
    code = send_code(link=link, number=NUMBER, at=at)
    assert code is not None
    return code


def opened(link: SignInLink | None, digits: str, *, at: Any = NOW, number: str = NUMBER) -> bool:
    return use_code(link=link, number=number, digits=digits, at=at) is not None


def wrong(code: SignInCode) -> str:
    return f"{(int(digits_of(code)) + 1) % 1_000_000:06d}"


def ended(handle: str, *, at: Any = NOW) -> str:
    with pytest.raises(LinkEnded) as refused:
        link_of(handle, at=at)
    return refused.value.code


def test_neither_the_link_nor_the_code_stands_in_the_database(link: SignInLink) -> None:
    code = sent(link)
    rows = str([*SignInLink.objects.values(), *SignInCode.objects.values()])
    assert handle_of(link) not in rows
    assert digits_of(code) not in {str(value) for row in SignInCode.objects.values() for value in row.values()}
    assert len(handle_of(link)) == 26
    assert len(digits_of(code)) == 6


def test_a_paper_can_be_printed_again_and_says_the_same(cast: Cast, link: SignInLink) -> None:
    again = paper_link(cast.willow, at=NOW)
    assert again is not None
    assert handle_of(again) == handle_of(link)
    assert link_of(handle_of(again), at=NOW) == link


def test_a_link_ends_by_time_by_withdrawal_and_with_its_village(cast: Cast, link: SignInLink) -> None:
    handle = handle_of(link)
    assert link_of(handle, at=link.ends_at - timedelta(seconds=1)) == link
    assert ended(handle, at=link.ends_at) == "link_over"
    assert ended("x" * 26) == ended("") == "link_unknown"
    Unit.objects.filter(pk=cast.willow.pk).update(is_active=False)
    assert ended(handle) == "village_merged"
    Unit.objects.filter(pk=cast.willow.pk).update(is_active=True)
    withdraw_link(link=link, by=cast.town_reviewer, at=NOW)
    assert ended(handle) == "link_withdrawn"
    with pytest.raises(Conflict):
        withdraw_link(link=link, by=cast.town_reviewer, at=NOW)


def test_a_new_paper_link_withdraws_the_one_before(cast: Cast, link: SignInLink) -> None:
    newer = make_paper_link(village=cast.willow, by=cast.town_reviewer, at=NOW)
    assert ended(handle_of(link)) == "link_withdrawn"
    assert paper_link(cast.willow, at=NOW) == newer


def test_a_personal_link_ends_when_the_post_changes_hands(cast: Cast, head: Person) -> None:
    link = make_personal_link(person=head, village=cast.willow, by=cast.town_reviewer, at=NOW)
    assert link_of(handle_of(link), at=NOW).person == head
    Term.objects.filter(person=head).update(valid_until=YESTERDAY)
    assert ended(handle_of(link)) == "holder_changed"


def test_a_village_without_a_link_gets_one_with_the_others(cast: Cast, link: SignInLink) -> None:
    everywhere = Unit.objects.all()
    assert make_paper_links(villages=everywhere, by=cast.town_reviewer, at=NOW) == 1
    assert make_paper_links(villages=everywhere, by=cast.town_reviewer, at=NOW) == 0
    assert paper_link(cast.willow, at=NOW) == link
    assert paper_link(cast.poplar, at=NOW) is not None
    assert paper_link(cast.reed, at=NOW) is None


@pytest.mark.parametrize("who", ["willow_head", "inspector", "outsider_town", "outsider_county", "administrator"])
def test_only_the_offices_above_let_a_committee_in(who: str, cast: Cast, head: Person, link: SignInLink) -> None:
    by = getattr(cast, who)
    for act in (
        lambda: make_paper_link(village=cast.willow, by=by, at=NOW),
        lambda: make_personal_link(person=head, village=cast.willow, by=by, at=NOW),
        lambda: give_code(person=head, village=cast.willow, by=by, at=NOW),
        lambda: withdraw_link(link=link, by=by, at=NOW),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "not_your_village"


def test_a_code_opens_once(link: SignInLink) -> None:
    code = sent(link)
    assert opened(link, digits_of(code))
    assert not opened(link, digits_of(code))
    code.refresh_from_db()
    assert code.used_at == NOW


def test_a_code_is_typed_as_people_type(link: SignInLink) -> None:
    code = sent(link)
    digits = digits_of(code)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in f"{digits[:3]}") + f" {digits[3:]} "
    assert opened(link, wide, number="+86 139-0000-0012")


def test_a_code_holds_ten_minutes(link: SignInLink) -> None:
    code = sent(link)
    assert not opened(link, digits_of(code), at=NOW + HOLDS)
    assert opened(link, digits_of(code), at=NOW + HOLDS - timedelta(seconds=1))


def test_a_code_holds_for_five_tries(link: SignInLink) -> None:
    code = sent(link)
    for _each in range(MOST_TRIES - 1):
        assert not opened(link, wrong(code))
    assert opened(link, digits_of(code))
    newer = sent(link, at=NOW + PAUSE)
    for _each in range(MOST_TRIES):
        assert not opened(link, wrong(newer), at=NOW + PAUSE)
    assert not opened(link, digits_of(newer), at=NOW + PAUSE)


def test_the_newest_code_counts_alone(link: SignInLink) -> None:
    first = sent(link)
    second = sent(link, at=NOW + PAUSE)
    if digits_of(first) != digits_of(second):
        assert not opened(link, digits_of(first), at=NOW + PAUSE)
    assert opened(link, digits_of(second), at=NOW + PAUSE)


def test_a_person_gets_one_code_a_minute_and_five_an_hour(link: SignInLink) -> None:
    sent(link)
    assert send_code(link=link, number=NUMBER, at=NOW + PAUSE - timedelta(seconds=1)) is None
    for n in range(1, MOST_SENT):
        sent(link, at=NOW + n * PAUSE)
    assert send_code(link=link, number=NUMBER, at=NOW + MOST_SENT * PAUSE) is None
    sent(link, at=NOW + timedelta(hours=1, seconds=1))


def test_a_number_of_elsewhere_gets_no_code(cast: Cast, link: SignInLink) -> None:
    for person, number in ((cast.poplar_head, "13900000013"), (cast.county_supervisor, "13900000014")):
        person.phone = number
        person.save()
        assert send_code(link=link, number=number, at=NOW) is None
    assert send_code(link=link, number="", at=NOW) is None
    assert send_code(link=link, number="13900000099", at=NOW) is None
    assert not SignInCode.objects.exists()


def test_without_a_gateway_no_code_is_sent(link: SignInLink, settings: Any, cast: Cast, head: Person) -> None:
    settings.SMS_GATEWAY_URL = ""
    assert send_code(link=link, number=NUMBER, at=NOW) is None
    with pytest.raises(Conflict) as refused:
        make_personal_link(person=head, village=cast.willow, by=cast.town_reviewer, at=NOW)
    assert refused.value.code == "no_sms"


def test_a_code_opens_nothing_once_the_post_has_changed_hands(cast: Cast, link: SignInLink) -> None:
    code = sent(link)
    Term.objects.filter(person=cast.willow_head).update(valid_until=YESTERDAY)
    assert not opened(link, digits_of(code))
    assert not opened(None, digits_of(code))


def test_whoever_holds_a_post_of_an_office_as_well_signs_in_with_the_password(cast: Cast, head: Person) -> None:
    link = make_paper_link(village=cast.willow, by=cast.town_reviewer, at=NOW)
    appoint(head, Role.TOWN_REVIEWER, cast.town)
    assert send_code(link=link, number=NUMBER, at=NOW) is None
    with pytest.raises(NotAllowed) as refused:
        give_code(person=Person.objects.get(pk=head.pk), village=cast.willow, by=cast.county_supervisor, at=NOW)
    assert refused.value.code == "by_password"


def test_a_code_of_one_village_opens_no_link_of_another(cast: Cast, head: Person, link: SignInLink) -> None:
    appoint(head, Role.COMMITTEE_MEMBER, cast.poplar)
    other = make_paper_link(village=cast.poplar, by=cast.town_reviewer, at=NOW)
    code = sent(link)
    assert not opened(other, digits_of(code))
    assert opened(link, digits_of(code))


def test_a_given_code_needs_no_link_and_the_committee_hears_of_it(cast: Cast, head: Person) -> None:
    code = give_code(person=head, village=cast.willow, by=cast.town_reviewer, at=NOW)
    event = OfficeEvent.objects.get(kind=OfficeEventKind.CODE_GIVEN)
    assert (event.unit_id, event.subject, event.by, event.about) == (
        cast.willow.pk,
        code.pk,
        cast.town_reviewer,
        "willow_head",
    )
    assert opened(None, digits_of(code))


def test_the_database_keeps_what_was_given(link: SignInLink, cast: Cast) -> None:
    sent(link)
    for change in (
        lambda: SignInCode.objects.update(seed="0" * 32),
        lambda: SignInCode.objects.all().delete(),
        lambda: SignInLink.objects.update(person=cast.willow_member),
        lambda: SignInLink.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    withdraw_link(link=link, by=cast.town_reviewer, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInLink.objects.update(withdrawn_at=None)


def given_before(case: Case, cast: Cast, record: type[Plan] | type[Submission], *, used: timedelta) -> None:
    """The town's clerk gave the code by which the village made this record: so much before it."""
    moment = record.objects.filter(case=case).latest("pk").at
    code = give_code(person=cast.willow_head, village=cast.willow, by=cast.town_reviewer, at=moment - used)
    assert use_code(link=None, number=NUMBER, digits=digits_of(code), at=moment - used)


@pytest.mark.parametrize("record", [Plan, Submission])
def test_whoever_gave_the_code_has_had_a_hand_in_what_was_handed_in_with_it(
    record: Any, cast: Cast, head: Person
) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    assert not had_a_hand(cast.town_reviewer, case, on=TODAY)
    given_before(case, cast, record, used=timedelta(minutes=5))
    case = Case.objects.get(pk=case.pk)
    assert had_a_hand(cast.town_reviewer, case, on=TODAY)
    assert cast.town_reviewer.pk in hands_of([case.pk], on=TODAY)[case.pk]


@pytest.mark.parametrize("used", [timedelta(hours=13), timedelta(minutes=-5)])
def test_a_code_that_was_used_elsewhen_is_no_hand(used: timedelta, cast: Cast, head: Person) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    given_before(case, cast, Submission, used=used)
    assert not had_a_hand(cast.town_reviewer, Case.objects.get(pk=case.pk), on=TODAY)
    assert cast.town_reviewer.pk not in hands_of([case.pk], on=TODAY)[case.pk]
