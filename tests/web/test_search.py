"""The search field and its page: hits marked, kinds apart, and a sentence where nothing is found."""

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import Person
from casework.talk.commenting import write_comment
from tests.cast import Cast
from tests.walk import NOW, reported
from web.templatetags.hits import hits

SignedIn = Callable[[Person], Client]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("鱼塘承包合同未公开", ["合同"], "鱼塘承包<mark>合同</mark>未公开"),
        ("QH-2026-000093", ["qh", "93"], "<mark>QH</mark>-2026-0000<mark>93</mark>"),
        ("<b>合同</b>", ["合同"], "&lt;b&gt;<mark>合同</mark>&lt;/b&gt;"),
        ("合同", [], "合同"),
        ("a.c abc", ["a.c"], "<mark>a.c</mark> abc"),
        ("前" * 30 + "合同" + "后" * 60, ["合同"], "…" + "前" * 18 + "<mark>合同</mark>" + "后" * 40 + "…"),
    ],
)
def test_hits_are_marked_in_a_piece_of_the_text(text: str, words: list[str], shown: str) -> None:
    assert hits(text, words) == shown


def test_what_is_typed_finds_cases_places_and_people(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast, description="鱼塘承包合同未公开")
    client = signed_in(cast.county_supervisor)
    for address in ("/search", "/search/results"):
        answer = client.get(address, {"words": "上柳"}).content.decode()
        assert f'href="/cases/{case.number}"' in answer
        assert f'href="/villages/{cast.willow.code}"' in answer
        assert "<mark>上柳</mark>村" in answer
        assert (
            f"<mark>{cast.willow_head.name}</mark>"
            in client.get(address, {"words": cast.willow_head.name}).content.decode()
        )
    assert "<h1" not in client.get("/search/results", {"words": "上柳"}).content.decode()


def test_nothing_found_says_what_to_do_and_keeps_the_words(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.county_supervisor).get("/search", {"words": "<从来没有>"}).content.decode()
    assert "“&lt;从来没有&gt;”" in answer
    assert 'value="&lt;从来没有&gt;"' in answer


@pytest.mark.parametrize(
    "words", ["", " ", "%", "_", "\\", "'", "号", "〕", "-", "QH-2026-999999999", "9" * 19, "x" * 5000, "\x00"]
)
def test_no_words_break_it(words: str, cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.county_supervisor).get("/search/results", {"words": words}).status_code in (200, 400)


def test_a_comment_is_found_with_its_hits_and_leads_to_it(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    comment = write_comment(case=case, words="公示栏的钥匙<b>在会计", by=cast.inspector, at=NOW)
    answer = signed_in(cast.county_supervisor).get("/search/results", {"words": "钥匙"}).content.decode()
    assert f'href="/comments/{comment.pk}"' in answer
    assert "公示栏的<mark>钥匙</mark>&lt;b&gt;在会计" in answer
