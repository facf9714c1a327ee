"""Accounts on the administrator's pages: made with a post, found, corrected, given a password, switched off."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.test import Client

from casework.models import Person, Post, Term
from casework.offices.account_changes import seen_of
from casework.rights.held_posts import posts_held
from casework.stages import Role
from tests.cast import Cast
from tests.factories import PersonFactory, appoint
from tests.walk import TODAY
from tests.web.test_queries import SignedIn

DAY = timedelta(days=1)


@pytest.fixture
def admin(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.administrator)


def bring_in(client: Client, cast: Cast, number: int = 1, **more: Any) -> Any:
    said = {"name": "柳小川", "phone": "139 0000 0001", "valid_from": TODAY, "valid_until": "", **more}
    return client.post(f"/posts/{cast.willow.code}/committee_head/{number}/new-person", said)


def seen(person: Person) -> str:
    return str(seen_of(Person.objects.get(pk=person.pk)))


class TestNewPerson:
    def test_an_account_a_post_and_a_slip_in_one_form(
        self, cast: Cast, admin: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        slip = bring_in(admin, cast)
        assert slip.status_code == 200
        password = slip.context["password"]
        words = slip.content.decode()
        assert password in words and "13900000001" in words and "柳小川" in words
        person = authenticate(None, username="13900000001", password=password)
        assert isinstance(person, Person) and person.must_choose_password and person.first_password_until is not None
        assert [(held.unit_id, held.role) for held in posts_held(person, TODAY)] == [
            (cast.willow.pk, Role.COMMITTEE_HEAD)
        ]
        assert Term.objects.get(person=cast.willow_head).valid_until == TODAY - DAY
        steps = set(Person.history.filter(id=person.pk).values_list("history_step", "history_user"))
        assert steps == {("open_account", cast.administrator.pk), ("hand_out_password", cast.administrator.pk)}
        # Shown once: no log, no session, no later page knows it, and no cache may keep it.
        assert password not in caplog.text
        assert not any(password in str(one.get_decoded()) for one in Session.objects.all())
        assert "no-store" in slip.headers["Cache-Control"]
        assert not slip.cookies.get("messages")
        assert password not in admin.get(f"/people/{person.pk}").content.decode()

    def test_the_slip_opens_the_door_to_a_password_of_ones_own(self, cast: Cast, admin: Client) -> None:
        password = bring_in(admin, cast).context["password"]
        newcomer = Client()
        signed = newcomer.post("/sign-in", {"username": "13900000001", "password": password})
        assert signed.status_code == 302
        assert newcomer.get("/").headers["Location"] == "/password"

    def test_a_number_that_somebody_has_is_refused_with_the_name_and_all_stays_typed(
        self, cast: Cast, admin: Client
    ) -> None:
        PersonFactory(name="柳大山", phone="13900000001")
        refused = bring_in(admin, cast)
        assert refused.status_code == 422
        assert "柳大山" in refused.content.decode() and "139 0000 0001" in refused.content.decode()
        assert bring_in(admin, cast, phone="0395-1234567").status_code == 422
        assert bring_in(admin, cast, name=" ").status_code == 422
        assert not Person.objects.filter(name="柳小川").exists()

    def test_where_the_post_can_not_be_given_no_account_is_left(self, cast: Cast, admin: Client) -> None:
        assert bring_in(admin, cast, valid_until=TODAY - DAY).status_code == 422
        assert not Person.objects.filter(phone="13900000001").exists()
        assert Term.objects.get(person=cast.willow_head).valid_until is None

    def test_a_second_click_makes_no_second_account(self, cast: Cast, admin: Client) -> None:
        assert [bring_in(admin, cast).status_code for _ in range(2)] == [200, 422]
        assert Person.objects.filter(name="柳小川").count() == 1
        assert Post.objects.filter(unit=cast.willow, role=Role.COMMITTEE_HEAD).count() == 1


class TestFinding:
    def test_by_a_part_of_the_name_and_by_how_the_number_begins(self, cast: Cast, admin: Client) -> None:
        person = PersonFactory(name="柳小川", phone="13900000001")
        appoint(person, Role.COMMITTEE_MEMBER, cast.elm)
        for words in ("小川", "1390", "13900000001", person.username):
            page = admin.get("/people", {"words": words})
            assert page.context["rows"] == [(person, "榆林镇 榆钱村 村监委委员")]
        assert admin.get("/people?words=0000").context["rows"] == []
        (found,) = admin.get("/people/found?words=小川").json()["people"]
        assert found["code"] == person.pk and found["name"] == "柳小川" and "13900000001" in found["above"]

    def test_the_search_of_every_page_leads_to_the_posts_of_a_persons_unit(
        self, cast: Cast, admin: Client, signed_in: SignedIn
    ) -> None:
        there = f'href="/posts/{cast.willow.code}"'
        assert there in admin.get("/search?words=willow_head").content.decode()
        assert there in signed_in(cast.county_supervisor).get("/search?words=willow_head").content.decode()
        town = signed_in(cast.town_reviewer).get("/search?words=willow_head").content.decode()
        assert there not in town and f'href="/villages/{cast.willow.code}"' in town
        assert "outsider_head" not in str(
            signed_in(cast.county_supervisor).get("/search?words=outsider_head").context["found"].people
        )


class TestKeeping:
    def test_a_name_and_a_number_are_corrected_and_the_sign_in_follows(self, cast: Cast, admin: Client) -> None:
        person = Person.objects.create_user("13900000001", "correct horse", name="柳小穿", phone="13900000001")
        said = {"name": "柳小川", "phone": "13900000002", "seen": seen(person)}
        assert admin.post(f"/people/{person.pk}", said).status_code == 302
        person.refresh_from_db()
        assert (person.name, person.phone, person.username) == ("柳小川", "13900000002", "13900000002")
        assert person.history.first().history_step == "correct_account"

    def test_a_user_name_of_ones_own_stays(self, cast: Cast, admin: Client) -> None:
        said = {"name": "柳大山", "phone": "13900000002", "seen": seen(cast.willow_head)}
        assert admin.post(f"/people/{cast.willow_head.pk}", said).status_code == 302
        kept = Person.objects.get(pk=cast.willow_head.pk)
        assert (kept.username, kept.phone) == ("willow_head", "13900000002")

    def test_a_number_of_another_is_refused_and_a_form_from_before_a_change_too(
        self, cast: Cast, admin: Client
    ) -> None:
        PersonFactory(name="另一位", phone="13900000003")
        old, page = seen(cast.willow_head), f"/people/{cast.willow_head.pk}"
        taken = admin.post(page, {"name": "柳大山", "phone": "13900000003", "seen": old})
        assert taken.status_code == 422 and "另一位" in taken.content.decode() and "柳大山" in taken.content.decode()
        assert admin.post(page, {"name": "柳大山", "phone": "", "seen": old}).status_code == 302
        assert admin.post(page, {"name": "柳二山", "phone": "", "seen": old}).status_code == 409
        assert Person.objects.get(pk=cast.willow_head.pk).name == "柳大山"

    def test_a_one_time_password_is_shown_once_and_a_second_click_sets_none(self, cast: Cast, admin: Client) -> None:
        page, said = f"/people/{cast.willow_head.pk}/password", {"seen": seen(cast.willow_head)}
        slip = admin.post(page, said)
        assert slip.status_code == 200
        assert authenticate(None, username="willow_head", password=slip.context["password"])
        assert admin.post(page, said).status_code == 302
        assert authenticate(None, username="willow_head", password=slip.context["password"])

    def test_none_is_set_for_a_discipline_office_and_none_for_an_account_that_is_off(
        self, cast: Cast, admin: Client
    ) -> None:
        for person in (cast.discipline, PersonFactory(is_active=False)):
            assert admin.post(f"/people/{person.pk}/password", {"seen": seen(person)}).status_code == 302
            assert Person.objects.get(pk=person.pk).password == person.password

    def test_switching_off_ends_every_post_and_the_sign_in(
        self, cast: Cast, admin: Client, signed_in: SignedIn
    ) -> None:
        their = signed_in(cast.willow_head)
        appoint(cast.willow_head, Role.COMMITTEE_MEMBER, cast.elm, valid_from=TODAY + 9 * DAY)
        appoint(cast.willow_head, Role.VOLUNTEER, cast.elm, valid_from=date(2025, 1, 1), until=TODAY - 9 * DAY)
        appoint(cast.willow_head, Role.INSPECTOR, cast.county, valid_from=TODAY)
        said = {"seen": seen(cast.willow_head), "last_day": TODAY - DAY}
        assert admin.post(f"/people/{cast.willow_head.pk}/switching", said).status_code == 302
        kept = Person.objects.get(pk=cast.willow_head.pk)
        assert not kept.is_active and kept.history.first().history_step == "switch_off"
        ends = set(Term.objects.filter(person=kept).values_list("post__role", "valid_until"))
        assert ends == {("committee_head", TODAY - DAY), ("volunteer", TODAY - 9 * DAY), ("inspector", TODAY)}
        assert their.get("/").headers["Location"].startswith("/sign-in")
        assert admin.post(f"/people/{kept.pk}/switching", {"seen": seen(kept)}).status_code == 302
        assert Person.objects.get(pk=kept.pk).is_active
        assert posts_held(Person.objects.get(pk=kept.pk), TODAY + DAY) == ()

    def test_nobody_switches_off_the_own_account_nor_a_discipline_office_nor_from_tomorrow_on(
        self, cast: Cast, admin: Client
    ) -> None:
        for person, day in ((cast.administrator, TODAY), (cast.discipline, TODAY), (cast.willow_head, TODAY + DAY)):
            said = {"seen": seen(person), "last_day": day}
            assert admin.post(f"/people/{person.pk}/switching", said).status_code == 302
            assert Person.objects.get(pk=person.pk).is_active
            assert Term.objects.get(person=person).valid_until is None


class TestHome:
    def test_the_administrator_reads_where_a_hand_is_needed(self, cast: Cast, admin: Client) -> None:
        Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY + DAY)
        page = admin.get("/")
        assert (page.context["vacant"], page.context["ending"]) == (2, 1)  # Elm and its town
        assert 'href="/posts?show=vacant"' in page.content.decode()
        assert admin.get("/posts?show=vacant").headers["Location"] == f"/posts/{cast.city.code}?show=vacant"

    def test_nobody_else_pays_for_it(self, cast: Cast, signed_in: SignedIn) -> None:
        assert "vacant" not in signed_in(cast.city_supervisor).get("/").context
