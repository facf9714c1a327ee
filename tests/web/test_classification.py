"""The classification desk: groups by the words that came in, one decision for each, its words remembered and ended."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.lifecycle.aliases import remember_alias
from casework.models import Alias, Case, CatalogueItem, Person
from casework.stages import Stage
from tests.cast import Cast
from tests.flows.findings import imported, line
from tests.walk import NOW, reported

SignedIn = Callable[[Person], Client]
DESK, GROUP, NAMES = "/classification", "/classification/group", "/classification/names"
SIGNED = "整改资料仅盖章未签字"
EMPTY_WALL = "村委会西侧明白墙长期空着，没有任何公开内容"


def idle() -> CatalogueItem:
    return CatalogueItem.objects.get(code="openness-idle")


def other() -> CatalogueItem:
    return CatalogueItem.objects.exclude(code="openness-idle").order_by("pk")[0]


def brought_in(cast: Cast, *words: str, **cells: str) -> list[Case]:
    """Findings of Willow in an office's own words."""
    first = Case.objects.count()
    rows = [
        line(cast, finding_no=f"N-{first + n}", category=each, **{"severity": "", **cells})
        for n, each in enumerate(words)
    ]
    imported(*rows, by=cast.county_supervisor)
    return list(Case.objects.order_by("pk")[first:])


def groups(client: Client) -> list[tuple[str, int]]:
    return [(group.words, group.count) for group in client.get(DESK).context["groups"]]


def decision(words: str, item: CatalogueItem, **more: Any) -> dict[str, Any]:
    return {"words": words, "meant": "", "item": item.pk, **more}


def test_findings_stand_by_their_words_the_largest_group_first(cast: Cast, signed_in: SignedIn) -> None:
    brought_in(cast, "签字盖章", "说不清", " 签字 / 盖章 ", "签字盖章")
    reported(cast)
    client = signed_in(cast.county_supervisor)
    assert groups(client) == [("签字盖章", 3), ("说不清", 1)]
    assert "有 4 件问题待归类" in client.get(DESK).content.decode()
    assert groups(signed_in(cast.outsider_county)) == []


def test_one_decision_files_the_whole_group_and_the_next_import_by_itself(cast: Cast, signed_in: SignedIn) -> None:
    cases = brought_in(cast, "签字盖章", "签字，盖章", "说不清")
    client = signed_in(cast.county_supervisor)
    answer = client.post(GROUP, decision("签字盖章", idle(), remember="on"), follow=True)
    assert answer.status_code == 200
    assert [case.item for case in Case.objects.filter(pk__in=[c.pk for c in cases]).order_by("pk")] == [
        idle(),
        idle(),
        None,
    ]
    page = answer.content.decode()
    assert f"已将 2 件问题归入“{idle().name}”" in page and groups(client) == [("说不清", 1)]
    assert brought_in(cast, "签字盖章", description="另一处")[0].item == idle()


def test_what_is_left_out_stays_at_the_desk(cast: Cast, signed_in: SignedIn) -> None:
    first, second = brought_in(cast, "签字盖章", "签字盖章")
    client = signed_in(cast.county_supervisor)
    client.post(GROUP, decision("签字盖章", idle(), left_out=[second.pk, "x", ""]))
    assert [Case.objects.get(pk=one.pk).item for one in (first, second)] == [idle(), None]
    assert not Alias.objects.exclude(by=None).exists()


def test_an_alias_that_would_catch_two_items_is_said_and_the_findings_are_filed(
    cast: Cast, signed_in: SignedIn
) -> None:
    (case,) = brought_in(cast, "签字盖章")
    remember_alias(words="签字盖章", item=idle(), city=cast.city, by=cast.city_supervisor, at=NOW)
    client = signed_in(cast.county_supervisor)
    assert "后来已有了含义" in client.get(DESK).content.decode()
    answer = client.post(GROUP, decision("签字盖章", other(), remember="on"), follow=True)
    page = answer.content.decode()
    assert f"“签字盖章”已指“{idle().name}”，不能再指“{other().name}”" in page
    assert Case.objects.get(pk=case.pk).item == other()
    assert Alias.objects.get(words="签字盖章", ended_at=None).item == idle()


def test_without_an_item_nothing_is_decided_and_what_was_ticked_stays(cast: Cast, signed_in: SignedIn) -> None:
    first, second = brought_in(cast, "签字盖章", "签字盖章")
    answer = signed_in(cast.county_supervisor).post(
        GROUP, {**decision("签字盖章", idle(), left_out=[second.pk], severity="3"), "item": ""}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'value="{second.pk}" checked' in page and f'value="{first.pk}" checked' not in page
    assert '<option value="3" selected>' in page
    assert Case.objects.get(pk=first.pk).item is None


@pytest.mark.parametrize("said", [{"item": "999999"}, {"item": "x"}, {"severity": "9"}, {"item": "9" * 30}])
def test_what_no_page_offers_is_refused_with_a_sentence(said: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
    brought_in(cast, "签字盖章")
    answer = signed_in(cast.county_supervisor).post(GROUP, {**decision("签字盖章", idle()), **said})
    assert answer.status_code == 422
    assert Case.objects.get().item is None


@pytest.mark.parametrize("words", ["说不清", "", "签" * 5000])
def test_a_group_that_is_decided_already_leads_back_to_the_desk(words: str, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    for answer in (client.get(GROUP, {"words": words, "meant": "7"}), client.post(GROUP, decision(words, idle()))):
        assert answer.status_code == 302 and answer["Location"] == DESK


def test_the_own_self_check_is_not_counted_among_what_waits_for_me(cast: Cast, signed_in: SignedIn) -> None:
    own = reported(cast, item=None, by=cast.county_supervisor, source="self_check")
    client = signed_in(cast.county_supervisor)
    assert groups(client) == [] and [count for _words, count in groups(signed_in(cast.city_supervisor))] == [1]
    client.post(GROUP, {"words": "", "meant": "", "item": idle().pk})
    assert Case.objects.get(pk=own.pk).item is None


def test_what_came_without_words_is_grouped_by_what_it_reads_like(cast: Cast, signed_in: SignedIn) -> None:
    wall = "村委会明白墙长期空着，没有公开内容"
    cases = [reported(cast, item=None, description=wall, village=village) for village in (cast.willow, cast.poplar)]
    client = signed_in(cast.county_supervisor)
    (group,) = client.get(DESK).context["groups"]
    assert (group.count, group.words) == (2, "") and group.proposals
    client.post(GROUP, {"words": "", "meant": group.key.meant or "", "item": idle().pk, "remember": "on"})
    assert {Case.objects.get(pk=case.pk).item for case in cases} == {idle()}
    assert not Alias.objects.exclude(by=None).exists()


def test_where_it_is_sure_one_item_is_proposed_and_else_three_at_most(cast: Cast, signed_in: SignedIn) -> None:
    brought_in(cast, "明白墙空着没有用", description=EMPTY_WALL)
    Case.objects.update(item=None, is_item_guessed=False)  # as imports did that took nothing by the words
    brought_in(cast, "其他", description="情况见附件")
    sure, unsure = sorted(
        signed_in(cast.county_supervisor).get(DESK).context["groups"], key=lambda one: not one.is_sure
    )
    assert sure.is_sure and sure.proposals == [idle()]
    assert not unsure.is_sure and len(unsure.proposals) <= 3


def guessed(client: Client) -> list[tuple[int | None, int]]:
    return [(group.key.guessed, group.count) for group in client.get(DESK).context["guessed"]]


def test_what_was_taken_by_the_words_stands_by_its_item_and_one_click_accepts_all(
    cast: Cast, signed_in: SignedIn
) -> None:
    cases = brought_in(cast, "明白墙空着没有用", "墙空着没用", "说不清", description=EMPTY_WALL)
    client = signed_in(cast.county_supervisor)
    assert (guessed(client), groups(client)) == ([(idle().pk, 2)], [("说不清", 1)])
    assert f'id="guessed-{idle().pk}"' in client.get(DESK).content.decode()
    assert guessed(signed_in(cast.outsider_county)) == []
    answer = client.post(GROUP, {"guessed": idle().pk, "item": idle().pk}, follow=True)
    assert f"已将 2 件问题归入“{idle().name}”" in answer.content.decode()
    kept = Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk")
    assert [(case.item, case.is_item_guessed) for case in kept] == [(idle(), False), (idle(), False), (None, False)]
    assert guessed(client) == [] and not Alias.objects.exclude(by=None).exists()
    assert client.post(GROUP, {"guessed": idle().pk, "item": other().pk})["Location"] == DESK


def test_what_was_taken_wrongly_is_filed_elsewhere_and_what_is_left_out_stays_a_guess(
    cast: Cast, signed_in: SignedIn
) -> None:
    wrong, right = brought_in(cast, "明白墙空着没有用", "墙空着没用", description=EMPTY_WALL)
    client = signed_in(cast.county_supervisor)
    page = client.get(GROUP, {"guessed": idle().pk}).content.decode()
    assert f'name="guessed" value="{idle().pk}"' in page and f'<option value="{idle().pk}" selected' in page
    assert client.post(GROUP, {"guessed": idle().pk, "item": ""}).status_code == 422
    client.post(GROUP, {"guessed": idle().pk, "item": other().pk, "left_out": [right.pk]})
    assert [(case.item, case.is_item_guessed) for case in Case.objects.order_by("pk")] == [
        (other(), False),
        (idle(), True),
    ]
    assert Case.objects.get(pk=wrong.pk).severity == other().severity


def test_what_moved_on_between_page_and_click_is_left_alone(cast: Cast, signed_in: SignedIn) -> None:
    first, second = brought_in(cast, "签字盖章", "签字盖章")
    Case.objects.filter(pk=first.pk).update(stage=Stage.WITHDRAWN, waits_at=None)
    signed_in(cast.county_supervisor).post(GROUP, decision("签字盖章", idle()))
    assert [Case.objects.get(pk=one.pk).item for one in (first, second)] == [None, idle()]


@pytest.mark.parametrize("who", ["inspector", "town_reviewer", "willow_head", "administrator", "volunteer"])
def test_the_desk_is_for_offices(who: str, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(getattr(cast, who))
    assert {client.get(page).status_code for page in (DESK, GROUP, NAMES)} == {403}
    assert client.post(GROUP, decision("签字盖章", idle())).status_code == 403


def test_a_name_is_ended_on_its_page_and_stays_there(cast: Cast, signed_in: SignedIn) -> None:
    alias = remember_alias(words="签字盖章", item=idle(), city=cast.city, by=cast.county_supervisor, at=NOW)
    assert alias is not None
    client = signed_in(cast.county_supervisor)
    assert f"{NAMES}/{alias.pk}/end" in client.get(NAMES).content.decode()
    assert f"{NAMES}/{alias.pk}/end" not in signed_in(cast.outsider_county).get(NAMES).content.decode()
    for _ in range(2):
        assert client.post(f"{NAMES}/{alias.pk}/end").status_code == 302
    page = client.get(NAMES).content.decode()
    assert "签字盖章" in page and f"{NAMES}/{alias.pk}/end" not in page
    assert Alias.objects.get(pk=alias.pk).ended_by == cast.county_supervisor
    assert signed_in(cast.outsider_county).post(f"{NAMES}/{alias.pk}/end").status_code == 403
    assert client.post(f"{NAMES}/999999/end").status_code == 404


def test_names_as_delivered_are_looked_up_by_a_part_of_them(cast: Cast, signed_in: SignedIn) -> None:
    alias = Alias.objects.filter(city=None, item__isnull=False)[0]
    page = signed_in(cast.city_supervisor).get(NAMES, {"words": alias.words[1:]}).content.decode()
    assert alias.words in page and f"{NAMES}/{alias.pk}/end" in page


def test_the_desk_takes_as_many_queries_for_ten_groups_as_for_two(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)

    def queries() -> int:
        client.get(DESK)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(DESK).status_code == 200
        return len(captured)

    brought_in(cast, "签字盖章", "说不清")
    few = queries()
    brought_in(cast, *[f"其他第{n}类" for n in range(8)], description="情况见附件")
    assert queries() == few <= 12
    brought_in(cast, "明白墙空着没有用", description=EMPTY_WALL)
    with_guesses = queries()
    brought_in(cast, "墙空着没用", "明白墙空着没用", description=EMPTY_WALL)
    assert queries() == with_guesses <= few + 2


def test_home_says_how_many_wait_and_leads_to_the_desk(cast: Cast, signed_in: SignedIn) -> None:
    brought_in(cast, "签字盖章", "说不清")
    for who, count in ((cast.county_supervisor, 2), (cast.city_supervisor, 2), (cast.outsider_county, 0)):
        page = signed_in(who).get("/").content.decode()
        assert (f'有 {count} 件问题待归类。 <a href="{DESK}">' in page) == (count > 0)
    assert DESK not in signed_in(cast.town_reviewer).get("/").content.decode()


@pytest.mark.parametrize("place", ["alias", "catalogueitem"])
def test_the_administrator_gives_no_name_that_would_catch_two_items(
    place: str, cast: Cast, signed_in: SignedIn
) -> None:
    remember_alias(words="签字盖章", item=idle(), city=cast.city, by=cast.city_supervisor, at=NOW)
    item, before = other(), Alias.objects.count()
    said: dict[str, Any] = {"words": "签字 盖章", "item": item.pk, "severity": ""}
    address = "/admin/casework/alias/add/"
    if place == "catalogueitem":
        address = f"/admin/casework/catalogueitem/{item.pk}/change/"
        said = {
            **{name: getattr(item, name) or "" for name in ("code", "name", "name_en", "standard", "severity", "kind")},
            "aspect": item.aspect_id,
            "days": item.days,
            "order": item.order,
            "is_active": "on",
            "aliases-TOTAL_FORMS": 1,
            "aliases-INITIAL_FORMS": 0,
            "aliases-0-words": "签字盖章",
            "aliases-0-item": item.pk,
        }
    answer = signed_in(cast.administrator).post(address, said)
    page = answer.content.decode()
    assert answer.status_code == 200 and f"已指“{idle().name}”，不能再指“{item.name}”" in page
    assert Alias.objects.count() == before
    if place == "alias":
        assert signed_in(cast.administrator).post(address, {**said, "words": "印章不全"}).status_code == 302
        assert Alias.objects.get(words="印章不全").item == item


def test_the_report_form_knows_the_words_in_its_city_as_long_as_no_item_is_chosen(
    cast: Cast, signed_in: SignedIn
) -> None:
    remember_alias(words="签字盖章", item=idle(), city=cast.city, by=cast.county_supervisor, at=NOW)
    client = signed_in(cast.inspector)
    said = {"village_code": cast.willow.code, "description": "这份材料只有签字、盖章不全", "item": ""}
    page = client.post("/cases/new/hints", said).content.decode()
    assert f'data-choose-item="{idle().pk}"' in page and f"“签字盖章”在本市归入“{idle().name}”" in page
    assert "data-choose-item" not in client.post("/cases/new/hints", {**said, "item": other().pk}).content.decode()
    remember_alias(words="盖章不全", item=other(), city=cast.city, by=cast.county_supervisor, at=NOW)
    assert "data-choose-item" not in client.post("/cases/new/hints", said).content.decode()  # two items: none is named
