"""An item of the catalogue is tried on the findings before it is saved: what its words would find, and nothing written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.lifecycle import item_trials
from casework.lifecycle.aliases import remember_alias
from casework.models import Alias, Case, CatalogueItem, Person, Unit
from casework.models.category import Severity
from casework.stages import Role, Stage
from tests.cast import Cast
from tests.factories import appoint
from tests.walk import NOW, TODAY, reported

SignedIn = Callable[[Person], Client]
ADD = "/admin/casework/catalogueitem/add/"


@pytest.fixture(autouse=True)
def in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def idle() -> CatalogueItem:
    return CatalogueItem.objects.get(code="openness-idle")


def other() -> CatalogueItem:
    return CatalogueItem.objects.exclude(pk=idle().pk).order_by("pk")[0]


def page_of(item: CatalogueItem) -> str:
    return f"/admin/casework/catalogueitem/{item.pk}/change/"


def typed(item: CatalogueItem, *aliases: str, button: str = "_try", **said: Any) -> dict[str, Any]:
    """The form as the page shows it, with these names in it beside those that are there."""
    there = list(item.aliases.filter(city=None, ended_at=None).order_by("pk")) if item.pk else []
    rows = {}
    for place, alias in enumerate(there):
        rows |= {f"aliases-{place}-id": alias.pk, f"aliases-{place}-words": alias.words}
    for place, words in enumerate(aliases, start=len(there)):
        rows[f"aliases-{place}-words"] = words
    return {
        **{name: getattr(item, name) or "" for name in ("code", "name", "name_en", "standard", "severity", "kind")},
        "aspect": item.aspect_id,
        "days": item.days,
        "order": item.order,
        "is_active": "on",
        "aliases-TOTAL_FORMS": len(there) + len(aliases),
        "aliases-INITIAL_FORMS": len(there),
        **{f"aliases-{place}-item": item.pk or "" for place in range(len(there) + len(aliases))},
        **rows,
        button: "x",
        **said,
    }


def found(cast: Cast, words: str, item: CatalogueItem | None = None, **columns: Any) -> Case:
    case = reported(cast, item=item)
    Case.objects.filter(pk=case.pk).update(
        category_words=words, item=item, **{"found_on": TODAY - timedelta(days=3), **columns}
    )
    case.refresh_from_db()
    return case


def tried(client: Client, item: CatalogueItem, *aliases: str, **said: Any) -> Any:
    answer = client.post(page_of(item), typed(item, *aliases, **said))
    assert answer.status_code == 200, answer
    return answer.context["trial"]


@pytest.fixture
def both(cast: Cast) -> Person:
    """An administrator who is the county's supervisor as well, as in small offices."""
    appoint(cast.county_supervisor, Role.ADMINISTRATOR, cast.city)
    return cast.county_supervisor


def moves(trial: item_trials.Trial) -> dict[tuple[str, bool], int]:
    return {(one.item.code if one.item else "", one.is_guessed): one.count for one in trial.moves}


def test_a_name_that_is_typed_shows_what_it_would_find_and_where_that_is_now(
    cast: Cast, signed_in: SignedIn, both: Person
) -> None:
    for item in (None, None, other(), idle()):
        found(cast, "墙 空着，没用", item)
    found(cast, "墙空着没用", other(), is_item_guessed=True)
    found(cast, f"{idle().aspect.name}/墙空着没用", idle(), is_item_guessed=True)
    found(cast, "墙空着没用了")
    trial = tried(signed_in(both), idle(), "墙空着没用")
    assert (trial.count, trial.stays, trial.lost) == (6, 1, 0)
    expected = {("", False): 2, (other().code, False): 1, (other().code, True): 1, (idle().code, True): 1}
    assert moves(trial) == expected
    assert [case.item for case in trial.findings][-1] == idle() and len(trial.findings) == 6


def test_nothing_is_saved_and_all_that_was_typed_stays(cast: Cast, signed_in: SignedIn, both: Person) -> None:
    found(cast, "墙空着没用")
    item, client = idle(), signed_in(both)
    before = [list(model.objects.order_by("pk").values()) for model in (CatalogueItem, Alias, Case)]
    answer = client.post(page_of(item), typed(item, "墙空着没用", name="公开栏空置", standard="新的标准", days=9))
    page = answer.content.decode()
    for words in ("墙空着没用", "公开栏空置", "新的标准", 'value="9"', "One finding has words that lead to this item."):
        assert words in page, words
    assert "errornote" not in page
    assert [list(model.objects.order_by("pk").values()) for model in (CatalogueItem, Alias, Case)] == before
    assert not item.history.filter(name="公开栏空置").exists()
    saved = client.post(page_of(item), typed(item, "墙空着没用", name="公开栏空置", button="_save"))
    assert saved.status_code == 302
    assert Alias.objects.filter(words="墙空着没用", item=item).exists()


def test_a_new_item_is_tried_too(cast: Cast, signed_in: SignedIn, both: Person) -> None:
    found(cast, "旗杆倒了")
    found(cast, "旗杆坏")
    new = CatalogueItem(aspect=other().aspect, code="openness-flag", name="旗杆倒了", severity=Severity.MINOR, days=5)
    answer = signed_in(both).post(ADD, typed(new, "旗杆坏"))
    assert answer.status_code == 200
    assert moves(answer.context["trial"]) == {("", False): 2}
    assert not CatalogueItem.objects.filter(code="openness-flag").exists()
    assert signed_in(both).post(ADD, typed(new, "旗杆坏", button="_save")).status_code == 302
    assert Alias.objects.get(words="旗杆坏").item.code == "openness-flag"


def test_what_is_switched_off_or_renamed_loses_what_its_words_found(
    cast: Cast, signed_in: SignedIn, both: Person
) -> None:
    item = idle()
    found(cast, item.name, item)
    found(cast, item.code, item)
    client = signed_in(both)
    trial = tried(client, item, name="另一个名称")
    assert (trial.count, trial.stays, trial.lost) == (1, 1, 1)
    trial = tried(client, item, is_active="")
    assert (trial.count, trial.lost) == (0, 2)


def test_a_name_of_one_city_counts_there_and_stays(cast: Cast, signed_in: SignedIn, both: Person) -> None:
    item = idle()
    remember_alias(words="签字盖章", item=item, city=cast.city, by=cast.city_supervisor, at=NOW)
    found(cast, "签字盖章")
    elsewhere = Unit.objects.create(code="999900000000", name="别市", level="city", path="999900000000/")
    found(cast, "签字盖章", city=elsewhere)
    trial = tried(signed_in(both), item)
    assert trial.count == 1


def test_a_name_that_stands_for_another_item_is_refused_as_when_saving(
    cast: Cast, signed_in: SignedIn, both: Person
) -> None:
    for item in (other(), CatalogueItem(aspect=other().aspect, code="x", name="旗杆", severity=1, days=5)):
        address = page_of(item) if item.pk else ADD
        answer = signed_in(both).post(address, typed(item, idle().name))
        page = answer.content.decode()
        assert answer.status_code == 200 and "trial" not in answer.context
        assert f"stands for “{idle().name_en}” already" in page
        assert f"can&#x27;t stand for “{item.name_en or item.name}”" in page


def test_a_name_of_the_item_itself_that_another_one_has_is_named(cast: Cast, signed_in: SignedIn, both: Person) -> None:
    Alias.objects.create(words="墙空着没用", item=other())
    answer = signed_in(both).post(page_of(idle()), typed(idle(), name="墙空着没用", name_en=other().name_en))
    shared = {(words, item.pk) for words, item in answer.context["trial"].shared}
    assert shared == {("墙空着没用", other().pk), (other().name_en, other().pk)}
    assert f"“墙空着没用” also finds “{other().name_en}”" in answer.content.decode()
    assert tried(signed_in(both), idle()).shared == []


def test_what_is_older_referred_or_without_words_is_not_counted(
    cast: Cast, signed_in: SignedIn, both: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    edge = TODAY - timedelta(days=item_trials.DAYS)
    found(cast, "墙空着没用", found_on=edge)
    found(cast, "墙空着没用", found_on=edge - timedelta(days=1))
    found(cast, "墙空着没用", stage=Stage.REFERRED, waits_at=None)
    found(cast, "", idle())
    assert tried(signed_in(both), idle(), "墙空着没用").count == 1
    found(cast, "墙空着没用", found_on=TODAY)
    monkeypatch.setattr(item_trials, "MOST_READ", 1)
    assert tried(signed_in(both), idle(), "墙空着没用").count == 1


def test_an_administrator_alone_reads_numbers_and_no_finding(cast: Cast, signed_in: SignedIn) -> None:
    case = found(cast, "墙空着没用")
    answer = signed_in(cast.administrator).post(page_of(idle()), typed(idle(), "墙空着没用"))
    page = answer.content.decode()
    assert answer.context["trial"].count == 1 and answer.context["trial"].findings == []
    assert case.number not in page and "An administrator sees their number." in page


def test_only_the_first_are_shown_and_the_rest_is_counted(
    cast: Cast, signed_in: SignedIn, both: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_trials, "SHOWN", 2)
    there = found(cast, "墙空着没用", idle())
    for _n in range(3):
        found(cast, "墙空着没用")
    answer = signed_in(both).post(page_of(idle()), typed(idle(), "墙空着没用"))
    trial = answer.context["trial"]
    assert (len(trial.findings), trial.more) == (2, 2) and there not in trial.findings
    assert "2 more are not shown." in answer.content.decode()


def test_a_try_takes_as_many_queries_for_many_findings_and_names_as_for_few(
    cast: Cast, signed_in: SignedIn, both: Person
) -> None:
    client, item = signed_in(both), idle()

    def queries() -> int:
        said = typed(item, "墙空着没用")
        client.post(page_of(item), said)
        with CaptureQueriesContext(connection) as captured:
            assert client.post(page_of(item), said).status_code == 200
        return len(captured)

    found(cast, "墙空着没用")
    few = queries()
    for n in range(6):
        found(cast, "墙空着没用", other() if n % 2 else None)
        Alias.objects.create(words=f"墙空着{n}", item=item)
        found(cast, f"墙空着{n}")
    assert queries() <= few + 1  # the items that the others have at present


def test_a_form_that_can_not_be_saved_is_not_tried(cast: Cast, signed_in: SignedIn, both: Person) -> None:
    client = signed_in(both)
    for said in ({"days": "x"}, {"aspect": ""}, {"severity": "9"}, {"aliases-0-words": "长" * 201}):
        answer = client.post(page_of(idle()), typed(idle(), "墙空着没用", **said))
        assert answer.status_code == 200 and "trial" not in answer.context and "errornote" in answer.content.decode()
    assert client.post(page_of(idle()), {"_try": "x"}).status_code in (200, 400)
    assert signed_in(cast.county_supervisor).get(ADD).status_code == 200
    assert signed_in(cast.inspector).post(ADD, {"_try": "x"}).status_code in (302, 403)


def test_what_the_system_took_for_the_item_is_told_apart_from_what_it_took_for_another(
    cast: Cast, signed_in: SignedIn, both: Person
) -> None:
    found(cast, "墙空着没用", idle(), is_item_guessed=True)
    for _n in range(2):
        found(cast, "墙空着没用", other(), is_item_guessed=True)
    page = signed_in(both).post(page_of(idle()), typed(idle(), "墙空着没用")).content.decode()
    assert "One was taken by the system for this item and not yet looked at." in page
    assert f"2 were taken by the system for “{other().name_en}”." in page
    assert page.count("(read from the words)") == 3


def test_the_aspects_are_called_in_the_readers_language(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.administrator).get(ADD).content.decode()
    assert f">{idle().aspect.name_en}</option>" in page


def test_each_field_says_in_plain_words_what_it_does(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.administrator)
    for address in (ADD, "/admin/casework/alias/add/", "/admin/casework/aspect/add/"):
        form = client.get(address).context["adminform"].form
        assert [name for name, field in form.fields.items() if not field.help_text] == [], address
    page = client.get(ADD).content.decode()
    assert 'name="_try" formaction="#trial"' in page and "It sets no deadline" in page
    assert "Aliases are other words" in page
