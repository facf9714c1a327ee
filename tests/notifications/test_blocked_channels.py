"""A channel that refuses the office, or hangs, waits as a whole; one letter or address that is refused waits alone."""

from datetime import timedelta

import pytest

from casework.models import Case
from casework.stages import Role
from notifications.channels.base import Blocked, Outgoing, Passing, Permanent, Refused
from notifications.delivering import deliver, due_channels
from notifications.models import Address, BlockedChannel, Delivery, Endpoint, Message, State
from tests.cast import Cast
from tests.factories import holder
from tests.notifications.roads import AT, Road, road_in, two_letters


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch) -> Road:
    return road_in(monkeypatch)


@pytest.fixture
def case(cast: Cast, road: Road) -> Case:
    return two_letters(cast)


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


def test_after_one_that_got_out_two_in_vain_are_counted_anew(case: Case, road: Road) -> None:
    event, send, asked = Message.objects.all()[0].event, road.send, []
    Delivery.objects.all().delete()
    for number in range(6):
        robot = Endpoint.objects.create(unit=case.village, channel="road", address=f"r{number}")
        Delivery.objects.create(event=event, endpoint=robot, channel="road", due_at=AT)

    def only_the_second(message: Outgoing) -> None:
        asked.append(message.address)
        if message.address != "r1":
            raise Passing("timed out")
        send(message)

    road.send = only_the_second
    assert deliver("road", at=AT) == 1
    assert asked == ["r0", "r1", "r2", "r3"]


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

    def test_a_blocked_robot_that_answers_with_a_refusal_is_free_again(self, case: Case, road: Road) -> None:
        event = Message.objects.all()[0].event
        Delivery.objects.all().delete()
        robot = Endpoint.objects.create(unit=case.village, channel="road", address="robot")
        Delivery.objects.create(event=event, endpoint=robot, channel="road", due_at=AT)
        road.error = Blocked("too many")
        deliver("road", at=AT)
        assert BlockedChannel.objects.get().endpoint == robot
        road.error = Refused("keyword")
        deliver("road", at=AT + timedelta(minutes=1))
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
