"""What comes in one letter a day, and what waits for the end of quiet hours."""

from datetime import datetime, time, timedelta

import pytest

from casework.escalation.sweeping import sweep
from casework.events import event_of
from casework.models import Case, Escalation, Person
from casework.models.case_event import EventKind
from casework.working_time.deadlines import add_working_days, midnight
from notifications.announcing import announce
from notifications.channels.base import Outgoing, Passing
from notifications.delivering import deliver
from notifications.models import Address, Delivery, Digest, Message, Preference
from tests.cast import Cast
from tests.notifications.roads import AT, DUE, Road, road_in, two_letters
from tests.walk import NOW, assigned, reported, screened


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch) -> Road:
    return road_in(monkeypatch)


@pytest.fixture
def case(cast: Cast, road: Road) -> Case:
    return two_letters(cast)


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
