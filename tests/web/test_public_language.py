"""The language of the public page: a reader without an account chooses it."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from casework.models import Case
from casework.stages import Stage
from tests.cast import Cast
from tests.oversight.public_page import released, switched
from tests.walk import NOW, case_at, closed
from tests.web.test_queries import SignedIn


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.middleware.timezone.now", lambda: NOW)


@pytest.fixture
def case(cast: Cast) -> Case:
    return closed(cast, case_at(Stage.STRIKE_OFF, cast))


def words_of(answer: Any) -> str:
    return unescape(answer.content.decode())


class TestLanguage:
    def test_an_anonymous_reader_chooses_english_and_goes_on_where_they_were(self, cast: Cast, case: Case) -> None:
        switched(cast)
        released(cast, case)
        client, here = Client(), f"/public/{cast.willow.code}"
        before = client.get(here)
        assert "English" in words_of(before) and 'lang="zh-hans"' in words_of(before) and not before.cookies
        answer = client.post("/public/language", {"language": "en", "next": here})
        assert (answer.status_code, answer.headers["Location"]) == (302, here)
        assert set(answer.cookies) == {"django_language"} and answer.headers["Cache-Control"] == "no-store"
        for address in (here, "/public/not-fixed", "/public/suggestions", f"/public/{cast.willow.code}/thanks"):
            page = client.get(address)
            assert 'lang="en"' in words_of(page) and "Problems of our village" in words_of(page)
            assert "Cookie" in page.headers["Vary"]
        client.post("/public/language", {"language": "zh-hans", "next": here})
        assert 'lang="zh-hans"' in words_of(client.get(here))

    @pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/cases", "", "/public\\@evil.example"])
    def test_it_leads_nowhere_else(self, back: str, cast: Cast, case: Case) -> None:
        switched(cast)
        answer = Client().post("/public/language", {"language": "en", "next": back})
        assert answer.headers["Location"].startswith("/public")

    def test_an_unknown_language_is_none_and_while_the_page_is_off_nothing_is_there(self, cast: Cast) -> None:
        assert Client().post("/public/language", {"language": "en"}).status_code == 404
        switched(cast)
        assert not Client().post("/public/language", {"language": "xx"}).cookies

    def test_who_is_signed_in_reads_it_in_their_own_language(self, cast: Cast, case: Case, signed_in: SignedIn) -> None:
        switched(cast)
        page = signed_in(cast.willow_head).get("/public")
        assert 'action="/public/language"' not in words_of(page)
