"""Who holds which post, and the forms by which an administrator changes it."""

from datetime import date, timedelta

import pytest
from django.test import Client

from casework.models import Person, Post, Responsibility, Term, Unit
from casework.models.unit import UnitLevel
from casework.offices import posts as reading
from casework.offices.account_changes import seen_of
from casework.rights.held_posts import posts_held
from casework.stages import Role
from tests.cast import Cast
from tests.factories import PersonFactory, appoint, holder, unit
from tests.walk import TODAY
from tests.web.posts import address, change, head_of
from tests.web.test_queries import EVERY_PAGE, SignedIn, queries_of

DAY = timedelta(days=1)


@pytest.fixture
def admin(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.administrator)


class TestReading:
    def test_a_town_shows_its_villages_with_posts_holders_and_terms(self, cast: Cast, signed_in: SignedIn) -> None:
        Term.objects.filter(person=cast.willow_head).update(valid_from=date(2024, 1, 5), valid_until=TODAY + 60 * DAY)
        Term.objects.filter(person=cast.poplar_head).update(valid_until=TODAY - DAY)
        page = signed_in(cast.county_supervisor).get(f"/posts/{cast.town.code}")
        rows = {one.name: lines for one, lines in page.context["rows"]}
        assert list(rows) == ["上柳村", "杨树村"]
        head, member = rows["上柳村"]
        assert (str(head.term.person), head.ends_soon, head.is_vacant) == ("willow_head", True, False)
        assert (str(member.term.person), member.ends_soon) == ("willow_member", False)
        (poplar,) = rows["杨树村"]
        assert (poplar.is_vacant, poplar.vacant_since) == (True, TODAY - DAY)
        assert [line.role for line in page.context["own_lines"]] == [Role.TOWN_REVIEWER, Role.VOLUNTEER]

    def test_a_term_that_ends_a_day_later_or_has_a_successor_is_not_marked(self, cast: Cast, admin: Client) -> None:
        Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY + 61 * DAY)
        Term.objects.filter(person=cast.poplar_head).update(valid_until=TODAY + DAY)
        post = Post.objects.get(unit=cast.poplar)
        Term.objects.create(post=post, person=cast.volunteer, valid_from=TODAY + 2 * DAY)
        page = admin.get(f"/posts/{cast.town.code}")
        assert not any(line.ends_soon for _unit, lines in page.context["rows"] for line in lines)
        assert "volunteer" in page.content.decode()
        assert admin.get(f"/posts/{cast.town.code}?show=ending").context["rows"] == []
        Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY + 60 * DAY)
        found = admin.get(f"/posts/{cast.city.code}?show=ending").context["rows"]
        assert [one for one, _lines in found] == [cast.willow]

    def test_vacant_are_posts_without_a_holder_and_committees_without_a_post(self, cast: Cast, admin: Client) -> None:
        # Elm has a committee and no post, its town and Reed's have no reviewer; Elm's town and the city have all else.
        elm_town = Unit.objects.get(name="榆林镇")
        found = admin.get(f"/posts/{cast.city.code}?show=vacant").context["rows"]
        assert [one for one, _lines in found] == [elm_town, cast.elm]
        Person.objects.filter(pk=cast.poplar_head.pk).update(is_active=False)
        found = admin.get(f"/posts/{cast.city.code}?show=vacant").context["rows"]
        assert [one for one, _lines in found] == [cast.poplar, elm_town, cast.elm]
        Unit.objects.filter(pk=cast.elm.pk).update(has_committee=False)
        found = admin.get(f"/posts/{cast.county.code}?show=vacant").context["rows"]
        assert [one for one, _lines in found] == [cast.poplar, elm_town]

    def test_units_and_holders_are_found_by_name(self, cast: Cast, admin: Client) -> None:
        def found(words: str) -> list[Unit]:
            page = admin.get(f"/posts/{cast.city.code}", {"words": words})
            return [one for one, _lines in page.context["rows"]]

        assert found("柳") == [cast.town, cast.willow]
        assert found("outsider_head") == [cast.reed]
        assert found("没有这个") == []

    def test_a_county_reads_its_own_area_and_no_other(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.county_supervisor)
        assert client.get("/posts").headers["Location"] == f"/posts/{cast.county.code}"
        for there in (cast.other_county, cast.reed, cast.city, cast.department):
            assert client.get(f"/posts/{there.code}").status_code == 404
        assert client.get(address(cast.reed)).status_code == 404
        assert client.get(f"/posts/{cast.county.code}?words=outsider_head").context["rows"] == []

    def test_a_zone_reads_what_it_answers_for(self, cast: Cast, signed_in: SignedIn) -> None:
        zone = unit(UnitLevel.COUNTY, cast.city, name="开发区", is_functional_zone=True)
        supervisor = holder(Role.COUNTY_SUPERVISOR, zone, "zone_supervisor")
        Responsibility.objects.create(territory=cast.town, responsible=zone)
        client = signed_in(supervisor)
        assert [one for one, _lines in client.get(f"/posts/{zone.code}").context["rows"]] == [cast.town]
        assert client.get(f"/posts/{cast.willow.code}").status_code == 200
        found = client.get(f"/posts/{zone.code}?words=willow_head").context["rows"]
        assert [one for one, _lines in found] == [cast.willow]

    def test_more_villages_take_no_more_queries(self, cast: Cast, admin: Client) -> None:
        before = len(queries_of(admin, f"/posts/{cast.town.code}"))
        for number in range(20):
            holder(Role.COMMITTEE_HEAD, unit(UnitLevel.VILLAGE, cast.town, has_committee=True), f"head{number}")
        queries = queries_of(admin, f"/posts/{cast.town.code}")
        assert len(queries) == before and before - EVERY_PAGE <= 8, queries

    def test_pages_go_on_behind_the_last_unit(self, cast: Cast, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "PAGE", 2)
        monkeypatch.setattr(reading, "LOOKED_AT", 3)
        more = [unit(UnitLevel.VILLAGE, cast.town, has_committee=True) for _ in range(3)]

        def walk(query: str) -> list[list[Unit]]:
            pages, after = [], ""
            for _ in range(20):
                page = admin.get(f"/posts/{cast.town.code}?{query}&after={after}").context
                pages.append([one for one, _lines in page["rows"]])
                after = page["next_key"]
                if not after:
                    return pages
            raise AssertionError("no end")

        assert walk("") == [[cast.willow, cast.poplar], more[:2], more[2:]]
        # Of six units three are looked at together: the town and two villages hold nothing that is vacant.
        assert walk("show=vacant") == [[], more[:2], more[2:]]


class TestChangeOfHolder:
    def test_one_ends_the_day_before_and_the_next_begins(self, cast: Cast, admin: Client) -> None:
        assert change(admin, cast.willow, "volunteer", TODAY + 3 * DAY, date(2028, 12, 31)).status_code == 302
        assert head_of(cast.willow) == [
            ("willow_head", None, TODAY + 2 * DAY),
            ("volunteer", TODAY + 3 * DAY, date(2028, 12, 31)),
        ]
        ended, begun = (
            term.history.first()
            for term in Term.objects.filter(post__role=Role.COMMITTEE_HEAD, post__unit=cast.willow).order_by("id")
        )
        assert (ended.history_step, begun.history_step) == ("end_term", "change_holder")
        assert ended.history_user == begun.history_user == cast.administrator
        assert Post.objects.filter(unit=cast.willow, role=Role.COMMITTEE_HEAD).count() == 1

    def test_a_vacant_post_is_filled_and_one_that_never_was_is_made(self, cast: Cast, admin: Client) -> None:
        Term.objects.filter(person=cast.poplar_head).update(valid_until=TODAY - DAY)
        assert change(admin, cast.poplar, "volunteer").status_code == 302
        assert head_of(cast.poplar)[1:] == [("volunteer", TODAY, None)]
        said = {"words": "inspector", "person": "", "valid_from": TODAY, "valid_until": ""}
        assert admin.post(address(cast.elm, number=0), said).status_code == 302
        assert head_of(cast.elm) == [("inspector", TODAY, None)]
        assert Post.objects.get(unit=cast.elm).number == 1

    def test_where_several_are_called_so_the_form_asks_which_one(self, cast: Cast, admin: Client) -> None:
        first, second = (PersonFactory(name="柳小川", phone=f"1390000000{n}") for n in (1, 2))
        asked = change(admin, cast.willow, "柳小川", TODAY, "2028-12-31")
        assert asked.status_code == 422
        assert [one for one, _held in asked.context["form"].candidates] == [first, second]
        assert "2028-12-31" in asked.content.decode()
        assert len(head_of(cast.willow)) == 1
        assert change(admin, cast.willow, "柳小川", person=str(second.pk)).status_code == 302
        assert Term.objects.filter(person=second).exists() and not Term.objects.filter(person=first).exists()

    def test_a_number_means_one_and_an_unknown_name_leads_to_a_new_account(self, cast: Cast, admin: Client) -> None:
        PersonFactory(name="柳小川", phone="13900000001")
        asked = change(admin, cast.willow, "柳大山")
        assert asked.status_code == 422 and asked.context["form"].is_unknown
        assert f"{address(cast.willow)}/new-person?name=%E6%9F%B3%E5%A4%A7%E5%B1%B1" in asked.content.decode()
        assert change(admin, cast.willow, "13900000001").status_code == 302

    @pytest.mark.parametrize(
        ("words", "first", "last"),
        [
            ("willow_head", TODAY, ""),  # holds it
            ("willow_member", TODAY, TODAY - DAY),
            ("willow_member", "2062-03-02", ""),
            ("willow_member", "1962-03-02", ""),
            ("willow_member", TODAY, "2126-03-02"),
            ("willow_member", "", ""),
            ("willow_member", "2026-02-30", ""),
        ],
    )
    def test_what_does_not_go_is_said_and_changes_nothing(
        self, words: str, first: date | str, last: date | str, cast: Cast, admin: Client
    ) -> None:
        refused = change(admin, cast.willow, words, first, last)
        assert refused.status_code == 422 and refused.context["form"].errors
        assert head_of(cast.willow) == [("willow_head", None, None)]

    def test_whoever_began_that_day_is_not_replaced_on_it_and_no_planned_term_is_run_over(
        self, cast: Cast, admin: Client
    ) -> None:
        assert change(admin, cast.willow, "volunteer", TODAY + 5 * DAY).status_code == 302
        assert change(admin, cast.willow, "inspector", TODAY + 5 * DAY).status_code == 422
        assert change(admin, cast.willow, "inspector", TODAY + 2 * DAY).status_code == 422
        assert [name for name, _first, _last in head_of(cast.willow)] == ["willow_head", "volunteer"]
        assert head_of(cast.willow)[0][2] == TODAY + 4 * DAY
        assert change(admin, cast.willow, "inspector", TODAY + 2 * DAY, TODAY + 4 * DAY).status_code == 302

    @pytest.mark.parametrize("begins", [None, TODAY + 20 * DAY])
    def test_nobody_holds_two_posts_of_one_role_at_once(self, begins: date | None, cast: Cast, admin: Client) -> None:
        appoint(cast.volunteer, Role.COMMITTEE_MEMBER, cast.willow)
        Term.objects.filter(person=cast.willow_member).update(valid_from=begins)
        said = {"words": "willow_member", "person": "", "valid_from": TODAY, "valid_until": ""}
        second = address(cast.willow, Role.COMMITTEE_MEMBER, 2)
        assert admin.post(second, said).status_code == 422
        assert Term.objects.get(person=cast.volunteer, post__unit=cast.willow).valid_until is None
        if begins:
            assert admin.post(second, {**said, "valid_until": begins - DAY}).status_code == 302

    def test_nobody_gets_it_who_is_switched_off_and_nobody_gives_it_to_himself(self, cast: Cast, admin: Client) -> None:
        PersonFactory(name="走了的人", is_active=False)
        assert change(admin, cast.willow, "走了的人").status_code == 422
        assert change(admin, cast.willow, "administrator").status_code == 403
        assert head_of(cast.willow) == [("willow_head", None, None)]

    def test_a_discipline_office_is_given_by_its_own(self, cast: Cast, admin: Client) -> None:
        there = address(cast.discipline_unit, Role.DEPARTMENT_MEMBER)
        assert "words" not in admin.get(there).content.decode().split('id="main"')[1]
        said = {"words": "volunteer", "person": "", "valid_from": TODAY, "valid_until": ""}
        assert admin.post(there, said).status_code == 403
        newcomer = {"name": "新人", "phone": "13900000009", "valid_from": TODAY, "valid_until": ""}
        assert admin.post(f"{there}/new-person", newcomer).status_code == 403
        term = Term.objects.get(person=cast.discipline)
        admin.post(f"{there}/terms/{term.pk}", {"end-valid_until": TODAY})
        assert Term.objects.get(post__unit=cast.discipline_unit).valid_until is None
        assert not Person.objects.filter(phone="13900000009").exists()

    def test_the_last_day_alone_is_set_and_a_planned_term_is_called_off(self, cast: Cast, admin: Client) -> None:
        change(admin, cast.willow, "volunteer", TODAY + 5 * DAY)
        now, planned = Term.objects.filter(post__unit=cast.willow, post__role=Role.COMMITTEE_HEAD).order_by("id")
        there = f"{address(cast.willow)}/terms"
        assert admin.post(f"{there}/{now.pk}", {"call_off": "1"}).status_code == 302
        assert head_of(cast.willow)[0] == ("willow_head", None, TODAY + 4 * DAY)
        assert admin.post(f"{there}/{planned.pk}", {"call_off": "1"}).status_code == 302
        assert Term.history.filter(history_type="-", history_step="call_off_term", id=planned.pk).exists()
        assert admin.post(f"{there}/{now.pk}", {"end-valid_until": TODAY + 9 * DAY}).status_code == 302
        assert head_of(cast.willow) == [("willow_head", None, TODAY + 9 * DAY)]
        admin.post(f"{there}/{now.pk}", {"end-valid_until": ""})
        assert head_of(cast.willow) == [("willow_head", None, TODAY + 9 * DAY)]
        elsewhere = Term.objects.get(person=cast.poplar_head)
        assert admin.post(f"{there}/{elsewhere.pk}", {"end-valid_until": TODAY}).status_code == 404


class TestTwoCounties:
    """Who looks changes nothing, and who administers one city changes nothing in another, whatever the address says."""

    @pytest.mark.parametrize(
        "who", ["county_supervisor", "city_supervisor", "outsider_county", "inspector", "volunteer"]
    )
    def test_offices_look_and_change_nothing(self, who: str, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(getattr(cast, who))
        term = Term.objects.get(person=cast.willow_head)
        assert change(client, cast.willow, "volunteer").status_code in (403, 404)
        newcomer = {"name": "新人", "phone": "13900000009", "valid_from": TODAY, "valid_until": ""}
        assert client.post(f"{address(cast.willow)}/new-person", newcomer).status_code in (403, 404)
        assert client.post(f"{address(cast.willow)}/terms/{term.pk}", {"end-valid_until": TODAY}).status_code in (
            403,
            404,
        )
        seen = {"seen": str(seen_of(cast.willow_head)), "last_day": TODAY}
        for tail, said in (("", {"name": "x", "phone": "", **seen}), ("/password", seen), ("/switching", seen)):
            assert client.post(f"/people/{cast.willow_head.pk}{tail}", said).status_code == 403
        assert head_of(cast.willow) == [("willow_head", None, None)]
        kept = Person.objects.get(pk=cast.willow_head.pk)
        assert (kept.password, kept.name, kept.is_active) == (cast.willow_head.password, "willow_head", True)

    def test_another_citys_administrator_reaches_no_post_and_no_account_here(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        assert cast.city.parent is not None
        city = unit(UnitLevel.CITY, cast.city.parent, name="远山市")
        administrator = holder(Role.ADMINISTRATOR, city, "far_administrator")
        client = signed_in(administrator)
        term = Term.objects.get(person=cast.willow_head)
        assert client.get(f"/posts/{cast.willow.code}").status_code == 404
        assert change(client, cast.willow, "far_administrator").status_code == 404
        assert client.post(f"{address(cast.willow)}/terms/{term.pk}", {"end-valid_until": TODAY}).status_code == 404
        # A term of Willow's under the address of a post of one's own.
        own = appoint(PersonFactory(), Role.INSPECTOR, city)
        wrong = f"{address(city, Role.INSPECTOR, own.number)}/terms/{term.pk}"
        assert client.post(wrong, {"end-valid_until": TODAY}).status_code == 404
        assert client.get(f"/people/{cast.willow_head.pk}").status_code == 404
        seen = {"seen": str(seen_of(cast.willow_head)), "last_day": TODAY}
        assert client.post(f"/people/{cast.willow_head.pk}/password", seen).status_code == 404
        assert client.get("/people/found?words=willow_head").json() == {"people": []}
        # By number in a form of one's own.
        given = {"words": "willow_head", "person": str(cast.willow_head.pk), "valid_from": TODAY, "valid_until": ""}
        assert client.post(address(city, Role.INSPECTOR, own.number), given).status_code == 422
        assert head_of(cast.willow) == [("willow_head", None, None)]
        assert len(posts_held(Person.objects.get(pk=cast.willow_head.pk), TODAY)) == 1

    def test_nor_by_the_stock_admin(self, cast: Cast, signed_in: SignedIn) -> None:
        assert cast.city.parent is not None
        city = unit(UnitLevel.CITY, cast.city.parent, name="远山市")
        client = signed_in(holder(Role.ADMINISTRATOR, city, "far_administrator"))
        page = f"/admin/casework/person/{cast.willow_head.pk}/change/"
        said = {"username": "willow_head", "name": "willow_head", "phone": "", "language": "", "is_active": "on"}
        assert client.post(page, {**said, "first_password": "ein-langes-Wort-7"}).status_code == 200
        assert Person.objects.get(pk=cast.willow_head.pk).password == cast.willow_head.password
