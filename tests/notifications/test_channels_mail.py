"""E-mail against a mail server of the test: what arrives, and whose fault it is when it doesn't."""

import time
from email import message_from_bytes, policy
from typing import Any

import pytest

from notifications.channels import base, channel
from notifications.channels.base import Outgoing, Passing, Permanent
from tests.notifications.fake_servers import Mailbox

LETTER = Outgoing(
    identifier="message-7",
    address="head@willow.example",
    subject="督办单：上柳村",
    text="请在三个工作日内签收。",
    url="https://rectification.example/cases/1",
)


@pytest.fixture(autouse=True)
def _office(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "澄川市阳光办 <office@chengchuan.example>"


def send_to(mailbox: Mailbox, settings: Any) -> None:
    settings.EMAIL_PORT = mailbox.port
    try:
        channel("email").send(LETTER)
    finally:
        mailbox.close()


def test_a_letter_arrives_in_its_own_words_under_the_same_identifier(settings: Any) -> None:
    mailbox = Mailbox()
    send_to(mailbox, settings)
    letter = message_from_bytes(mailbox.letters[0], policy=policy.default)
    assert letter["Message-ID"] == "<message-7@chengchuan.example>"
    assert (letter["To"], letter["Subject"]) == ("head@willow.example", "督办单：上柳村")
    assert letter.get_content().split() == ["请在三个工作日内签收。", "https://rectification.example/cases/1"]


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        ({"RCPT": "550 no head@willow.example here"}, Permanent, "this address"),
        ({"RCPT": "451 later"}, Passing, "now"),
        ({"MAIL": "550 not from you"}, Passing, "DEFAULT_FROM_EMAIL"),
        ({"DATA": "554 spam"}, Permanent, "554"),
        ({"END": "452 full"}, Passing, "452"),
        ({"HELLO": "554 go away"}, Passing, "554"),
        ({"HELLO": "421 busy"}, Passing, "421"),
    ],
)
def test_an_answer_of_the_mail_server_says_whether_to_try_again(
    words: dict[str, str], error: type[Exception], told: str, settings: Any
) -> None:
    with pytest.raises(error, match=told) as raised:
        send_to(Mailbox(**words), settings)
    assert "willow" not in str(raised.value)


def test_a_refused_account_is_the_office_s_and_not_the_reader_s(settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "office", "geheim"
    with pytest.raises(Passing, match="EMAIL_HOST_USER") as raised:
        send_to(Mailbox(AUTH="535 wrong"), settings)
    assert "geheim" not in str(raised.value)


def test_a_mail_server_that_is_away_is_tried_again(settings: Any) -> None:
    mailbox = Mailbox()
    mailbox.close()
    settings.EMAIL_PORT = mailbox.port
    with pytest.raises(Passing, match="away"):
        channel("email").send(LETTER)


def test_a_mail_server_that_drips_is_given_up_in_time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "SECONDS_TO_SEND", 0.5)
    begun = time.monotonic()
    with pytest.raises(Passing, match="in time"):
        send_to(Mailbox(pause=0.1), settings)
    assert time.monotonic() - begun < 2
