"""Lists that people keep: in the menu, shared with an office, opened first, and what is refused."""

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import Person, SavedList
from casework.stages import Role
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.walk import TODAY, reported

SignedIn = Callable[[Person], Client]


@pytest.fixture
def colleague(cast: Cast) -> Person:
    """Another post of the county's office."""
    return holder(Role.COUNTY_SUPERVISOR, cast.county, "colleague")


@pytest.fixture
def saved(cast: Cast) -> SavedList:
    query = {"source": "petition", "state": "all"}
    return SavedList.objects.create(person=cast.county_supervisor, name="信访", query=query)


def menu(client: Client) -> list[tuple[str, bool]]:
    return [
        (one.name, is_here) for one, is_here in client.get("/cases?source=petition&state=all").context["saved_lists"]
    ]


def test_the_filters_of_a_page_are_kept_and_stand_in_the_menu(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    answer = client.post("/lists", {"name": " 信访  件 ", "source": "petition", "state": "all", "after": "9"})
    assert answer["Location"] == "/cases?sort=new&source=petition&state=all"
    assert menu(client) == [("信访 件", True)]
    client.post("/lists", {"name": "信访 件", "source": "other"})  # the same name again replaces it
    assert SavedList.objects.get().query == {"source": "other"}
    assert menu(client) == [("信访 件", False)]


def test_a_shared_list_is_read_and_changed_by_the_whole_office(
    cast: Cast, saved: SavedList, colleague: Person, signed_in: SignedIn
) -> None:
    mine, others = signed_in(cast.county_supervisor), signed_in(colleague)
    assert menu(others) == []
    assert others.post(f"/lists/{saved.pk}/removal").status_code == 404
    mine.post(f"/lists/{saved.pk}", {"name": "信访", "office": cast.county.pk})
    assert menu(others) == [("信访", True)] and menu(signed_in(cast.town_reviewer)) == []
    assert others.post(f"/lists/{saved.pk}", {"name": "群众信访", "office": cast.county.pk}).status_code == 302
    assert menu(mine) == [("群众信访", True)]
    assert others.post(f"/lists/{saved.pk}/removal").status_code == 302
    assert menu(mine) == []


def test_what_is_shared_shows_each_reader_the_own_cases(cast: Cast, saved: SavedList, signed_in: SignedIn) -> None:
    appoint(cast.outsider_head, Role.COUNTY_SUPERVISOR, cast.county)
    SavedList.objects.update(office=cast.reed, query={"state": "all"})
    case = reported(cast, village=cast.willow)
    SavedList.objects.update(person=cast.inspector)
    page = signed_in(cast.poplar_head).get(f"/cases{saved.query_string}")
    assert case.number not in page.content.decode()


@pytest.mark.parametrize(
    ("values", "status", "told"),
    [
        ({"name": "超期", "office": ""}, 422, "超期"),
        ({"name": "  ", "office": ""}, 422, "信访"),
        ({"name": "信访", "office": "{town}"}, 403, "信访"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(
    values: dict[str, str], status: int, told: str, cast: Cast, saved: SavedList, signed_in: SignedIn
) -> None:
    SavedList.objects.create(person=cast.county_supervisor, name="超期", query={"overdue": "1"})
    values = {key: value.format(town=cast.town.pk) for key, value in values.items()}
    answer = signed_in(cast.county_supervisor).post(f"/lists/{saved.pk}", values)
    assert answer.status_code == status
    assert str(answer.context["refusal"]) in answer.content.decode()
    assert f'value="{values["name"]}"' in answer.content.decode()
    saved.refresh_from_db()
    assert (saved.name, saved.office) == ("信访", None)


def test_whoever_keeps_very_many_is_asked_to_delete_one(
    cast: Cast, saved: SavedList, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.offices.lists.MOST_OF_ONE", 1)
    client = signed_in(cast.county_supervisor)
    assert client.post("/lists", {"name": "又一个"}).status_code == 422
    assert client.post("/lists", {"name": "信访", "state": "closed"}).status_code == 302  # the same one again
    assert SavedList.objects.get().query == {"state": "closed", "sort": "new"}


def sign_in(person: Person, *, to: str = "") -> str:
    person.set_password("correct horse")
    person.save()
    values = {"username": person.username, "password": "correct horse"}
    return str(Client().post(f"/sign-in{to}", values)["Location"])


def test_a_list_opens_first_after_the_sign_in_and_home_again(cast: Cast, saved: SavedList, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    client.post(f"/lists/{saved.pk}/start")
    assert sign_in(cast.county_supervisor) == "/cases?source=petition&state=all"
    assert sign_in(cast.county_supervisor, to="?next=/me") == "/me"  # whoever came for a page lands there
    signed_in(cast.county_supervisor).post(f"/lists/{saved.pk}/start", {"home": "1"})
    assert sign_in(cast.county_supervisor) == "/"


def test_a_list_that_is_no_longer_ones_own_does_not_open_first(
    cast: Cast, saved: SavedList, colleague: Person, signed_in: SignedIn
) -> None:
    SavedList.objects.update(office=cast.county)
    signed_in(colleague).post(f"/lists/{saved.pk}/start")
    assert sign_in(colleague) == "/cases?source=petition&state=all"
    colleague.terms.update(valid_until=TODAY.replace(year=TODAY.year - 1))
    assert sign_in(colleague) == "/"
    saved.delete()
    assert sign_in(cast.county_supervisor) == "/"
