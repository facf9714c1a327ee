"""On the road: each once, passing errors back off, permanent ones show, a hanging road holds up itself alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from casework.lifecycle.exit import refer_case
from casework.models import Case, RestingRow, Term
from casework.models.resting_row import ClockName
from flows import steps
from notifications import delivering
from notifications.channels import CHANNELS
from notifications.channels.base import Blocked, Outgoing, Passing, Permanent, Refused
from notifications.delivering import BACK_OFF, deliver, due_channels, lease
from notifications.models import Address, BlockedChannel, Delivery, Endpoint, Message, State
from tests.cast import Cast
from tests.notifications.roads import AT, DUE, Road, road_in, two_letters


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch) -> Road:
    return road_in(monkeypatch)


@pytest.fixture
def case(cast: Cast, road: Road) -> Case:
    return two_letters(cast)


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


def test_a_passing_error_is_tried_again_after_ever_longer_waits(case: Case, road: Road) -> None:
    road.error, at, waits = Passing("busy"), AT, []
    for _try in range(6):
        deliver("road", at=at)
        due = Delivery.objects.order_by("id")[0].due_at
        waits.append((due - at) / timedelta(minutes=1))
        at = due
    assert waits == [1, 5, 15, 60, 4 * 60, 12 * 60]


def test_a_permanent_error_stops_the_address_and_not_the_others(case: Case, road: Road) -> None:
    road.error = Permanent("no such account")
    deliver("road", at=AT)
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.FAILED}
    assert set(Address.objects.values_list("error", flat=True)) == {"no such account"}


def test_of_a_long_error_the_first_three_hundred_letters_are_kept(case: Case, road: Road) -> None:
    road.error = Permanent("错" * 400)
    deliver("road", at=AT)
    assert set(Delivery.objects.values_list("error", flat=True)) == {"错" * 300}
    assert set(Address.objects.values_list("error", flat=True)) == {"错" * 300}


def test_an_error_of_ours_does_not_hold_up_what_waits_behind_it(case: Case, road: Road) -> None:
    road.error = ZeroDivisionError()
    deliver("road", at=AT)
    assert set(Delivery.objects.values_list("state", "error")) == {(State.WAITING, "ZeroDivisionError")}


def test_whoever_left_the_post_meanwhile_is_not_written_to(case: Case, cast: Cast, road: Road) -> None:
    Term.objects.filter(person=cast.willow_head).update(valid_until=DUE)
    deliver("road", at=AT)
    assert [message.address for message in road.sent] == ["willow_member"]
    assert Delivery.objects.filter(state=State.CANCELLED).count() == 1


def test_a_message_in_english_for_whoever_reads_english(case: Case, cast: Cast, road: Road) -> None:
    cast.willow_head.language = "en"
    cast.willow_head.save()
    deliver("road", at=AT)
    subjects = {message.address: message.subject for message in road.sent}
    assert subjects["willow_head"].startswith("Supervision notice")
    assert subjects["willow_member"].startswith("督办单")


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

    def target(delivery: Delivery, *, at: datetime) -> object:
        if delivery.pk in broken:
            raise ZeroDivisionError
        return make(delivery, at=at)

    monkeypatch.setattr(delivering, "_target", target)
    assert deliver("road", at=AT) == 1
    row = RestingRow.objects.get()
    assert (row.clock, row.row, row.case) == (ClockName.DELIVERIES, first.pk, case)
    broken.clear()
    assert deliver("road", at=AT + timedelta(minutes=2)) == 1
    assert not RestingRow.objects.exists()
