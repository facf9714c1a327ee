"""A channel that keeps what it is given, and a case of which two people are told by it."""

from datetime import date, datetime

import pytest

from casework.escalation.sweeping import sweep
from casework.models import Case
from casework.working_time.deadlines import LOCAL
from notifications.announcing import announce
from notifications.channels import CHANNELS
from notifications.channels.base import Channel, Outgoing
from notifications.models import Address
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


def road_in(monkeypatch: pytest.MonkeyPatch) -> Road:
    road = Road()
    monkeypatch.setitem(CHANNELS, "road", road)
    return road


def two_letters(cast: Cast) -> Case:
    """Of this case one letter waits for each of the two."""
    case = assigned(cast, screened(cast, reported(cast, severity=3)), due_on=DUE)
    announce(at=NOW)
    for person in (cast.willow_head, cast.willow_member):
        Address.objects.create(person=person, channel="road", address=person.username)
    sweep(at=AT)
    announce(at=AT)
    return case
