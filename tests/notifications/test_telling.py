"""From events to people: who hears of what, once, in whose language, by which road."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from casework.clocks.resting import FIRST_REST
from casework.escalation.sweeping import sweep
from casework.events import event_of
from casework.lifecycle.exit import refer_case
from casework.lifecycle.letters import sign_letter
from casework.lifecycle.reporting import screen_case
from casework.models import Case, CaseEvent, Letter, Person, RestingRow, Term
from casework.models.case_event import EventKind
from casework.models.resting_row import ClockName
from casework.stages import Role
from casework.working_time.deadlines import LOCAL, add_working_days, local_day, midnight
from flows import steps
from notifications import audience
from notifications.announcing import Wishes, after_quiet, announce, digest_moment
from notifications.events import TELLINGS, Telling, UnknownEvent, telling_of
from notifications.messages import letters_of, words_of
from notifications.models import Address, Delivery, Digest, Endpoint, Message, Preference
from tests.cast import Cast
from tests.factories import holder
from tests.walk import NOW, assigned, reported, screened

DUE = date(2026, 3, 16)


@pytest.fixture
def case(cast: Cast) -> Case:
    case = assigned(cast, screened(cast, reported(cast, severity=3)), due_on=DUE)
    announce(at=NOW)
    Message.objects.all().delete()
    return case


def day(number: int) -> datetime:
    return midnight(add_working_days(DUE, number)) + timedelta(hours=9)


def told(kind: EventKind) -> set[str]:
    return set(Message.objects.filter(event__kind=kind).values_list("person__username", flat=True))


def reach(person: Person, channel: str = "email") -> Address:
    return Address.objects.create(person=person, channel=channel, address=f"{person.username}@example.org")


def test_every_kind_of_event_has_an_audience_and_words() -> None:
    assert set(TELLINGS) == set(EventKind)
    assert [kind for kind, telling in TELLINGS.items() if bool(telling.audience) != bool(telling.title)] == []


def test_an_unknown_kind_raises(cast: Cast) -> None:
    with pytest.raises(UnknownEvent):
        telling_of(CaseEvent(kind="applauded"))


def test_an_assignment_is_told_to_the_committee_and_to_nobody_else(cast: Cast) -> None:
    assigned(cast, screened(cast, reported(cast)))
    announce(at=NOW)
    assert told(EventKind.ASSIGNED) == {"willow_head", "willow_member"}


def test_whoever_did_it_is_not_told(cast: Cast) -> None:
    holder(Role.COUNTY_SUPERVISOR, cast.county, "colleague")
    reported(cast, by=cast.county_supervisor)
    announce(at=NOW)
    assert told(EventKind.REPORTED) == {"colleague"}


def test_a_second_run_tells_nobody_twice(case: Case) -> None:
    sweep(at=day(1))
    announce(at=day(1))
    count = Message.objects.count()
    assert announce(at=day(1)) == 0
    assert Message.objects.count() == count == 3


def test_the_ladder_s_recipients_are_told_and_copies_say_so(case: Case) -> None:
    sweep(at=day(1))
    announce(at=day(1))
    assert told(EventKind.NOTICE_ISSUED) == {"willow_head", "willow_member", "town_reviewer"}
    assert {m.person.username for m in Message.objects.filter(is_copy=True)} == {"town_reviewer"}


def test_whoever_left_the_post_gets_nothing_and_the_successor_does(case: Case, cast: Cast) -> None:
    sweep(at=day(1))
    Term.objects.filter(person=cast.willow_head).update(valid_until=DUE)
    holder(Role.COMMITTEE_HEAD, cast.willow, "new_head")
    announce(at=day(1))
    assert told(EventKind.NOTICE_ISSUED) == {"new_head", "willow_member", "town_reviewer"}


def test_the_village_hears_nothing_before_the_assignment(cast: Cast) -> None:
    reported(cast)
    announce(at=NOW)
    assert told(EventKind.REPORTED) == {"county_supervisor"}


def test_a_referred_case_is_told_to_the_discipline_office_alone(case: Case, cast: Cast) -> None:
    sweep(at=day(1))
    steps.take(refer_case, case=case, by=cast.county_supervisor, at=day(2), to=cast.discipline_unit, reason="涉嫌")
    announce(at=day(2))
    assert set(Message.objects.values_list("person__username", flat=True)) == {"discipline"}


def test_a_reporter_is_told_of_the_refusal(cast: Cast) -> None:
    case = reported(cast, by=cast.volunteer)
    steps.take(screen_case, case=case, by=cast.county_supervisor, at=NOW, outcome="refused", reason="不属实")
    announce(at=NOW)
    assert told(EventKind.REFUSED) == {"volunteer"}


def test_a_letter_goes_at_once_and_a_reminder_with_the_day_s_digest(case: Case, cast: Cast) -> None:
    reach(cast.willow_head)
    sweep(at=day(-3))
    announce(at=day(-3))
    digest = Delivery.objects.get()
    assert digest.message_id is None
    assert digest.due_at == midnight(add_working_days(DUE, -3) + timedelta(days=1)) + timedelta(hours=8)
    sweep(at=day(1))
    announce(at=day(1))
    assert Delivery.objects.exclude(message=None).get().due_at == day(1)


def test_one_digest_holds_all_of_a_day(cast: Cast) -> None:
    reach(cast.willow_head)
    for _ in range(3):
        assigned(cast, screened(cast, reported(cast)), due_on=DUE)
    announce(at=NOW)
    Delivery.objects.all().delete()
    sweep(at=day(-3))
    announce(at=day(-3))
    assert Digest.objects.count() == Delivery.objects.count() == 1
    assert Digest.objects.get().messages.count() == 3


def test_somebody_who_wants_no_digest_hears_at_once(case: Case, cast: Cast) -> None:
    reach(cast.willow_head)
    Preference.objects.create(person=cast.willow_head, wants_digest=False)
    sweep(at=day(-3))
    announce(at=day(-3))
    assert Delivery.objects.get().message is not None


def test_a_unit_s_robot_hears_what_is_addressed_to_the_unit_but_no_copies(case: Case, cast: Cast) -> None:
    for unit in (cast.willow, cast.town):
        Endpoint.objects.create(unit=unit, channel="wecom_robot", address="https://example.org")
    sweep(at=day(1))
    announce(at=day(1))
    assert Delivery.objects.get(endpoint__isnull=False).endpoint.unit == cast.willow


def test_a_message_speaks_the_reader_s_language_and_names_nobody(case: Case, cast: Cast) -> None:
    sweep(at=day(1))
    event = CaseEvent.objects.get(kind=EventKind.NOTICE_ISSUED)
    with translation.override("en"):
        english = words_of(event)
    with translation.override("zh-hans"):
        chinese = words_of(event)
    assert english.subject.startswith("Supervision notice")
    assert chinese.subject.startswith("督办单")
    assert case.number in chinese.subject and "上柳村" in chinese.subject
    for person in Person.objects.all():
        assert person.name not in chinese.subject + chinese.text


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(20, "2026-03-02 20:00"), (22, "2026-03-03 07:00"), (3, "2026-03-02 07:00"), (7, "2026-03-02 07:00")],
)
def test_quiet_hours_hold_a_message_back_until_they_end(hour: int, expected: str) -> None:
    at = datetime(2026, 3, 2, hour, 0, tzinfo=LOCAL)
    assert after_quiet(at, Wishes()).astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") == expected


def test_a_message_just_before_the_digest_waits_for_the_next() -> None:
    eight = datetime(2026, 3, 2, 8, 0, tzinfo=LOCAL)
    assert digest_moment(eight - timedelta(minutes=10), Wishes()) == eight
    assert digest_moment(eight - timedelta(minutes=3), Wishes()) == eight + timedelta(days=1)


def test_a_message_about_a_letter_leads_to_the_letter_for_whoever_may_open_it(case: Case, cast: Cast) -> None:
    sweep(at=day(1))
    letter = Letter.objects.get()
    steps.take(sign_letter, case=case, letter=letter, name="柳大山", by=cast.willow_head, at=day(2))
    issued, signed = (CaseEvent.objects.get(kind=kind) for kind in (EventKind.NOTICE_ISSUED, EventKind.LETTER_SIGNED))
    assert letters_of([issued, signed]) == {issued.pk: letter.pk, signed.pk: letter.pk}
    on = local_day(day(2))
    assert letters_of([issued], reader=cast.willow_head, on=on) == {issued.pk: letter.pk}
    assert letters_of([issued], reader=cast.outsider_head, on=on) == {}
    assert words_of(issued).url.endswith(f"/letters/{letter.pk}")
    assert words_of(issued, letters={}).url.endswith(f"/cases/{case.number}")


def test_the_letters_of_many_messages_are_two_queries(
    case: Case, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sweep(at=day(1))
    steps.take(sign_letter, case=case, letter=Letter.objects.get(), name="柳", by=cast.willow_head, at=day(2))
    events = list(CaseEvent.objects.all())
    with django_assert_num_queries(2):
        letters_of(events)


def test_nobody_is_asked_to_sign_a_letter_that_was_not_issued(case: Case) -> None:
    event = event_of(case, EventKind.LETTER_ISSUED, at=NOW)
    event.save()
    with translation.override("en"):
        assert "Sign for" not in words_of(event).text


def test_an_english_message_names_the_category_in_english(case: Case) -> None:
    with translation.override("en"):
        assert case.item.name_en in words_of(CaseEvent.objects.all()[0]).text
    with translation.override("zh-hans"):
        assert case.item.name in words_of(CaseEvent.objects.all()[0]).text


def test_an_event_that_can_not_be_told_rests_and_the_others_are_told(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep(at=day(1))
    bad = CaseEvent.objects.get(kind=EventKind.NOTICE_ISSUED)
    good = reported(cast)
    broken, of = [bad.pk], audience.telling_of

    def telling(event: CaseEvent) -> Telling:
        if event.pk in broken:
            raise UnknownEvent(event.kind)
        return of(event)

    monkeypatch.setattr(audience, "telling_of", telling)
    assert announce(at=day(1)) == 1
    assert told(EventKind.REPORTED) == {"county_supervisor"}
    assert good.events.get().announced_at is not None
    row = RestingRow.objects.get()
    assert (row.clock, row.row, row.case) == (ClockName.MESSAGES, bad.pk, case)
    broken.clear()
    assert announce(at=day(1) + FIRST_REST) == 1
    assert told(EventKind.NOTICE_ISSUED)
    assert not RestingRow.objects.exists()
