"""A mail provider's busy quarter of an hour: said once, no reader's address rests, and every letter goes out after it."""

from datetime import timedelta
from typing import Any

import pytest

from casework.models import Case
from casework.stages import Role
from notifications.announcing import announce
from notifications.delivering import deliver
from notifications.models import Address, BlockedChannel, Delivery, State
from tests.cast import Cast
from tests.factories import holder
from tests.notifications.fake_servers import Mailbox
from tests.walk import NOW, assigned, reported, screened


@pytest.fixture
def five(cast: Cast, settings: Any) -> Case:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    people = [cast.willow_head, cast.willow_member]
    people += [holder(Role.COMMITTEE_MEMBER, cast.willow, f"member{n}") for n in range(3)]
    Address.objects.bulk_create(
        Address(person=person, channel="email", address=f"{person.username}@qq.example") for person in people
    )
    case = assigned(cast, screened(cast, reported(cast)))
    announce(at=NOW)
    assert Delivery.objects.filter(state=State.WAITING).count() == 5
    return case


@pytest.mark.parametrize(
    "words",
    [
        {"END": "554 DT:SPM sending limit reached"},
        {"RCPT": "550 Connection frequency limited"},
        {"END": "550 content rejected"},
    ],
)
@pytest.mark.parametrize("minutes", [(0,), (0, 7), tuple(range(15))])
def test_a_limit_that_is_over_after_a_quarter_of_an_hour(
    five: Case, settings: Any, words: dict[str, str], minutes: tuple[int, ...]
) -> None:
    refusing = Mailbox(**words)
    settings.EMAIL_PORT = refusing.port
    for minute in minutes:
        deliver("email", at=NOW + timedelta(minutes=minute))
    refusing.close()
    assert Address.objects.filter(failed_at=None).count() == 5
    assert BlockedChannel.objects.count() == 1

    taking = Mailbox()
    settings.EMAIL_PORT = taking.port
    deliver("email", at=NOW + timedelta(minutes=15))
    deliver("email", at=NOW + timedelta(minutes=16))
    taking.close()
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert len(taking.letters) == 5
    assert not BlockedChannel.objects.exists()
