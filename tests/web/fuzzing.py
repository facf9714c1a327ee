"""A machine that sends odd requests: every route, field, query, file and header, for every member of the cast.

It learns the forms by reading the pages, as a browser does, and then sends them with some of their fields made odd. Each
request has a generator of its own, by seed and number, so that one can be sent again by itself. Nothing that it writes
stays: each request is rolled back.
"""

import random
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from itertools import chain
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

TEXTS = (
    "", " ", "x", "0", "-1", "1.5", "１２", "²", "①", "٣", "1_0", "+1", "1e9", "true", "on", "None", "null", "[]", "{}",
    "\0", "a\0b", "整改\x0b后", "\x0c", "\x1b[31m", "\x7f", "\x85", "\u2028", "\ufffe", "\uffff", "\u200b", "\u202e前",
    "\r\n\r\n", "\t", "𠮷", "👩‍👩‍👧", "ﷺ", "é", "e\u0301", "İ", "ß", "%", "%s", "%(x)s", "%00", "{0}", "{x.__class__}", "{{7*7}}",
    "\\", "\\\\", "'", '"', "''; --", "<script>", "&amp;", "../..", "..", "//evil", "http://[", "javascript:x", "/", "?#",
    "=cmd()", "@SUM(1)", "(", "[a", "*", "a" * 300, "改" * 300, "改 " * 5000, "x" * 70_000, "a\n" * 3000,
)  # fmt: skip
NUMBERS = (
    "0", "1", "-1", "12", "999", "65536", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
    "9223372036854775808", "-9223372036854775809", "99999999999999999999", "1" * 400, "9" * 4301, "9" * 5000, "0" * 5000,
    "1e-320", "-0.0", "1e400", "nan", "inf", "-inf", "91", "180.0000000001", "0x10", "1,000", "１" * 30, "٣" * 25,
)  # fmt: skip
DAYS = (
    "0001-01-01", "0001-01", "0000-00-00", "1899-12-31", "1999-12-31", "2026-02-30", "2026-03-02", "2026-13-01", "2026-3-2",
    "2079-12-31", "2080-01-01", "2199-01-01", "9999-12-31", "9999-12", "10000-01-01", "-0001-01-01", "2026-W10-1",
    "20260302", "2026年3月2日", "24:00", "23:59:60", "00:00:00+24:00", "12:00:00.0000001",
)  # fmt: skip
ODD = (*TEXTS, *NUMBERS, *DAYS)
NAMES = (
    "现场.jpg", "x", ".", "..", "../../etc/passwd", "a/b.jpg", "a\\b.jpg", "改" * 255 + ".jpg", "改" * 400, "CON", "a\nb.jpg",
    'a"b.jpg', "a\u202egpj.exe", " ", "x.csv", "x.xlsx", "x.pdf", "%00.jpg",
)  # fmt: skip
CONTENTS = (
    b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n%%EOF", b"PK\x03\x04", b"<html>", b"GIF89a", b"\0" * 100,
    b"\xef\xbb\xbf", b"\xff\xfe", "村,问题\n上柳村,\x0b\n".encode(), b"a,b\n\0,1\n", b'"open', "整改".encode("gbk"),
    b"day,is_working\n2027-01-01,1\n", b"day,is_working\n99999,x\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0 ftypheic",
)  # fmt: skip
HEADERS = {
    "HTTP_HOST": ("evil.example", "127.0.0.1:99999", "[::1", "a b", "", "localhost\x00"),
    "HTTP_COOKIE": ("sessionid=\x00", "sessionid=" + "x" * 5000, "csrftoken=\x00; django_language=xx", "a=b; ;;=", "sessionid=é"),
    "HTTP_REFERER": ("http://[", "x", "\x00"),
    "HTTP_ACCEPT_LANGUAGE": ("x" * 5000, "en;q=nan", "\x00", ",,,;;;"),
    "HTTP_USER_AGENT": ("", "\x00", "改" * 500, "x" * 5000),
    "HTTP_IF_NONE_MATCH": ('"', "*", "x" * 3000),
    "HTTP_IF_MODIFIED_SINCE": ("x", "Thu, 01 Jan 0000 00:00:00 GMT", "9" * 50),
    "HTTP_RANGE": ("bytes=0-0", "bytes=-", "bytes=99999999999999999999-", "x"),
    "HTTP_X_REAL_IP": ("1.2.3.4", "x", "::1%eth0", "\x00"),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4, x", "\x00"),
    "HTTP_X_FORWARDED_PROTO": ("https", "x"),
    "HTTP_X_CSRFTOKEN": ("x", "\x00"),
    "HTTP_ORIGIN": ("null", "http://evil.example", "x"),
    "HTTP_ACCEPT": ("application/json", "*/*;q=x"),
    "CONTENT_TYPE": (
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 300,
        "application/x-www-form-urlencoded; charset=utf-7", "application/x-www-form-urlencoded; charset=nothing",
        "application/json", "text/plain; charset=utf-16", "x", "",
    ),
    "CONTENT_LENGTH": ("-1", "x", "１", ""),
}  # fmt: skip
BODIES = (
    b"", b"a=%00", b"a=%ED%A0%80", b"a=%FF", b"&" * 2000, b"a=1&" * 1500, b"\xff\xfe", b"{", b"--x\r\n", b"--x--",
    b'--x\r\nContent-Disposition: form-data; name="photos"; filename="' + b"a" * 1200 + b'"\r\n\r\nx\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n',
)  # fmt: skip
DIGITS = re.compile(r"\d+")
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class PageForm:
    """A form as a page shows it: where it is sent, how, and its fields with the values they begin with."""

    who: str
    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Which form of the site it is, whatever case it is about."""
        names = sorted({name for name, _value in self.fields} | set(self.files))
        return f"{self.method} {DIGITS.sub('0', self.action.partition('?')[0])} {' '.join(DIGITS.sub('0', name) for name in names)}"


@dataclass
class Request:
    who: str
    method: str
    address: str
    data: Any = None
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        data = (
            {key: repr(value)[:120] for key, value in self.data.items()} if isinstance(self.data, dict) else self.data
        )
        return f"{self.who}: {self.method} {self.address[:300]} {str(data)[:1500]} {self.content_type} {self.headers}"


class FormReader(HTMLParser):
    def __init__(self, who: str, address: str) -> None:
        super().__init__()
        self.who, self.address, self.forms = who, address, []
        self.open: dict[str, Any] | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.open = {"action": said.get("action") or self.address, "method": said.get("method", "get").upper()}
            self.open |= {"fields": [], "files": []}
        elif self.open is None or (not said.get("name") and tag != "option"):
            return
        elif tag == "input" and said.get("type") == "file":
            self.open["files"].append(said["name"])
        elif tag in ("input", "button", "textarea"):
            self.open["fields"].append((said["name"], said.get("value", "")))
        elif tag == "select":
            self.select = said["name"]
        elif tag == "option" and self.select:
            self.open["fields"].append((self.select, said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "form" and self.open is not None:
            found = self.open
            self.forms.append(
                PageForm(self.who, found["action"], found["method"], tuple(found["fields"]), tuple(found["files"]))
            )
            self.open = None


class Fuzzer:
    """Odd requests by seed and number: `pages` names for each address who reads its forms, `forms` are those that no
    page of theirs shows.
    """

    def __init__(
        self,
        *,
        seed: int,
        patterns: Sequence[str],
        pages: dict[str, Sequence[str]],
        forms: Iterable[PageForm],
        people: dict[str, Any],
    ) -> None:
        self.seed, self.patterns, self.addresses = seed, patterns, sorted(pages)
        self.clients = {"nobody": Client(raise_request_exception=False)}
        for who, person in people.items():
            self.clients[who] = Client(raise_request_exception=False)
            self.clients[who].force_login(person)
        self.whos = list(self.clients)
        self.cookies = {who: client.cookies.copy() for who, client in self.clients.items()}
        self.forms: dict[str, list[PageForm]] = {}
        for form in chain(self._read_forms(pages), forms):
            self.forms.setdefault(form.kind, []).append(form)
        self.kinds = sorted(self.forms)

    def _read_forms(self, pages: dict[str, Sequence[str]]) -> Iterator[PageForm]:
        """Each form once for each of two people: what stands on every page would else be most of what is sent."""
        known: Counter[str] = Counter()
        for address in self.addresses:
            for who in pages[address]:
                answer = self.clients[who].get(address)
                if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                    reader = FormReader(who, address)
                    reader.feed(answer.content.decode())
                    new = [form for form in reader.forms if known[form.kind] < 2]
                    known.update({form.kind for form in new})
                    yield from new

    def request(self, number: int) -> Request:
        chance = random.Random(f"{self.seed} {number}")
        kind = chance.choices((self._form, self._query, self._path, self._body), weights=(12, 4, 3, 2))[0]
        made = kind(chance)
        if chance.random() < 0.15:
            name = chance.choice(sorted(HEADERS))
            if name != "CONTENT_TYPE" or not isinstance(made.data, dict):
                made.headers[name] = chance.choice(HEADERS[name])
        if chance.random() < 0.03:
            made.method = chance.choice(("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST", "GET"))
        return made

    def _form(self, chance: random.Random) -> Request:
        form = chance.choice(self.forms[chance.choice(self.kinds)])
        said: dict[str, list[Any]] = {}
        for name, value in form.fields:
            said.setdefault(name, []).append(value)
        data: dict[str, Any] = {name: chance.choice(values) for name, values in said.items()}
        for name in form.files:
            if chance.random() < 0.5:
                data[name] = [self._file(chance) for _ in range(chance.choice((1, 1, 2, 3)))]
        for name in chance.sample(sorted(data), min(len(data), chance.choice((1, 1, 2, 3, 6)))):
            if name != "csrfmiddlewaretoken":
                data[name] = chance.choice((chance.choice(ODD), chance.choice(ODD), [chance.choice(ODD) for _ in "ab"]))
        if chance.random() < 0.1 and data:
            del data[chance.choice(sorted(data))]
        if chance.random() < 0.05:
            data[chance.choice(ODD)[:2000]] = chance.choice(ODD)
        who = form.who if chance.random() < 0.9 else chance.choice(self.whos)
        return Request(who, form.method if form.method in ("GET", "POST") else "POST", form.action, data)

    def _file(self, chance: random.Random) -> SimpleUploadedFile:
        file = SimpleUploadedFile("x", chance.choice(CONTENTS), chance.choice(("image/jpeg", "text/csv", "x", "")))
        file.__dict__["_name"] = chance.choice(NAMES)
        return file

    def _query(self, chance: random.Random) -> Request:
        names = [
            "after", "words", "village", "village_code", "approver", "severity", "state", "stage", "sort", "county", "period",
            "by", "month", "item", "relapse_of", "description", "object_name", "fact_on", "found_on", "found_from", "for",
            "closed_until", "kind", "light", "aspect", "source", "town", "timeline", "next", "q", "o", "p", "_to_field",
            "_popup", "case", "ticked", "e", "id__gt", "password__regex", "name__regex", "all", "waiting",
        ]  # fmt: skip
        pairs = []
        for _ in range(chance.choice((1, 1, 2, 4))):
            value = chance.choice(ODD)[:3000]
            value = f"{value}_{chance.choice(ODD)[:30]}" if chance.random() < 0.1 else value
            raw = quote(value, safe="") if chance.random() < 0.9 else chance.choice(("%FF", "%ED%A0%80", "%", "%zz"))
            pairs.append(f"{chance.choice(names)}={raw}")
        return Request(chance.choice(self.whos), "GET", f"{chance.choice(self.addresses)}?{'&'.join(pairs)}")

    def _path(self, chance: random.Random) -> Request:
        def odd(match: re.Match[str]) -> str:
            value = chance.choice(NUMBERS if match[1] == "int" and chance.random() < 0.7 else ODD)[:6000]
            return quote(value, safe="/")

        address = PLACE.sub(odd, chance.choice(self.patterns))
        if chance.random() < 0.1:
            address += quote(chance.choice(ODD)[:200], safe="/?")
        return Request(chance.choice(self.whos), chance.choice(("GET", "GET", "POST")), f"/{address}", {})

    def _body(self, chance: random.Random) -> Request:
        address = chance.choice([forms[0].action for forms in self.forms.values()] + self.addresses)
        kind = chance.choice(("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"))
        return Request(chance.choice(self.whos), "POST", address, chance.choice(BODIES), kind)

    def send(self, made: Request) -> tuple[int, str]:
        """The status of the answer, and where it broke."""
        client = self.clients[made.who]
        client.cookies = SimpleCookie({name: cookie.value for name, cookie in self.cookies[made.who].items()})
        kwargs: dict[str, Any] = dict(made.headers)
        if made.content_type:
            kwargs["content_type"] = kwargs.pop("CONTENT_TYPE", made.content_type)
        parts = urlsplit(made.address) if made.address.isprintable() else None
        address = made.address if parts else quote(made.address, safe="/?=&%")
        with transaction.atomic():
            try:
                if made.method in ("GET", "HEAD") and not isinstance(made.data, bytes):
                    kwargs.pop("content_type", None)
                    answer = getattr(client, made.method.lower())(address, made.data or {}, **kwargs)
                elif made.method == "POST" and isinstance(made.data, dict):
                    answer = client.post(address, made.data, **kwargs)
                else:
                    body = made.data if isinstance(made.data, bytes) else b""
                    answer = client.generic(made.method, address, body, **kwargs)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                status = answer.status_code
                broken = "".join(traceback.format_exception(*answer.exc_info)[-4:]) if answer.exc_info else ""
            finally:
                transaction.set_rollback(True)
        return status, broken
