"""Finding by a number or its end, a place, a person or words of one character up; and nothing that one may not see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.db.models import Model
from django.http import QueryDict

from casework.escalation.sweeping import sweep
from casework.lifecycle.planning import submit_plan
from casework.lifecycle.reporting import object_of
from casework.lists.filters import CaseFilters
from casework.models import Case, Closure, Letter, Person
from casework.queries import visible
from casework.search import condition
from casework.search.finding import Found, find
from casework.search.running_numbers import Numbers, ending, read_numbers
from casework.search.tokens import CASE_TEXT, standing_in
from casework.stages import Stage
from casework.working_time.deadlines import add_working_days, midnight
from flows import steps
from tests.cast import Cast
from tests.many_cases import many_cases
from tests.walk import NOW, TODAY, case_at, closed, drafts, reported


def found(cast: Cast, query: str) -> list[int]:
    filters = CaseFilters.from_query(QueryDict(query).dict())
    cases = filters.apply(visible(cast.county_supervisor, TODAY), cast.county_supervisor, TODAY)
    return sorted(cases.values_list("pk", flat=True))


def found_words(cast: Cast, words: str) -> list[int]:
    query = QueryDict(mutable=True)
    query["words"] = words
    return found(cast, query.urlencode())


def numbers_of(result: Found) -> list[str]:
    return [one.case.number for one in result.cases]


def case_with_measure(cast: Cast, what: str) -> Case:
    corrective, preventive = drafts()
    measures = [corrective, replace(preventive, what=what)]
    return steps.take(submit_plan, case=case_at(Stage.PLANNING, cast), by=cast.willow_head, at=NOW, measures=measures)


@pytest.fixture
def cases(cast: Cast) -> list[Case]:
    return [
        reported(cast, description="鱼塘承包合同未公开", village=cast.willow),
        reported(cast, description="低保名单未张贴,群众反映 100%", village=cast.poplar),
        reported(cast, description="路灯损坏", village=cast.willow, required_action="更换灯具并公开费用"),
    ]


WORDS = [
    ("合同", [0]),
    ("公开", [0, 2]),
    ("承包合同", [0]),
    ("灯具", [2]),
    ("杨树", [1]),
    ("上柳 公开", [0, 2]),
    ("柳河镇 合同", [0]),
    ("低保 上柳", []),
    ("灯", [2]),
    ("塘", [0]),
    ("同合", []),
    ("%", [1]),
    ("1_0", []),
    ("'; DROP TABLE", []),
    ("\\", []),
]


@pytest.mark.parametrize(("words", "expected"), WORDS)
def test_words_are_found_in_texts_and_names_of_places(
    words: str, expected: list[int], cast: Cast, cases: list[Case]
) -> None:
    assert found_words(cast, words) == [cases[index].pk for index in expected]


@pytest.mark.parametrize(("words", "expected"), WORDS)
def test_what_is_frequent_is_found_by_reading_as_well(
    words: str, expected: list[int], cast: Cast, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "FREQUENT", 0)
    assert found_words(cast, words) == [cases[index].pk for index in expected]


@pytest.mark.parametrize(("words", "expected"), WORDS)
def test_what_is_too_much_to_name_is_found_by_reading_as_well(
    words: str, expected: list[int], cast: Cast, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "MOST_KEYS", 0)
    assert found_words(cast, words) == [cases[index].pk for index in expected]


def test_measures_and_objects_are_found_too(cast: Cast, cases: list[Case]) -> None:
    planned = case_with_measure(cast, "给村口的水泵房装锁")
    Case.objects.filter(pk=cases[1].pk).update(object=object_of(cast.poplar, "积分超市"))
    assert found_words(cast, "水泵房") == [planned.pk]
    assert found_words(cast, "积分超市") == [cases[1].pk]
    assert found_words(cast, "水泵房 积分超市") == []


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("QW-2026-000093", Numbers(case="QW-2026-000093")),
        ("qw-2026", Numbers(case="QW-2026")),
        ("QW-2026-", Numbers(case="QW-2026-")),
        ("93", Numbers(case_end="-000093", paper_end="〕93号")),
        ("000093", Numbers(case_end="-000093", paper_end="〕93号")),
        ("67号", Numbers(paper_end="〕67号")),
        ("QW销〔2026〕67号", Numbers(paper_end="QW销〔2026〕67号")),
        ("[2026]67", Numbers(paper_end="〔2026〕67号")),
        ("督函（2026） 3 号", Numbers(paper_end="督函〔2026〕3号")),
        ("2号门", Numbers()),
        ("合同", Numbers()),
        ("12345678901", Numbers()),
    ],
)
def test_numbers_are_read_as_people_write_them(words: str, numbers: Numbers) -> None:
    assert read_numbers(words) == numbers


def test_a_number_or_its_end_finds_its_case(cast: Cast, cases: list[Case]) -> None:
    case = cases[1]
    for words in (case.number, case.number.lower(), case.number[-6:], str(int(case.number[-6:]))):
        assert found_words(cast, words) == [case.pk]


def test_a_closing_number_and_a_letters_number_find_their_papers(cast: Cast, cases: list[Case]) -> None:
    ended, late = closed(cast, case_at(Stage.STRIKE_OFF, cast)), case_at(Stage.RECTIFICATION, cast)
    sweep(at=midnight(add_working_days(late.due_on, 1)))
    closure, letter = ended.closures.get(), Letter.objects.get(case=late)
    by = cast.county_supervisor
    assert find(closure.number, by=by, on=TODAY).closures == [closure]
    assert find(letter.number.replace("〔", "[").replace("〕", "]"), by=by, on=TODAY).letters == [letter]
    assert found(cast, f"state=all&words={closure.number}") == [ended.pk]
    assert not find(closure.number, by=cast.outsider_county, on=TODAY)
    assert not find(letter.number, by=cast.outsider_town, on=TODAY)


def test_kinds_stand_apart_and_each_is_ones_own(cast: Cast, cases: list[Case]) -> None:
    result = find("柳", by=cast.county_supervisor, on=TODAY)
    assert (result.villages, result.towns) == ([], [cast.town])  # a single character begins the name
    result = find("柳河", by=cast.county_supervisor, on=TODAY)
    assert result.towns == [cast.town]
    assert set(result.villages) == {cast.willow, cast.poplar}
    assert numbers_of(result) == [case.number for case in reversed(cases)]
    head = cast.willow_head
    assert [term.person for term in find(head.name, by=cast.town_reviewer, on=TODAY).people] == [head]
    assert find(head.name, by=cast.outsider_county, on=TODAY).people == []
    assert find(head.name, by=cast.willow_member, on=TODAY).people == []  # no overview, no register of people


@pytest.mark.parametrize("who", ["outsider_county", "willow_head", "volunteer", "administrator"])
def test_nobody_finds_what_they_may_not_see(who: str, cast: Cast, cases: list[Case]) -> None:
    person: Person = getattr(cast, who)
    filters = CaseFilters.from_query({"words": "公开"})
    assert not filters.apply(visible(person, TODAY), person, TODAY).exists()
    for words in ("公开", cases[0].number, cases[0].number[-6:], "上柳"):
        assert find(words, by=person, on=TODAY).cases == []


def test_the_text_that_holds_the_words_is_shown(cast: Cast, cases: list[Case]) -> None:
    case_with_measure(cast, "每季度清洗水泵房")
    by = cast.county_supervisor
    assert [one.text for one in find("灯具", by=by, on=TODAY).cases] == ["更换灯具并公开费用"]
    assert [one.text for one in find("水泵房", by=by, on=TODAY).cases] == ["每季度清洗水泵房"]
    assert [one.text for one in find(cases[0].number, by=by, on=TODAY).cases] == [""]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("table", "text", "index"),
    [
        ("casework_case", CASE_TEXT, "casework_case_tokens"),
        ("casework_measure", "what", "casework_measure_tokens"),
        ("casework_caseobject", "name", "casework_object_tokens"),
        ("casework_unit", "name", "casework_unit_tokens"),
    ],
)
@pytest.mark.parametrize("word", ["塘", "鱼塘", "100%"])
def test_words_are_asked_as_they_are_indexed(table: str, text: str, index: str, word: str, db: None) -> None:
    asked, values = standing_in(text, word)
    assert index in plan(f"SELECT id FROM {table} WHERE {asked}", values)


@pytest.mark.postgres
@pytest.mark.parametrize("model", [Case, Closure, Letter])
def test_ends_of_numbers_are_asked_as_they_are_indexed(model: type[Model], db: None) -> None:
    sql, values = ending(model.objects.order_by().values("pk"), "-000093").query.sql_with_params()
    assert f"{model._meta.db_table}_number_end" in plan(sql, values)


def plan(sql: str, values: Sequence[object]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.postgres
def test_a_search_asks_the_same_few_questions_of_many_cases(cast: Cast, django_assert_max_num_queries: object) -> None:
    reported(cast, description="无人机降落场长草")
    many_cases(cast, 3500, open_share=0.5)
    with django_assert_max_num_queries(16):
        assert len(find("财务公开", by=cast.county_supervisor, on=TODAY).cases) == 6
    with django_assert_max_num_queries(16):
        assert [one.text for one in find("无人机", by=cast.county_supervisor, on=TODAY).cases] == ["无人机降落场长草"]


def test_filters_narrow_by_what_they_say(cast: Cast) -> None:
    ended, review = closed(cast, case_at(Stage.STRIKE_OFF, cast)), case_at(Stage.FIRST_REVIEW, cast)
    grave = reported(cast, severity=4)
    assert found(cast, "") == sorted([review.pk, grave.pk])
    assert found(cast, "state=closed") == [ended.pk]
    assert found(cast, "state=all") == sorted([ended.pk, review.pk, grave.pk])
    assert found(cast, "stage=first_review") == [review.pk]
    assert found(cast, "severity=4") == [grave.pk]
    assert found(cast, "waiting=1") == [grave.pk]
    assert found(cast, f"village={cast.poplar.code}") == []


@pytest.mark.parametrize(
    "filters",
    [
        CaseFilters(),
        CaseFilters(words="明白墙", state="all", sort="new"),
        CaseFilters(stage="first_review", light="red", severity=3, found_from=date(2026, 1, 1)),
        CaseFilters(came_back=True, waiting=True, overdue=True, county="990101", sort="-due"),
    ],
)
def test_a_saved_link_leads_back_to_its_filters(filters: CaseFilters) -> None:
    assert CaseFilters.from_query(filters.as_query()) == filters


def test_what_is_no_filter_is_left_out() -> None:
    query = {"stage": "nowhere", "severity": "9", "found_from": "soon", "sort": "price", "light": "green"}
    assert CaseFilters.from_query(query) == CaseFilters()
