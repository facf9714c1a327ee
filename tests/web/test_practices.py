"""The pages of good practices."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import Person
from oversight.models import Practice, PracticeAdoption
from oversight.practices.spreading import describe_practice
from tests.cast import Cast
from tests.walk import NOW, TODAY, photo
from tests.web.test_queries import queries_of

SignedIn = Callable[[Person], Client]


@pytest.fixture
def practice(cast: Cast) -> Practice:
    given = {"title": "监督日历上墙", "words": "每月一张日历", "day": TODAY - timedelta(days=90)}
    return describe_practice(unit=cast.county, by=cast.county_supervisor, at=NOW, **given)


def test_an_office_describes_one_and_another_county_takes_it_over_with_evidence(
    cast: Cast, signed_in: SignedIn
) -> None:
    said = {"unit": str(cast.county.pk), "title": "合同先晒七天", "day": "2026-01-05", "words": "先晒后签"}
    sent = signed_in(cast.county_supervisor).post("/practices", {**said, "uploads": [photo(9)]})
    made = Practice.objects.get()
    assert sent["Location"] == f"/practices/{made.pk}"
    adoption = {"unit": str(cast.other_county.pk), "day": str(TODAY), "words": "苇塘镇试行"}
    client = signed_in(cast.outsider_county)
    without = client.post(sent["Location"], adoption)
    assert without.status_code == 422 and "苇塘镇试行" in without.content.decode()
    assert client.post(sent["Location"], {**adoption, "uploads": [photo(9)]}).status_code == 302
    taken = PracticeAdoption.objects.get()
    page = signed_in(cast.willow_head).get("/practices").content.decode()
    assert "合同先晒七天" in page and f"#adoption-{taken.pk}" in page and "2/2" in page
    assert signed_in(cast.willow_head).get(f"/practices/adoptions/{taken.pk}/files/1").status_code == 200
    again = client.post(sent["Location"], {**adoption, "words": "又一次", "uploads": [photo(9)]})
    assert again.status_code == 409 and "又一次" in again.content.decode()


@pytest.mark.parametrize(
    "odd", [{"title": ""}, {"words": ""}, {"day": "x"}, {"day": "2999-01-01"}, {"unit": "x"}, {"title": "监督日历上墙"}]
)
def test_what_is_refused_loses_nothing(
    odd: dict[str, Any], cast: Cast, practice: Practice, signed_in: SignedIn
) -> None:
    said = {"unit": str(cast.county.pk), "title": "另一项", "day": str(TODAY), "words": "先晒后签", **odd}
    sent = signed_in(cast.county_supervisor).post("/practices", {**said, "uploads": [photo(9)]})
    page = sent.content.decode()
    assert sent.status_code == 422 and 'class="alert"' in page and 'name="kept"' in page
    assert (said["words"] or said["title"]) in page and Practice.objects.count() == 1


def test_the_matrix_takes_no_query_a_cell(cast: Cast, practice: Practice, signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    few = queries_of(client, "/practices")
    for number in range(5):
        describe_practice(unit=cast.county, title=f"{number}", words="x", day=TODAY, by=cast.county_supervisor, at=NOW)
    assert len(queries_of(client, "/practices")) == len(few)
