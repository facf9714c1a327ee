"""The SMS of an assignment to a committee carries the link to sign in: one message, to people who chose nothing."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from casework.lifecycle.reminding import remind_turn
from casework.models import Case, Person, SignInLink
from casework.offices.sign_in_links import link_of, withdraw_link
from casework.stages import Role
from flows import steps
from notifications.announcing import announce
from notifications.channels.base import Outgoing
from notifications.channels.sms import LONGEST, Sms
from notifications.delivering import deliver
from notifications.models import Address, Delivery, Preference, State
from tests.cast import Cast
from tests.factories import appoint
from tests.walk import NOW, assigned, reported, screened

TOLD = NOW + timedelta(minutes=11)
NUMBERS = {"willow_head": "13900000012", "willow_member": "13900000013"}
LINK = re.compile(r"https://city\.example/in/(\w{26})/([0-9A-Z-]{9})")


@pytest.fixture(autouse=True)
def gateway(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[Outgoing]:
    settings.SMS_GATEWAY_URL, settings.SITE_URL = "https://sms.example/send", "https://city.example"
    sent: list[Outgoing] = []
    monkeypatch.setattr(Sms, "send", lambda self, message: sent.append(message))
    return sent


@pytest.fixture
def head(cast: Cast) -> Person:
    for name, number in NUMBERS.items():
        Person.objects.filter(username=getattr(cast, name).username).update(phone=number)
    cast.willow_head.refresh_from_db()
    return cast.willow_head


def told(cast: Cast) -> Case:
    case = assigned(cast, screened(cast, reported(cast)))
    announce(at=TOLD)
    return case


def test_the_committee_gets_one_sms_each_with_a_link_to_the_case(
    cast: Cast, head: Person, gateway: list[Outgoing]
) -> None:
    case = told(cast)
    assert deliver("sms", at=TOLD) == 2
    assert sorted(one.address for one in gateway) == sorted(NUMBERS.values())
    mine = next(one for one in gateway if one.address == NUMBERS["willow_head"])
    found = LINK.search(f"{mine.subject} {mine.text}"[:LONGEST])  # whole, before an SMS is cut
    assert found is not None and case.number in mine.subject
    link = link_of(found[1], at=TOLD)
    assert (link.person, link.village, link.by) == (head, cast.willow, cast.county_supervisor)
    assert Client().get(f"/in/{found[1]}/{found[2]}").status_code == 200
    assert Delivery.objects.filter(state=State.SENT).count() == 2 and deliver("sms", at=TOLD) == 0


def test_the_next_case_carries_the_same_link_while_it_holds_long_enough(
    cast: Cast, head: Person, gateway: list[Outgoing]
) -> None:
    told(cast)
    deliver("sms", at=TOLD)
    told(cast)
    deliver("sms", at=TOLD)
    assert SignInLink.objects.filter(person=head).count() == 1
    told(cast)
    deliver("sms", at=TOLD + timedelta(days=4))
    links = SignInLink.objects.filter(person=head)
    assert links.count() == 2 and not links.exclude(withdrawn_at=None).exists()
    withdraw_link(link=links.order_by("-pk")[0], by=cast.town_reviewer, at=TOLD + timedelta(days=4))
    assert link_of(LINK.search(gateway[0].text)[1], at=TOLD) is not None  # the first message still leads in


def test_without_sms_nothing_is_made_or_sent(cast: Cast, head: Person, settings: Any) -> None:
    settings.SMS_GATEWAY_URL = ""
    told(cast)
    assert not Delivery.objects.exists() and not SignInLink.objects.exists()


def test_who_chose_other_ways_gets_none_and_who_entered_a_number_gets_the_link_there(
    cast: Cast, head: Person, gateway: list[Outgoing]
) -> None:
    Preference.objects.create(person=head, quiet_from=time(0), quiet_until=time(0))
    Address.objects.create(person=cast.willow_member, channel="sms", address="13700000000")
    told(cast)
    deliver("sms", at=TOLD)
    assert [one.address for one in gateway] == ["13700000000"] and LINK.search(gateway[0].text)


def test_a_number_that_was_refused_rests_and_the_accounts_is_not_taken_in_its_place(
    cast: Cast, head: Person, gateway: list[Outgoing]
) -> None:
    for person in (head, cast.willow_member):
        Address.objects.create(person=person, channel="sms", address="13700000000", failed_at=NOW)
    told(cast)
    assert not Delivery.objects.exists()


def test_who_signs_in_with_a_password_gets_no_link(cast: Cast, head: Person, gateway: list[Outgoing]) -> None:
    appoint(head, Role.TOWN_REVIEWER, cast.town)
    Address.objects.create(person=head, channel="sms", address=NUMBERS["willow_head"])
    told(cast)
    deliver("sms", at=TOLD)
    assert [bool(LINK.search(one.text)) for one in sorted(gateway, key=lambda one: one.address)] == [False, True]


def test_a_telephone_that_is_none_to_write_to_is_left_alone(cast: Cast, head: Person, gateway: list[Outgoing]) -> None:
    Person.objects.filter(pk=head.pk).update(phone="0395-1234567")
    told(cast)
    deliver("sms", at=TOLD)
    assert [one.address for one in gateway] == [NUMBERS["willow_member"]]
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT, State.CANCELLED}


def test_other_news_go_to_no_number_that_nobody_entered(cast: Cast, head: Person, gateway: list[Outgoing]) -> None:
    case = told(cast)
    deliver("sms", at=TOLD)
    gateway.clear()
    steps.take(remind_turn, case=case, words="请尽快", by=cast.county_supervisor, at=TOLD)
    announce(at=TOLD + timedelta(minutes=11))
    deliver("sms", at=TOLD + timedelta(minutes=11))
    assert gateway == []
