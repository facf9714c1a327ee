"""The way out by HTTP: slow servers are cut off, inner addresses are never reached, errors keep secrets."""

import ssl
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.errors import Invalid
from notifications.channels import base, channel, http, open_net, webhook
from notifications.channels.base import Outgoing, Passing, Permanent
from tests.notifications.fake_servers import Hanger, Receiver

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


@pytest.fixture(autouse=True)
def _intranet(settings: object) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]


def hook(address: str, **values: str) -> Outgoing:
    return Outgoing(identifier="message-7", address=address, subject="督办单", text="请签收", **values)


@pytest.mark.parametrize("words", [b"HTTP/1.1 200 OK\r\nX-Slow: ", HEAD])
def test_a_server_that_drips_is_cut_off_wherever_it_has_got_to(words: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "SECONDS_TO_SEND", 0.6)
    server = Hanger(drip=True, words=words, every=0.005)
    with pytest.raises(Passing, match="in time"):
        http.post(server.url, b"{}")
    assert server.hung_up.wait(2)
    server.close()


def test_a_name_that_takes_long_to_look_up_is_given_up_and_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "SECONDS_TO_SEND", 0.2)
    server = Receiver()
    monkeypatch.setattr(http, "addresses_of", lambda *_: time.sleep(0.5) or ["127.0.0.1"])
    with pytest.raises(Passing, match="in time"):
        http.post(server.url, b"{}")
    time.sleep(0.6)
    assert server.received == []
    server.close()


def test_an_endless_answer_is_read_for_64_kilobytes_only() -> None:
    server = Receiver(lambda path: (200, "字" * 1_000_000))
    assert http.post(server.url, b"{}") is None
    server.close()


def test_the_second_address_of_a_name_is_tried_when_the_first_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Receiver()
    monkeypatch.setattr(http, "addresses_of", lambda *_: ["::1", "127.0.0.1"])
    http.post(server.url, b"{}")
    assert len(server.received) == 1
    server.close()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/", "http://example.org/", "//x", "what?"])
def test_only_https_leaves_the_house_even_if_something_else_was_kept(address: str) -> None:
    with pytest.raises(Permanent):
        channel("webhook").send(hook(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_of_the_house_or_of_a_crowd_is_not_public(address: str) -> None:
    assert not open_net.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_an_address_of_the_open_net_is_public(address: str) -> None:
    assert open_net.is_public(address)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_another_spelling_of_this_machine_is_this_machine(host: str) -> None:
    with pytest.raises(Invalid) as refused:
        channel("webhook").check_address(f"https://{host}/hook")
    assert refused.value.code == "webhook_internal"


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (["93.184.216.34", "10.0.0.1"], "webhook_internal"),
        (["169.254.169.254"], "webhook_internal"),
        ([], "webhook_unknown"),
    ],
)
def test_a_name_is_looked_up_when_it_is_entered(found: list[str], code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "addresses_of", lambda *_: found)
    with pytest.raises(Invalid) as refused:
        channel("webhook").check_address("https://hooks.example/a")
    assert (refused.value.code, refused.value.field) == (code, "address")


def test_a_name_of_the_open_net_is_taken_as_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "addresses_of", lambda *_: ["93.184.216.34"])
    assert channel("webhook").check_address("https://Hooks.example/A?b=1") == "https://Hooks.example/A?b=1"


def test_a_webhook_without_a_secret_is_not_signed() -> None:
    server = Receiver()
    channel("webhook").send(hook(server.url))
    assert "X-Signature" not in server.received[0][1]
    server.close()


@pytest.mark.parametrize("status", [302, 404, 503])
def test_a_refusal_keeps_the_address_and_the_secret_to_itself(status: int) -> None:
    server = Receiver(lambda path: (status, "http://127.0.0.1/13800000000"))
    with pytest.raises((Passing, Permanent)) as error:
        channel("webhook").send(hook(f"{server.url}/key", secret="geheim"))
    server.close()
    assert not [word for word in ("key", "geheim", "13800000000") if word in str(error.value)]


def test_an_error_that_quotes_a_header_does_not_get_into_the_log_with_it() -> None:
    server, token = Receiver(), "\n".join(["ge" + "heim", "y"])
    with pytest.raises(Passing, match="ValueError") as error:
        http.post(server.url, b"{}", {"Authorization": token})
    server.close()
    assert "geheim" not in "".join(traceback.format_exception(error.value))


# Of these tests alone, from 2020 to 2120: nothing else trusts it.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgL0j0CjKNCAK+lHQt
dUlZv0wB7H0W4UXnaP5yw3cefryhRANCAAQMbpbzzSzTsZTo+1uZu9ZhMrdW0sL7
Bh4dTjlctRxy6vazygRDbEjZQPCywVTPQXwOwVW1L9ztRklmHtiW6fxb
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBbTCCAROgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1ob29rcy5l
eGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1ob29rcy5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEDG6W
880s07GU6PtbmbvWYTK3VtLC+wYeHU45XLUccur2s8oEQ2xI2UDwssFUz0F8DsFV
tS/c7UZJZh7Ylun8W6NMMEowGAYDVR0RBBEwD4INaG9va3MuZXhhbXBsZTAPBgNV
HRMBAf8EBTADAQH/MB0GA1UdDgQWBBRVJJJoLr/bMc5AR6A4PC2iZSeOfTAKBggq
hkjOPQQDAgNIADBFAiEA6UUSxBpEjxUkPWFno747QyFs9PojOQq8941TdGnIyIAC
IFEZUfOSS6Lde0kmR0NYotfYc9xINIv7brNdxHUBZrSl
-----END CERTIFICATE-----
"""


@pytest.fixture
def tls_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Has a certificate for hooks.example, which every name leads to at first, and to another machine after that."""
    pem = tmp_path / "hooks.pem"
    pem.write_text(CERTIFICATE)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    server = Receiver(tls=tls)
    answers = iter([["127.0.0.1"]])
    monkeypatch.setattr(http, "addresses_of", lambda *_: next(answers, ["127.0.0.2"]))
    monkeypatch.setattr(http, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    yield server
    server.close()


def test_a_name_that_changes_its_mind_is_held_to_the_address_that_was_looked_at(tls_server: Receiver) -> None:
    channel("webhook").send(hook(f"https://hooks.example:{tls_server.port}/a"))
    (path, headers, _body) = tls_server.received[0]
    assert (path, headers["Host"]) == ("/a", f"hooks.example:{tls_server.port}")
    with pytest.raises(Permanent, match="internal"):
        channel("webhook").send(hook(f"https://hooks.example:{tls_server.port}/a"))


def test_a_certificate_must_be_made_out_to_the_name(tls_server: Receiver) -> None:
    with pytest.raises(Passing, match="Cert"):
        channel("webhook").send(hook(f"https://other.example:{tls_server.port}/a"))
    assert tls_server.received == []


def test_a_certificate_that_nobody_vouches_for_is_not_taken(
    tls_server: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(Passing, match="SSLCertVerificationError"):
        channel("webhook").send(hook(f"https://hooks.example:{tls_server.port}/a"))
    assert tls_server.received == []
