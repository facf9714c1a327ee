"""What is told where no case is concerned: to whom, once, in which words, and no longer when the post was left."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.urls import include, path
from django.utils import translation

from casework.models import OfficeEvent, Term
from casework.models.office_event import OfficeEventKind
from casework.office_events import record_office_event, record_office_events
from casework.working_time.deadlines import local_day
from notifications.announcing import announce_office
from notifications.delivering import deliver
from notifications.models import Address, Delivery, Message, State
from notifications.office_news import OFFICE_TELLINGS, still_told, words_of_office
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW

# The pages of the desk stand in web/; here their addresses are enough.
urlpatterns = [
    path("", include("web.urls")),
    *(
        path(f"{page}/<int:pk>", lambda request, pk: HttpResponse(), name=page)
        for page in ("unit_report", "bulletin", "requirement")
    ),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def late(desk: Desk, **values: object) -> OfficeEvent:
    given: dict = {
        "kind": OfficeEventKind.REPORT_LATE,
        "unit": desk.county.unit,
        "subject": 7,
        "about": "2026年1月—2月",
    }
    return record_office_event(**{**given, "by": None, "at": NOW, **values})


def test_a_late_report_is_told_to_the_reporters_of_its_unit_alone(desk: Desk) -> None:
    late(desk)
    assert announce_office(at=NOW) == 1
    message = Message.objects.get()
    assert (message.person, message.unit, message.event, message.case) == (
        desk.county_reporter,
        desk.county.unit,
        None,
        None,
    )
    assert announce_office(at=NOW) == 0
    assert Message.objects.count() == 1


def test_whoever_did_it_is_not_told(desk: Desk, cast: Cast) -> None:
    late(desk, kind=OfficeEventKind.BULLETIN_TO_APPROVE, unit=cast.city, by=desk.officer)
    announce_office(at=NOW)
    told = set(Message.objects.values_list("person__username", flat=True))
    assert told == {"colleague", cast.city_supervisor.username}


def test_many_units_are_told_with_as_many_queries_as_one(desk: Desk, django_assert_num_queries) -> None:
    told = [(member.unit, member.pk, "通报") for member in (desk.county, desk.other_county, desk.department)]
    with django_assert_num_queries(1):
        record_office_events(kind=OfficeEventKind.BULLETIN_SENT, told=told, by=desk.officer, at=NOW)
    announce_office(at=NOW)
    assert set(Message.objects.values_list("person__username", flat=True)) == {
        "county_reporter",
        "other_county_reporter",
        "department_reporter",
    }


def test_it_goes_out_by_the_persons_own_channel_with_its_address(desk: Desk, mailoutbox: list) -> None:
    Address.objects.create(person=desk.county_reporter, channel="email", address="r@example.org")
    event = late(desk)
    announce_office(at=NOW)
    assert deliver("email", at=NOW) == 1
    with translation.override("zh-hans"):
        words = words_of_office(event)
    assert mailoutbox[0].subject == words.subject == "本单位报送已迟：2026年1月—2月"
    assert "/unit_report/7" in mailoutbox[0].body


def test_what_can_wait_joins_the_digest(desk: Desk, cast: Cast, mailoutbox: list) -> None:
    Address.objects.create(person=desk.officer, channel="email", address="o@example.org")
    late(desk, kind=OfficeEventKind.REPORT_HANDED_IN, unit=cast.city)
    announce_office(at=NOW)
    message = Message.objects.get(person=desk.officer)
    assert message.digest is not None
    delivery = Delivery.objects.get()
    assert deliver("email", at=delivery.due_at) == 1
    assert mailoutbox[0].subject == "工作消息 1 条"


def test_whoever_left_the_post_is_told_no_longer(desk: Desk) -> None:
    Address.objects.create(person=desk.county_reporter, channel="email", address="r@example.org")
    late(desk)
    announce_office(at=NOW)
    on = local_day(NOW)
    assert Message.objects.filter(still_told(desk.county_reporter, on)).count() == 1
    Term.objects.filter(person=desk.county_reporter).update(valid_until=on - timedelta(days=1))
    del desk.county_reporter.__dict__["_posts_held"]
    assert not Message.objects.filter(still_told(desk.county_reporter, on)).exists()
    deliver("email", at=NOW + timedelta(hours=15))
    assert Delivery.objects.get().state == State.CANCELLED


def test_the_words_of_an_event_can_not_be_changed(desk: Desk) -> None:
    event = late(desk)
    for change in (
        lambda: OfficeEvent.objects.update(about="x"),
        lambda: OfficeEvent.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert OfficeEvent.objects.update(announced_at=NOW) == 1


def test_a_message_is_about_one_event(desk: Desk) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.create(person=desk.officer, at=NOW)


@pytest.mark.parametrize("kind", list(OfficeEventKind))
def test_every_kind_says_what_happened_and_where(kind: OfficeEventKind, desk: Desk) -> None:
    words = words_of_office(OfficeEvent(kind=kind, subject=5, about="X"))
    assert words.subject == f"{OFFICE_TELLINGS[kind].title}：X"
    assert words.url.endswith("/5")
    assert OFFICE_TELLINGS[kind].roles
