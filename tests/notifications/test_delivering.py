"""On the road: each once, passing errors back off, permanent ones show, a hanging road holds up itself alone."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from casework.escalation.sweeping import sweep
from casework.events import event_of
from casework.lifecycle.exit import refer_case
from casework.models import Case, Escalation, Person, RestingRow, Term
from casework.models.case_event import EventKind
from casework.models.resting_row import ClockName
from casework.stages import Role
from casework.working_time.deadlines import LOCAL, add_working_days, midnight
from flows import steps
from notifications import delivering
from notifications.announcing import announce
from notifications.channels import CHANNELS
from notifications.channels.base import Blocked, Channel, Outgoing, Passing, Permanent, Refused
from notifications.delivering import BACK_OFF, deliver, due_channels, lease
from notifications.models import Address, BlockedChannel, Delivery, Digest, Endpoint, Message, Preference, State
from tests.cast import Cast
from tests.factories import holder
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
    for minutes in BACK_OFF:
        deliver("road", at=at)
        assert set(Delivery.objects.values_list("state", flat=True)) == {State.WAITING}
        at += timedelta(minutes=minutes + 1)
    deliver("road", at=at)
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


class Slow(Road):
    """While it sends for the first time, its claim runs out and another worker does the same work."""

    def __init__(self, other: Callable[[], object], error: Exception | None) -> None:
        super().__init__()
        self.other, self.own_error, self.is_first = other, error, True

    def send(self, message: Outgoing) -> None:
        super().send(message)
        if self.is_first:
            self.is_first = False
            self.other()
            if self.own_error is not None:
                raise self.own_error


@pytest.mark.parametrize(
    "error", [None, Passing("late"), Permanent("gone"), Blocked("limit"), Refused("words"), ZeroDivisionError()]
)
def test_a_worker_that_outstays_its_lease_changes_nothing_and_nothing_is_sent_again_because_of_it(
    case: Case, monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    later = AT + lease()
    slow = Slow(lambda: deliver("road", at=later), error)
    monkeypatch.setitem(CHANNELS, "road", slow)
    deliver("road", at=AT)
    after = Delivery.objects.order_by("id").values()
    assert [(row["state"], row["sent_at"]) for row in after] == [(State.SENT, later)] * 2
    assert deliver("road", at=later + timedelta(days=2)) == 0
    # Once by the one that was too slow, and once by the one that took over; the second letter once or twice so.
    assert len({message.identifier for message in slow.sent}) == 2
    assert [message.identifier for message in slow.sent].count(slow.sent[0].identifier) == 2
    assert not Address.objects.exclude(failed_at=None).exists()
    assert not BlockedChannel.objects.exists()


def test_a_worker_that_ran_into_the_end_of_its_lease_stops(
    case: Case, road: Road, clock: time_machine.Traveller
) -> None:
    clock.move_to(AT)
    run = delivering.Run("road", road, None)
    claimed = delivering._claim("road", AT, size=20)
    clock.shift(lease())
    assert run.send_all(claimed)
    assert road.sent == []


def test_a_referred_case_s_robot_hears_nothing_of_what_was_still_to_be_told(case: Case, cast: Cast, road: Road) -> None:
    robot = Endpoint.objects.create(unit=case.village, channel="road", address="robot")
    event = Message.objects.filter(case=case).order_by("-id")[0].event
    waiting = Delivery.objects.create(event=event, endpoint=robot, channel="road", due_at=AT)
    steps.take(refer_case, case=case, by=cast.county_supervisor, at=AT, to=cast.discipline_unit, reason="涉嫌")
    deliver("road", at=AT)
    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED
    assert "robot" not in {message.address for message in road.sent}


def test_a_message_that_can_not_be_made_rests_by_itself(
    case: Case, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Delivery.objects.order_by("due_at", "id")[0]
    make, broken = delivering._target, [first.pk]

    def target(delivery: Delivery, *, on: date) -> object:
        if delivery.pk in broken:
            raise ZeroDivisionError
        return make(delivery, on=on)

    monkeypatch.setattr(delivering, "_target", target)
    assert deliver("road", at=AT) == 1
    row = RestingRow.objects.get()
    assert (row.clock, row.row, row.case) == (ClockName.DELIVERIES, first.pk, case)
    broken.clear()
    assert deliver("road", at=AT + timedelta(minutes=2)) == 1
    assert not RestingRow.objects.exists()


class TestDigest:
    @pytest.fixture
    def head(self, cast: Cast, road: Road) -> Person:
        Address.objects.create(person=cast.willow_head, channel="road", address="head")
        Preference.objects.create(person=cast.willow_head)
        for severity in (2, 3):
            assigned(cast, screened(cast, reported(cast, severity=severity)), due_on=DUE)
        announce(at=NOW)
        Delivery.objects.all().delete()
        Message.objects.all().delete()
        return cast.willow_head

    def news(self, case: Case, at: datetime) -> None:
        event = event_of(case, EventKind.REMINDED, at=at)
        event.save()
        Escalation.objects.create(
            case=case, step=f"x{at}", kind="reminder", round=1, policy_version=1, due_on=DUE, at=at,
            to=[[case.village_id, ["committee_head"]]], copies=[], event=event,
        )  # fmt: skip
        announce(at=at)

    def morning(self, hour: int, minute: int = 0) -> datetime:
        return AT.replace(hour=hour, minute=minute)

    def test_its_time_moved_after_it_went_out_and_the_next_message_is_in_the_next(
        self, head: Person, road: Road
    ) -> None:
        first, second = Case.objects.order_by("id")
        self.news(first, self.morning(7, 30))
        assert deliver("road", at=self.morning(8)) == 1
        Preference.objects.update(digest_at=time(18))
        self.news(second, self.morning(10))
        assert deliver("road", at=self.morning(18)) == 1
        assert [first.number in one.text for one in road.sent] == [True, False]
        assert second.number in road.sent[1].text
        assert road.sent[0].identifier != road.sent[1].identifier

    def test_its_time_moved_before_it_goes_out_and_all_is_in_one(self, head: Person, road: Road) -> None:
        first, second = Case.objects.order_by("id")
        self.news(first, self.morning(7, 30))
        Preference.objects.update(digest_at=time(18))
        self.news(second, self.morning(7, 40))
        assert deliver("road", at=self.morning(8)) == 1
        assert first.number in road.sent[0].text and second.number in road.sent[0].text
        assert deliver("road", at=self.morning(18)) == 0

    def test_what_comes_while_it_is_being_sent_is_in_the_next(self, head: Person, road: Road) -> None:
        first, second = Case.objects.order_by("id")
        self.news(first, self.morning(7, 30))
        send = road.send

        def send_while_news_come(message: Outgoing) -> None:
            road.send = send
            self.news(second, self.morning(8))
            send(message)

        road.send = send_while_news_come
        assert deliver("road", at=self.morning(8)) == 1
        assert second.number not in road.sent[0].text
        assert deliver("road", at=self.morning(8) + timedelta(days=1)) == 1
        assert second.number in road.sent[1].text
        assert Digest.objects.filter(closed_at=None).count() == 0

    def test_one_that_could_not_be_sent_takes_in_nothing_more(self, head: Person, road: Road) -> None:
        first, second = Case.objects.order_by("id")
        self.news(first, self.morning(7, 30))
        road.error = Passing("away")
        deliver("road", at=self.morning(8))
        self.news(second, self.morning(8))
        road.error = None
        deliver("road", at=self.morning(8, 2))
        assert second.number not in road.sent[0].text


class TestBlocked:
    @pytest.fixture
    def many(self, case: Case, road: Road) -> Road:
        for n in range(4):
            person = holder(Role.COMMITTEE_MEMBER, case.village, f"member{n}")
            Address.objects.create(person=person, channel="road", address=person.username)
            message = Message.objects.create(person=person, event=Message.objects.all()[0].event, case=case, at=AT)
            Delivery.objects.create(message=message, channel="road", due_at=AT)
        return road

    @pytest.mark.parametrize("error", [Blocked("limit"), Refused("content")])
    def test_nobody_s_address_rests_and_all_goes_out_once_it_works_again(
        self, many: Road, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        many.error = error
        for minute in range(15):
            deliver("road", at=AT + timedelta(minutes=minute))
        assert BlockedChannel.objects.get().since == AT
        assert [record.getMessage() for record in caplog.records].count(f"channel road is blocked: {error}") == 1
        many.error = None
        assert deliver("road", at=AT + timedelta(minutes=16)) >= 5
        deliver("road", at=AT + timedelta(minutes=30))
        assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
        assert not Address.objects.exclude(failed_at=None).exists()
        assert not BlockedChannel.objects.exists()

    def test_while_it_is_blocked_one_message_a_minute_asks(self, many: Road) -> None:
        many.error, tried = Blocked("limit"), []
        send = many.send
        many.send = lambda message: (tried.append(message), send(message))
        deliver("road", at=AT)
        assert (len(tried), due_channels(at=AT)) == (1, [])
        deliver("road", at=AT + timedelta(seconds=30))
        assert len(tried) == 1
        deliver("road", at=AT + timedelta(minutes=1))
        assert len(tried) == 2

    def test_a_block_uses_up_no_try(self, many: Road) -> None:
        many.error = Blocked("limit")
        at = AT
        for _ in range(20):
            deliver("road", at=at)
            at += timedelta(minutes=20)
        assert set(Delivery.objects.values_list("state", "tries")) == {(State.WAITING, 0)}

    def test_one_letter_that_is_refused_waits_alone(self, many: Road) -> None:
        send, bad = many.send, Delivery.objects.order_by("due_at", "id")[0].identifier

        def picky(message: Outgoing) -> None:
            if message.identifier == bad:
                raise Refused("content")
            send(message)

        many.send = picky
        assert deliver("road", at=AT) == 5
        assert Delivery.objects.exclude(state=State.SENT).get().state == State.WAITING
        assert not BlockedChannel.objects.exists()

    def test_a_robot_that_is_blocked_leaves_the_others_alone(self, case: Case, road: Road) -> None:
        Delivery.objects.all().delete()
        event = Message.objects.all()[0].event
        for name in ("tired", "fresh"):
            robot = Endpoint.objects.create(unit=case.village, channel="road", address=name)
            Delivery.objects.create(event=event, endpoint=robot, channel="road", due_at=AT)
        send = road.send

        def tired(message: Outgoing) -> None:
            if message.address == "tired":
                raise Blocked("too many")
            send(message)

        road.send = tired
        assert deliver("road", at=AT) == 1
        assert BlockedChannel.objects.get().endpoint.address == "tired"
        road.send = send
        assert deliver("road", at=AT + timedelta(minutes=1)) == 1
        assert not BlockedChannel.objects.exists()

    def test_robots_that_each_refuse_a_letter_are_not_blocked(self, case: Case, road: Road) -> None:
        Delivery.objects.all().delete()
        event = Message.objects.all()[0].event
        for name in ("first", "second"):
            robot = Endpoint.objects.create(unit=case.village, channel="road", address=name)
            Delivery.objects.create(event=event, endpoint=robot, channel="road", due_at=AT)
        road.error = Refused("keyword")
        deliver("road", at=AT)
        assert not BlockedChannel.objects.exists()
        assert set(Delivery.objects.values_list("state", "tries")) == {(State.WAITING, 1)}

    def test_a_server_that_knows_no_such_mailbox_works_again(self, many: Road) -> None:
        many.error = Blocked("limit")
        deliver("road", at=AT)
        many.error = Permanent("unknown")
        deliver("road", at=AT + timedelta(minutes=1))
        assert not BlockedChannel.objects.exists()
