"""Good practices: described, taken over by counties with evidence, and the matrix of both."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.talk.attachments import AttachedFile
from oversight.models import Practice, PracticeAdoption
from oversight.practices.queries import counties_of, matrix, practices_seen_by, used_by
from oversight.practices.spreading import adopt_practice, describe_practice
from tests.cast import Cast
from tests.walk import NOW, TODAY

BEGAN = TODAY - timedelta(days=90)
PROOF = AttachedFile("推广通知.pdf", "application/pdf", 9, "0" * 64, "x")


def described(cast: Cast, **changed: Any) -> Practice:
    given = {"unit": cast.county, "title": "监督日历上墙", "words": "每月一张日历", "day": BEGAN}
    return describe_practice(**{**given, "by": cast.county_supervisor, "at": NOW, **changed})


def adopted(cast: Cast, practice: Practice, **changed: Any) -> PracticeAdoption:
    given = {"county": cast.other_county, "day": TODAY, "words": "三个镇试行", "files": [PROOF]}
    return adopt_practice(practice=practice, **{**given, "by": cast.outsider_county, "at": NOW, **changed})


def test_the_matrix_shows_where_it_began_and_who_took_it_over(cast: Cast, django_assert_num_queries: Any) -> None:
    first, second = described(cast), described(cast, title="合同先晒七天")
    made = adopted(cast, first)
    counties = counties_of(cast.town_reviewer, TODAY)
    with django_assert_num_queries(1):
        rows = matrix(counties, [first, second])
    cells = {row.county: [(cell.began_here, cell.adoption) for cell in row.cells] for row in rows}
    assert cells == {cast.county: [(True, None), (True, None)], cast.other_county: [(False, made), (False, None)]}
    assert [row.used for row in rows] == [2, 1] and used_by(rows, [first, second]) == [2, 1]


def test_a_practice_is_read_all_over_its_city(cast: Cast) -> None:
    practice = described(cast)
    for reader in (cast.outsider_head, cast.outsider_county, cast.city_supervisor, cast.inspector):
        assert list(practices_seen_by(reader, TODAY)) == [practice]
    assert not practices_seen_by(cast.volunteer, TODAY).exists()


def test_a_county_takes_it_over_once_and_never_its_own(cast: Cast) -> None:
    practice = described(cast)
    adopted(cast, practice)
    for changed, code in (
        ({"words": "又一次"}, "adopted_already"),
        ({"county": cast.county, "by": cast.county_supervisor}, "began_here"),
    ):
        with pytest.raises(Conflict) as refused:
            adopted(cast, practice, **changed)
        assert refused.value.code == code
    assert PracticeAdoption.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"files": []}, "evidence_missing", "uploads"),
        ({"words": " "}, "words_missing", "words"),
        ({"day": TODAY + timedelta(days=1)}, "day_ahead", "day"),
        ({"day": BEGAN - timedelta(days=1)}, "before_it_began", "day"),
    ],
)
def test_what_shows_no_adoption_is_refused(changed: dict[str, Any], code: str, field: str, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        adopted(cast, described(cast), **changed)
    first = refused.value.each()[0]
    assert (first.code, first.field) == (code, field)


def test_nobody_enters_it_for_another_county(cast: Cast) -> None:
    practice = described(cast)
    for stranger in (cast.county_supervisor, cast.city_supervisor, cast.outsider_town):
        with pytest.raises(NotAllowed):
            adopted(cast, practice, by=stranger)
    for stranger in (cast.town_reviewer, cast.city_supervisor, cast.outsider_county):
        with pytest.raises(NotAllowed):
            described(cast, title="另一项", by=stranger)


@pytest.mark.parametrize(
    "changed", [{"title": " "}, {"words": ""}, {"day": TODAY + timedelta(days=1)}, {"title": " 监督日历上墙 "}]
)
def test_a_practice_without_its_words_or_a_second_time_is_refused(changed: dict[str, Any], cast: Cast) -> None:
    described(cast)
    with pytest.raises(Refusal):
        described(cast, **{"title": "另一项", **changed})
    assert Practice.objects.count() == 1


def test_the_database_keeps_both(cast: Cast) -> None:
    adopted(cast, described(cast))
    for table in (Practice, PracticeAdoption):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all().delete()
