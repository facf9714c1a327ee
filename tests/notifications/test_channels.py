"""Each road against a server of the test: what arrives, what is refused for good, what may be tried again."""

import base64
import hmac
import time
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.cache import cache

from casework.errors import Invalid
from notifications.channels import CHANNELS, base, channel, http
from notifications.channels.base import Blocked, Outgoing, Passing, Permanent, Refused
from tests.notifications.fake_servers import Hanger, Receiver


def outgoing(address: str, **values: str) -> Outgoing:
    said = {"identifier": "message-7", "subject": "督办单", "text": "请签收", "url": "https://x.cn/cases/1", **values}
    return Outgoing(address=address, **said)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _intranet(settings: object) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def test_every_channel_stands_under_its_own_code() -> None:
    assert {code: road.code for code, road in CHANNELS.items()} == {code: code for code in CHANNELS}
    with pytest.raises(KeyError):
        channel("pigeon")


def test_a_webhook_is_signed_over_moment_and_body(receiver: Receiver) -> None:
    channel("webhook").send(outgoing(f"{receiver.url}/hook?a=1", secret="geheim"))
    path, headers, body = receiver.received[0]
    at = headers["X-Signature-Timestamp"]
    expected = hmac.new(b"geheim", at.encode() + b"." + body, "sha256").hexdigest()
    assert (path, headers["X-Signature"], headers["X-Message-Id"]) == ("/hook?a=1", f"sha256={expected}", "message-7")
    said = receiver.said()
    assert datetime.fromisoformat(said.pop("sent_at")).timestamp() == int(at)
    assert said == {
        "id": "message-7",
        "subject": "督办单",
        "text": "请签收",
        "url": "https://x.cn/cases/1",
    }


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Refused),
        (401, Refused),
        (403, Refused),
        (404, Permanent),
        (410, Permanent),
        (413, Refused),
        (429, Blocked),
        (408, Passing),
        (503, Passing),
    ],
)
def test_a_status_says_whether_to_try_again(status: int, error: type[Exception]) -> None:
    server = Receiver(lambda path: (status, {}))
    with pytest.raises(error):
        channel("webhook").send(outgoing(server.url))
    server.close()


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    lure = Receiver(lambda path: (302, f"{receiver.url}/inside"))
    with pytest.raises(Permanent):
        channel("webhook").send(outgoing(lure.url))
    assert receiver.received == []
    lure.close()


def test_a_port_that_nobody_listens_at_is_tried_again() -> None:
    server = Receiver()
    server.close()
    with pytest.raises(Passing):
        channel("webhook").send(outgoing(server.url))


@pytest.mark.parametrize("drip", [False, True])
def test_a_server_that_hangs_or_drips_is_given_up_in_time(drip: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "SECONDS_TO_SEND", 0.6)
    server = Hanger(drip=drip)
    begun = time.monotonic()
    with pytest.raises(Passing):
        channel("webhook").send(outgoing(server.url))
    assert time.monotonic() - begun < 3
    server.close()


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "file:///etc/passwd",
        "https://127.0.0.2/",
        "https://10.1.2.3/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://name:word@example.org/",
        "https://[half",
        "what?",
    ],
)
def test_an_address_that_leads_inside_or_nowhere_is_refused_when_it_is_entered(address: str) -> None:
    with pytest.raises(Invalid) as refused:
        channel("webhook").check_address(address)
    assert refused.value.field == "address"


def test_a_name_that_points_inside_is_refused_when_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("169.254.169.254", 443))])
    with pytest.raises(Permanent):
        channel("webhook").send(outgoing("https://looks-fine.example/"))


def test_the_answer_that_was_looked_at_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    first, tried = "93.184.216.34", list[tuple[str, str | None]]()
    answers = iter([first])
    monkeypatch.setattr(http, "addresses_of", lambda *_: [next(answers)])
    monkeypatch.setattr(
        http.HTTPSConnection, "connect", lambda self: tried.append((self.host, self.server_hostname)) or refuse()
    )

    def refuse() -> None:
        raise ConnectionRefusedError

    with pytest.raises(Passing):
        channel("webhook").send(outgoing("https://example.org/"))
    assert tried == [(first, "example.org")]


def test_a_wecom_robot_says_it_in_its_group(settings: object) -> None:
    server = Receiver(lambda path: (200, {"errcode": 0}))
    settings.WECOM_API = server.url
    address = channel("wecom_robot").check_address(f"{server.url}/cgi-bin/webhook/send?key=abc")
    channel("wecom_robot").send(outgoing(address))
    assert server.said() == {"msgtype": "text", "text": {"content": "督办单\n请签收\nhttps://x.cn/cases/1"}}
    server.close()


@pytest.mark.parametrize(("code", "error"), [(93000, Permanent), (45009, Passing)])
def test_a_wecom_robot_that_is_unknown_or_tired(code: int, error: type[Exception], settings: object) -> None:
    server = Receiver(lambda path: (200, {"errcode": code}))
    settings.WECOM_API = server.url
    with pytest.raises(error):
        channel("wecom_robot").send(outgoing(f"{server.url}/cgi-bin/webhook/send?key=abc"))
    server.close()


def test_a_robot_of_another_host_is_refused() -> None:
    with pytest.raises(Invalid):
        channel("dingtalk_robot").check_address("https://evil.example/robot/send?access_token=1")


def test_a_dingtalk_robot_is_signed_with_its_secret(settings: object) -> None:
    server = Receiver(lambda path: (200, {"errcode": 0}))
    settings.DINGTALK_API = server.url
    channel("dingtalk_robot").send(outgoing(f"{server.url}/robot/send?access_token=t", secret="SEC1"))
    query = parse_qs(urlsplit(server.received[0][0]).query)
    at = query["timestamp"][0]
    expected = base64.b64encode(hmac.digest(b"SEC1", f"{at}\nSEC1".encode(), "sha256")).decode()
    assert query["sign"] == [expected]
    server.close()


def test_a_work_message_fetches_its_token_once_and_renews_an_expired_one(settings: object) -> None:
    tokens = iter(["old", "new"])

    def answer(path: str) -> tuple[int, object]:
        if "gettoken" in path:
            return 200, {"errcode": 0, "access_token": next(tokens)}
        return 200, {"errcode": 42001 if "old" in path else 0}

    server = Receiver(answer)
    settings.WECOM_API, settings.WECOM_CORP_ID, settings.WECOM_SECRET = server.url, "corp", "s"
    channel("wecom").send(outgoing("zhangsan"))
    channel("wecom").send(outgoing("zhangsan"))
    paths = [path.split("?")[0].rpartition("/")[2] for path, _headers, _body in server.received]
    assert paths == ["gettoken", "send", "gettoken", "send", "send"]
    assert server.said()["touser"] == "zhangsan"
    server.close()


@pytest.mark.parametrize(
    ("answered", "error"),
    [({"errcode": 81013}, Permanent), ({"errcode": 0, "invaliduser": "x"}, Permanent), ({"errcode": -1}, Passing)],
)
def test_an_unknown_work_account_is_permanent(
    answered: dict[str, object], error: type[Exception], settings: object
) -> None:
    server = Receiver(lambda path: (200, {"access_token": "t"} if "gettoken" in path else answered))
    settings.WECOM_API, settings.WECOM_CORP_ID, settings.WECOM_SECRET = server.url, "corp", "s"
    with pytest.raises(error):
        channel("wecom").send(outgoing("nobody"))
    server.close()


def test_a_dingtalk_account_is_written_to(settings: object) -> None:
    server = Receiver(lambda path: (200, {"errcode": 0, "access_token": "t"}))
    settings.DINGTALK_API, settings.DINGTALK_APP_KEY, settings.DINGTALK_APP_SECRET = server.url, "k", "s"
    channel("dingtalk").send(outgoing("manager1"))
    assert server.said()["userid_list"] == "manager1"
    server.close()


def test_an_sms_carries_its_identifier_and_stays_short(receiver: Receiver, settings: object) -> None:
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = f"{receiver.url}/sms", "token"
    number = channel("sms").check_address("+86 138-0000-0000")
    channel("sms").send(outgoing(number, text="字" * 500))
    _path, headers, _body = receiver.received[0]
    assert headers["Authorization"] == "Bearer token"
    assert receiver.said()["phone"] == "13800000000" and receiver.said()["id"] == "message-7"
    assert len(receiver.said()["text"]) == 200


@pytest.mark.parametrize(
    ("code", "address"), [("sms", "12345"), ("sms", "028-1234"), ("email", "nobody"), ("wecom", "张 三")]
)
def test_an_address_that_cannot_be_one_is_refused_when_it_is_entered(code: str, address: str) -> None:
    with pytest.raises(Invalid):
        channel(code).check_address(address)


def test_an_e_mail_has_one_identifier_and_one_line_of_subject() -> None:
    channel("email").send(outgoing("head@example.org", subject="督办单\r\nBcc: all@example.org"))
    (letter,) = mail.outbox
    assert letter.subject == "督办单 Bcc: all@example.org"
    assert letter.extra_headers["Message-ID"].startswith("<message-7@")
    assert "https://x.cn/cases/1" in letter.body


@pytest.mark.parametrize(("code", "error"), [(550, Permanent), (451, Passing)])
def test_a_mailbox_that_is_refused_for_good_or_for_now(
    code: int, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    import smtplib

    from django.core.mail import EmailMessage

    def refuse(self: EmailMessage) -> int:
        raise smtplib.SMTPRecipientsRefused({"x@example.org": (code, b"user unknown")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with pytest.raises(error) as refused:
        channel("email").send(outgoing("x@example.org"))
    assert "x@example.org" not in str(refused.value)


def test_a_gateway_that_refuses_the_office_s_key_costs_nobody_the_address(settings: object) -> None:
    server = Receiver(lambda path: (401, {}))
    settings.SMS_GATEWAY_URL = server.url
    with pytest.raises(Passing):
        channel("sms").send(outgoing("13800000000"))
    server.close()
