"""On the road: each once, passing errors back off, permanent ones show, a hanging road holds up itself alone."""

from datetime import date, datetime, timedelta

import pytest

from casework.escalation.sweeping import sweep
from casework.models import Case, Term
from casework.working_time.deadlines import LOCAL, add_working_days, midnight
from notifications import delivering
from notifications.announcing import announce
from notifications.channels import CHANNELS
from notifications.channels.base import Channel, Outgoing, Passing, Permanent
from notifications.delivering import BACK_OFF, deliver, due_channels, lease
from notifications.models import Address, Delivery, Endpoint, Message, Preference, State
from tests.cast import Cast
from tests.walk import NOW, assigned, reported, screened

DUE = date(2026, 3, 16)
AT = datetime(2026, 3, 17, 9, 0, tzinfo=LOCAL)


class Road(Channel):
    """Keeps what it is given, or fails as it is told."""

    code = label = "road"

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.error: Exception | None = None

    def send(self, message: Outgoing) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(message)


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch) -> Road:
    road = Road()
    monkeypatch.setitem(CHANNELS, "road", road)
    return road


@pytest.fixture
def case(cast: Cast, road: Road) -> Case:
    case = assigned(cast, screened(cast, reported(cast, severity=3)), due_on=DUE)
    announce(at=NOW)
    for person in (cast.willow_head, cast.willow_member):
        Address.objects.create(person=person, channel="road", address=person.username)
    sweep(at=AT)
    announce(at=AT)
    return case


def test_what_is_due_is_sent_once(case: Case, road: Road) -> None:
    assert due_channels(at=AT) == ["road"]
    assert deliver("road", at=AT) == 2
    assert deliver("road", at=AT) == 0
    assert sorted(message.address for message in road.sent) == ["willow_head", "willow_member"]
    assert len({message.identifier for message in road.sent}) == 2


def test_a_worker_that_died_between_sending_and_marking_repeats_under_the_same_identifier(
    case: Case, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(delivering, "_mark", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            deliver("road", at=AT)
    first = road.sent[0].identifier
    assert deliver("road", at=AT + timedelta(minutes=1)) == 0
    assert deliver("road", at=AT + lease()) == 2
    assert [message.identifier for message in road.sent].count(first) == 2
    assert sum(Delivery.objects.values_list("repeats", flat=True)) == 2


def test_a_passing_error_backs_off_and_is_given_up_in_the_end(case: Case, road: Road) -> None:
    road.error, at = Passing("busy"), AT
    for minutes in (*BACK_OFF, 0):
        deliver("road", at=at)
        at += timedelta(minutes=minutes + 1)
    assert set(Delivery.objects.values_list("state", "error")) == {(State.PARKED, "busy")}
    assert Address.objects.filter(failed_at=None).count() == 2


def test_a_permanent_error_stops_the_address_and_not_the_others(case: Case, road: Road) -> None:
    road.error = Permanent("no such account")
    deliver("road", at=AT)
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.FAILED}
    assert set(Address.objects.values_list("error", flat=True)) == {"no such account"}


def test_an_error_of_ours_does_not_hold_up_what_waits_behind_it(case: Case, road: Road) -> None:
    road.error = ZeroDivisionError()
    deliver("road", at=AT)
    assert set(Delivery.objects.values_list("state", "error")) == {(State.WAITING, "ZeroDivisionError")}


def test_a_road_that_hangs_rests_after_two_in_vain(case: Case, road: Road) -> None:
    Delivery.objects.bulk_create(
        Delivery(
            event=Message.objects.first().event,
            endpoint=Endpoint.objects.create(unit=case.village, channel="road", address=f"r{n}"),
            channel="road",
            due_at=AT,
        )
        for n in range(10)
    )
    road.error = Passing("timed out")
    deliver("road", at=AT)
    assert Delivery.objects.filter(tries=1).count() == 2
    assert due_channels(at=AT) == []
    road.error = None
    assert deliver("road", at=AT + timedelta(minutes=2)) == 12


def test_whoever_left_the_post_meanwhile_is_not_written_to(case: Case, cast: Cast, road: Road) -> None:
    Term.objects.filter(person=cast.willow_head).update(valid_until=DUE)
    deliver("road", at=AT)
    assert [message.address for message in road.sent] == ["willow_member"]
    assert Delivery.objects.filter(state=State.CANCELLED).count() == 1


def test_a_digest_is_one_letter_and_leaves_out_what_was_read(cast: Cast, road: Road) -> None:
    Address.objects.create(person=cast.willow_head, channel="road", address="head")
    for _ in range(3):
        assigned(cast, screened(cast, reported(cast)), due_on=DUE)
    announce(at=NOW)
    Delivery.objects.all().delete()
    before = midnight(add_working_days(DUE, -3)) + timedelta(hours=9)
    sweep(at=before)
    announce(at=before)
    first = Message.objects.filter(person=cast.willow_head).last()
    assert first is not None
    Message.objects.filter(pk=first.pk).update(read_at=before)
    assert deliver("road", at=before + timedelta(days=1)) == 1
    (letter,) = road.sent
    assert letter.subject.startswith("您的案件有 2 条消息")
    assert first.case.number not in letter.text


def test_a_message_in_english_for_whoever_reads_english(case: Case, cast: Cast, road: Road) -> None:
    cast.willow_head.language = "en"
    cast.willow_head.save()
    deliver("road", at=AT)
    subjects = {message.address: message.subject for message in road.sent}
    assert subjects["willow_head"].startswith("Supervision notice")
    assert subjects["willow_member"].startswith("督办单")


def test_a_person_s_quiet_hours_hold_letters_back(cast: Cast, road: Road) -> None:
    assigned(cast, screened(cast, reported(cast)), due_on=DUE)
    announce(at=NOW)
    Delivery.objects.all().delete()
    Address.objects.create(person=cast.willow_head, channel="road", address="head")
    Preference.objects.create(person=cast.willow_head)
    night = midnight(add_working_days(DUE, 1)) + timedelta(minutes=1)
    sweep(at=night)
    announce(at=night)
    assert deliver("road", at=night) == 0
    assert deliver("road", at=datetime.combine(night.date(), night.time(), night.tzinfo) + timedelta(hours=7)) == 1
