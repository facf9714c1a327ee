"""Work accounts, group robots and phones: tokens, codes in the answers, and words that must fit."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache

from casework.errors import Invalid
from notifications.channels import base, channel
from notifications.channels.base import Blocked, Outgoing, Passing, Permanent, Refused
from tests.notifications.fake_servers import Answer, Receiver

LINK = "https://rectification.example/cases/1"
TOKEN = {"errcode": 0, "access_token": "t", "expires_in": 7200}


class Platform:
    """WeCom and DingTalk at once: gives `tokens` in turn, and answers messages with `says` in turn."""

    def __init__(self) -> None:
        self.tokens: list[Any] = [TOKEN]
        self.says: list[Any] = [{"errcode": 0}]
        self.status = 200
        self.pause = 0.0
        self.server = Receiver(self.answer)

    def answer(self, path: str) -> Answer:
        time.sleep(self.pause)
        answers = self.tokens if "gettoken" in path else self.says
        return self.status, answers.pop(0) if len(answers) > 1 else answers[0]

    def asked_for_tokens(self) -> list[dict[str, list[str]]]:
        return [parse_qs(urlsplit(path).query) for path, *_ in self.server.received if "gettoken" in path]


@pytest.fixture
def platform(settings: Any) -> Iterator[Platform]:
    platform = Platform()
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    settings.WECOM_API = settings.DINGTALK_API = platform.server.url
    settings.WECOM_CORP_ID, settings.WECOM_SECRET, settings.WECOM_AGENT_ID = "corp", "s&=1", 9
    settings.DINGTALK_APP_KEY, settings.DINGTALK_APP_SECRET, settings.DINGTALK_AGENT_ID = "key", "s&=1", 9
    yield platform
    platform.server.close()


def to(address: str, text: str = "请签收") -> Outgoing:
    return Outgoing(identifier="message-7", address=address, subject="督办单", text=text, url=LINK)


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("wecom", {"corpid": ["corp"], "corpsecret": ["s&=1"]}),
        ("dingtalk", {"appkey": ["key"], "appsecret": ["s&=1"]}),
    ],
)
def test_a_token_is_fetched_by_get_with_the_office_s_credentials(
    code: str, asked: dict[str, list[str]], platform: Platform
) -> None:
    channel(code).send(to("zhangsan"))
    assert platform.server.methods == ["GET", "POST"]
    assert platform.asked_for_tokens() == [asked]


def test_a_wecom_message_names_the_account_and_drops_repeats(platform: Platform) -> None:
    channel("wecom").send(to("zhangsan"))
    assert platform.server.received[-1][0] == "/cgi-bin/message/send?access_token=t"
    assert platform.server.said() == {
        "touser": "zhangsan",
        "msgtype": "text",
        "agentid": 9,
        "text": {"content": f"督办单\n请签收\n{LINK}"},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 14400,
    }


def test_a_dingtalk_message_carries_its_identifier_among_its_words(platform: Platform) -> None:
    channel("dingtalk").send(to("manager1"))
    assert platform.server.received[-1][0] == "/topapi/message/corpconversation/asyncsend_v2?access_token=t"
    assert platform.server.said() == {
        "agent_id": 9,
        "userid_list": "manager1",
        "msg": {"msgtype": "text", "text": {"content": f"督办单\n请签收\n{LINK}\n#message-7"}},
    }


def test_a_token_is_fetched_again_before_it_runs_out(platform: Platform) -> None:
    with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
        channel("wecom").send(to("zhangsan"))
        clock.shift(6999)
        channel("wecom").send(to("zhangsan"))
        assert len(platform.asked_for_tokens()) == 1
        clock.shift(2)
        channel("wecom").send(to("zhangsan"))
    assert len(platform.asked_for_tokens()) == 2


def test_another_secret_gets_another_token(platform: Platform, settings: Any) -> None:
    channel("wecom").send(to("zhangsan"))
    settings.WECOM_SECRET = "changed"
    channel("wecom").send(to("zhangsan"))
    assert [asked["corpsecret"] for asked in platform.asked_for_tokens()] == [["s&=1"], ["changed"]]


@pytest.mark.parametrize("code", ["wecom", "dingtalk"])
def test_a_token_that_is_expired_again_is_not_fetched_for_ever(code: str, platform: Platform) -> None:
    platform.says = [{"errcode": 42001}]
    with pytest.raises(Passing, match="42001"):
        channel(code).send(to("zhangsan"))
    assert len(platform.asked_for_tokens()) == 2


def test_dingtalk_wraps_an_expired_token_and_it_is_renewed_all_the_same(platform: Platform) -> None:
    platform.says = [{"errcode": 88, "sub_code": "40014"}, {"errcode": 0}]
    channel("dingtalk").send(to("manager1"))
    assert len(platform.asked_for_tokens()) == 2


@pytest.mark.parametrize("code", ["wecom", "dingtalk"])
def test_a_refused_app_is_the_office_s_and_not_the_reader_s(code: str, platform: Platform) -> None:
    platform.tokens = [{"errcode": 40001, "errmsg": "bad secret s&=1"}]
    with pytest.raises(Passing, match="check the settings") as raised:
        channel(code).send(to("zhangsan"))
    assert "s&=1" not in str(raised.value)


@pytest.mark.parametrize(
    ("code", "said", "error"),
    [
        ("wecom", {"errcode": 60111}, Permanent),
        ("wecom", {"errcode": 81013}, Permanent),
        ("wecom", {"errcode": 0, "invaliduser": "zhangsan"}, Permanent),
        ("wecom", {"errcode": 40001}, Blocked),
        ("wecom", {"errcode": 301002, "invaliduser": "zhangsan"}, Blocked),
        ("wecom", {"errcode": 60020}, Blocked),
        ("wecom", {"errcode": 45009}, Blocked),
        ("wecom", {"errcode": 48002}, Blocked),
        ("wecom", {"errcode": 45002}, Refused),
        ("wecom", {"errcode": -1}, Passing),
        ("dingtalk", {"errcode": 90018}, Blocked),
        ("dingtalk", {"errcode": 88, "sub_code": "90018"}, Blocked),
        ("dingtalk", {"errcode": 130101}, Blocked),
        ("dingtalk", {"errcode": 40035}, Refused),
        ("dingtalk", {"errcode": 33012}, Permanent),
        ("dingtalk", {"errcode": 60121}, Permanent),
        ("dingtalk", {"errcode": -1}, Passing),
        ("dingtalk", {"errcode": 88, "sub_code": "60011"}, Passing),
    ],
)
def test_a_code_in_the_answer_says_whether_to_try_again(
    code: str, said: object, error: type[Exception], platform: Platform
) -> None:
    platform.says = [said]
    with pytest.raises(error):
        channel(code).send(to("zhangsan"))


@pytest.mark.parametrize("code", ["wecom", "dingtalk"])
@pytest.mark.parametrize("page", [b"<html>Sign in</html>", {}, []])
def test_a_page_of_a_proxy_is_no_proof_that_anybody_was_told(code: str, page: object, platform: Platform) -> None:
    platform.says = [page]
    with pytest.raises(Passing):
        channel(code).send(to("zhangsan"))


def test_a_proxy_that_forbids_the_way_out_does_not_end_a_person_s_account(platform: Platform) -> None:
    platform.status = 403
    with pytest.raises(Passing, match="403"):
        channel("wecom").send(to("zhangsan"))


def test_token_and_message_share_one_limit(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "SECONDS_TO_SEND", 0.8)
    platform.pause = 0.5
    begun = time.monotonic()
    with pytest.raises(Passing, match="in time"):
        channel("wecom").send(to("zhangsan"))
    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize("code", ["wecom", "dingtalk"])
def test_a_work_message_without_an_app_s_number_is_not_set_up(code: str, platform: Platform, settings: Any) -> None:
    assert channel(code).is_configured()
    setattr(settings, f"{code.upper()}_AGENT_ID", 0)
    assert not channel(code).is_configured()


@pytest.mark.parametrize(("code", "largest"), [("wecom", 2048), ("dingtalk", 2048)])
def test_a_long_letter_gives_way_to_its_link(code: str, largest: int, platform: Platform) -> None:
    channel(code).send(to("zhangsan", "整改" * 2000))
    said = platform.server.said()
    part = said["text"]["content"] if code == "wecom" else json.dumps(said["msg"], ensure_ascii=False)
    assert len(part.encode()) <= largest
    assert f"…\n{LINK}" in part.replace("\\n", "\n")


ROBOTS = [("wecom_robot", "/cgi-bin/webhook/send?key=k-1"), ("dingtalk_robot", "/robot/send?access_token=k1")]


@pytest.mark.parametrize(
    ("code", "said", "error"),
    [
        ("dingtalk_robot", {"errcode": 300005}, Permanent),
        ("dingtalk_robot", {"errcode": 400102}, Permanent),
        ("dingtalk_robot", {"errcode": 310000}, Refused),  # its keyword, its signature, its addresses
        ("dingtalk_robot", {"errcode": 130101}, Blocked),
        ("wecom_robot", {"errcode": 45009}, Blocked),
        ("wecom_robot", {"errcode": 40008}, Refused),
        ("wecom_robot", {"errcode": -1}, Passing),
        ("wecom_robot", b"<html>Sign in</html>", Passing),
    ],
)
def test_a_robot_s_answer_says_whether_to_try_again(
    code: str, said: object, error: type[Exception], platform: Platform
) -> None:
    platform.says = [said]
    with pytest.raises(error):
        channel(code).send(to(platform.server.url + dict(ROBOTS)[code]))


@pytest.mark.parametrize(("code", "path"), ROBOTS)
@pytest.mark.parametrize("tail", ["", "&more=1", "#x", " ", "/../x", "\r\nX-Evil: 1"])
def test_a_robot_s_address_is_its_key_and_nothing_more(code: str, path: str, tail: str, platform: Platform) -> None:
    beginning = platform.server.url + path.partition("=")[0] + "="
    with pytest.raises(Invalid) as refused:
        channel(code).check_address(f"{beginning}k{tail}" if tail else beginning)
    assert refused.value.field == "address"


@pytest.mark.parametrize(("code", "path"), ROBOTS)
def test_a_robot_kept_for_another_host_is_not_written_to(code: str, path: str, platform: Platform) -> None:
    with pytest.raises(Permanent):
        channel(code).send(to(f"http://127.0.0.1:1{path}"))


@pytest.mark.parametrize(
    "written", ["13800000000", "138 0000 0000", "138-0000-0000", "+86 13800000000", "１３８００００００００"]
)
def test_a_mobile_number_is_read_as_people_write_it(written: str) -> None:
    assert channel("sms").check_address(written) == "13800000000"


@pytest.mark.parametrize("written", ["12800000000", "1380000000", "138000000000", "+1 13800000000", "१३८००००००००", ""])
def test_what_is_no_chinese_mobile_number_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        channel("sms").check_address(written)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, Blocked),
        (400, Refused),
        (401, Blocked),
        (403, Blocked),
        (404, Blocked),
        (408, Passing),
        (422, Refused),
        (429, Blocked),
        (500, Passing),
    ],
)
def test_a_gateway_s_status_says_whether_to_try_again(
    status: int, error: type[Exception], platform: Platform, settings: Any
) -> None:
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = f"{platform.server.url}/sms", "geheim"
    platform.status = status
    with pytest.raises(error) as raised:
        channel("sms").send(to("13800000000"))
    assert "13800000000" not in str(raised.value)
    assert "geheim" not in str(raised.value)
