"""E-mail against a mail server of the test: what arrives, and whose fault it is when it doesn't."""

import time
from email import message_from_bytes, policy
from typing import Any

import pytest

from notifications.channels import base, channel
from notifications.channels.base import Blocked, Outgoing, Passing, Permanent, Refused
from notifications.channels.smtp_replies import Step, error_of
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


ADDRESS = [
    "550 5.1.1 <head@willow.example>: Recipient address rejected: User unknown in local recipient table",
    "550 User not found: head@willow.example",  # Coremail
    "550 Invalid User: head@willow.example",  # 163
    "550 User suspended",
    "550 Mailbox not found",  # QQ
    "550 Mailbox not found. http://service.mail.qq.com/detail/0/1",
    "550 5.2.1 The email account that you tried to reach is disabled",
    "550 No such user here",
    "550 unknown user",
    "550 user not exist",
    "553 Invalid recipient head@willow.example (Mode: normal)",
    "511 5.1.1 unknown address or alias",
    "550 RCPT TO: user does not exist",
    "550 5.1.1 The email account that you tried to reach does not exist",
    "550 该用户不存在",
]
OFFICE = [
    "550 Connection frequency limited",  # QQ
    "550 Domain frequency limited",
    "550 Sender frequency limited",
    "550 Suspicious IP",
    "550 Ip frequency limited. http://service.mail.qq.com/detail/0/20",
    "553 Mail from must equal authorized user",
    "553 sorry, that domain isn't in my list of allowed rcpthosts",
    "550 User has no permission",  # 163, of the sender
    "553 authentication is required",
    "554 DT:SPM sending limit reached",
    "421 HL:REP 163 smtp9",
    "421 HL:IFC 163 smtp9",
    "450 MI:DMC 163 smtp9",
    "451 MI:SFQ 163 smtp9",
    "450 RP:DRC",
    "550 MI:NHD",
    "550 RP:TRC",
    "554 IP:QNC",
    "450 DT:RBL",
    "452 Too many recipients received this hour",
    "451 4.7.1 Greylisting in action, please come back later",
    "550 5.7.1 Service unavailable; client host blocked using RBL",
    "550 5.7.26 This mail has been blocked because the sender is unauthenticated",
    "550 black ip",
    "554 rbl deny",
    "550 Daily user sending quota exceeded",
    "421 4.7.0 try again later",
    "451 Requested mail action not taken: too much fail authentication",
    "554 5.7.1 Relay access denied",
    "535 Error: authentication failed",
    "550 发信频率过高",
]
CONTENT = [
    "554 DT:SPM 163 smtp9",
    "554 DT:SUM 163 smtp9",
    "550 content rejected",
    "550 Error: content rejected. http://anti-spam.org.cn/AntiSpam/Index",
    "552 message rejected by anti-spam engine",
    "552 message is too long",
    "552 5.3.4 Message size exceeds fixed limit",
    "554 Reject by content spam at mx",  # Aliyun
    "554 5.7.1 Message rejected as spam",
    "550 Mailbox unavailable",
    "550 Mailbox unavailable or access denied",  # QQ: this reader was written to by too many
    "550 Requested action not taken: mailbox unavailable",
    "554 Transaction failed",
    "550",
]
LATER = [
    "452 4.2.2 Mailbox full",
    "552 Quota exceeded (mailbox for user is full)",
    "552 5.2.2 over quota",
    "450 4.2.1 mailbox temporarily disabled",
    "451 4.3.0 local error in processing",
    "452 Insufficient system storage",
]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        *((said, Permanent) for said in ADDRESS),
        *((said, Blocked) for said in OFFICE),
        *((said, Refused) for said in CONTENT),
        *((said, Passing) for said in LATER),
    ],
)
@pytest.mark.parametrize("step", [Step.RECIPIENT, Step.LETTER])
def test_only_what_names_the_mailbox_as_unknown_is_the_address_s(said: str, error: type[Exception], step: Step) -> None:
    status, _, words = said.partition(" ")
    raised = error_of(int(status), words.encode(), step)
    if error is Passing:
        assert isinstance(raised, Passing)
    else:
        assert type(raised) is error
    assert "willow" not in str(raised)


@pytest.mark.parametrize("said", [*ADDRESS, *OFFICE, *CONTENT, *LATER])
def test_what_is_said_to_the_sender_is_the_office_s(said: str) -> None:
    status, _, words = said.partition(" ")
    assert type(error_of(int(status), words, Step.SENDER)) is Blocked


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        ({"RCPT": "550 no head@willow.example here"}, Permanent, "this address"),
        ({"RCPT": "451 later"}, Passing, "now"),
        ({"RCPT": "550 Connection frequency limited"}, Blocked, "for now"),
        ({"MAIL": "550 not from you"}, Blocked, "DEFAULT_FROM_EMAIL"),
        ({"DATA": "554 spam"}, Refused, "554"),
        ({"END": "554 DT:SPM sending limit reached"}, Blocked, "554"),
        ({"END": "550 content rejected"}, Refused, "550"),
        ({"END": "452 full"}, Passing, "452"),
        ({"HELLO": "554 go away"}, Blocked, "554"),
        ({"HELLO": "421 busy"}, Blocked, "421"),
    ],
)
def test_an_answer_of_the_mail_server_says_whose_trouble_it_is(
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
