"""Who gives posts on the pages: the administrator never to himself, a discipline office only by those who sit there."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import Person, Post, Responsibility, Term, Unit
from casework.rights.held_posts import posts_held
from casework.stages import Role
from tests.cast import Cast
from tests.factories import PersonFactory, appoint
from tests.walk import TODAY


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


def post_of(unit: Unit) -> Post:
    return Post.objects.filter(unit=unit).order_by("id")[0]


def rows(*terms: dict[str, Any], there: int = 0) -> dict[str, Any]:
    said: dict[str, Any] = {"terms-TOTAL_FORMS": len(terms), "terms-INITIAL_FORMS": there}
    for place, term in enumerate(terms):
        said |= {f"terms-{place}-{name}": value for name, value in term.items()}
    return said


def change(admin: Client, post: Post, *terms: dict[str, Any], there: int = 0) -> int:
    said = {"unit": post.unit_id, "role": post.role, "number": post.number, **rows(*terms, there=there)}
    return admin.post(f"/admin/casework/post/{post.pk}/change/", said).status_code


def kept(term: Term) -> dict[str, Any]:
    return {
        "id": term.pk,
        "post": term.post_id,
        "person": term.person_id,
        "valid_from": term.valid_from or "",
        "valid_until": term.valid_until or "",
    }


def new_post(unit: Unit, role: str) -> Post:
    return Post.objects.create(unit=unit, role=role, number=7)


class TestAdministrator:
    def test_gives_a_post_to_somebody_and_it_stands_in_the_history(self, admin: Client, cast: Cast) -> None:
        post = new_post(cast.county, Role.INSPECTOR)
        assert change(admin, post, {"person": cast.volunteer.pk, "valid_from": TODAY, "valid_until": ""}) == 302
        history = Term.objects.get(post=post).history.get()
        assert (history.history_user, history.history_step) == (cast.administrator, "administration")

    @pytest.mark.parametrize("unit", ["county", "city", "discipline_unit"])
    def test_gives_none_to_himself(self, unit: str, admin: Client, cast: Cast) -> None:
        post = new_post(getattr(cast, unit), Role.INSPECTOR)
        assert change(admin, post, {"person": cast.administrator.pk, "valid_from": TODAY, "valid_until": ""}) == 200
        assert not Term.objects.filter(post=post).exists()

    def test_gives_none_of_a_discipline_office_to_anybody(self, admin: Client, cast: Cast) -> None:
        post = new_post(cast.discipline_unit, Role.DEPARTMENT_MEMBER)
        assert change(admin, post, {"person": cast.volunteer.pk, "valid_from": TODAY, "valid_until": ""}) == 200
        said = {"unit": cast.discipline_unit.pk, "role": Role.DEPARTMENT_MEMBER, "number": 9}
        said |= rows({"person": cast.volunteer.pk, "valid_from": TODAY, "valid_until": ""})
        assert admin.post("/admin/casework/post/add/", said).status_code == 200
        term = Term.objects.get(person=cast.discipline)
        assert change(admin, term.post, {**kept(term), "valid_until": TODAY}, there=1) == 200
        assert Term.objects.filter(post__unit=cast.discipline_unit).get().valid_until is None

    def test_puts_nobody_else_into_a_term_that_is_there(self, admin: Client, cast: Cast) -> None:
        term = Term.objects.get(person=cast.inspector)
        change(admin, term.post, {**kept(term), "person": cast.administrator.pk, "valid_until": TODAY}, there=1)
        term.refresh_from_db()
        assert (term.person, term.valid_until) == (cast.inspector, TODAY)

    def test_ends_the_own_term_and_does_not_lengthen_it(self, admin: Client, cast: Cast) -> None:
        term = Term.objects.get(person=cast.administrator)
        until = TODAY + timedelta(days=9)
        assert change(admin, term.post, {**kept(term), "valid_until": until}, there=1) == 302
        term.refresh_from_db()
        assert change(admin, term.post, {**kept(term), "valid_until": until + timedelta(days=1)}, there=1) == 200
        term.refresh_from_db()
        assert term.valid_until == until

    def test_moves_no_post_to_another_unit(self, admin: Client, cast: Cast) -> None:
        term = Term.objects.get(person=cast.administrator)
        said = {"unit": cast.discipline_unit.pk, "role": Role.CITY_SUPERVISOR, "number": 1, **rows(kept(term), there=1)}
        admin.post(f"/admin/casework/post/{term.post_id}/change/", said)
        held = posts_held(Person.objects.get(pk=cast.administrator.pk), TODAY)
        assert [(one.unit_id, one.role) for one in held] == [(cast.city.pk, Role.ADMINISTRATOR)]

    @pytest.mark.parametrize(
        ("first", "last"), [("2026-03-01", "2026-02-01"), ("2026-01-01", ""), ("2025-01-01", "2026-03-02")]
    )
    def test_no_two_hold_one_post_and_no_term_runs_backwards(
        self, first: str, last: str, admin: Client, cast: Cast
    ) -> None:
        term = Term.objects.get(person=cast.inspector)
        other = {"person": cast.volunteer.pk, "valid_from": first, "valid_until": last}
        assert change(admin, term.post, kept(term), other, there=1) == 200
        assert not Term.objects.filter(post=term.post, person=cast.volunteer).exists()

    @pytest.mark.parametrize("flag", ["is_key_village", "is_discipline_office"])
    def test_flags_that_give_rights_or_duties_are_read_only(self, flag: str, admin: Client, cast: Cast) -> None:
        page = f"/admin/casework/unit/{cast.willow.pk}/change/"
        assert admin.post(page, {flag: "on", "office_code": "", "is_active": "on"}).status_code == 302
        assert not getattr(Unit.objects.get(pk=cast.willow.pk), flag)

    def test_who_answers_for_a_territory_is_only_read(self, admin: Client, cast: Cast) -> None:
        row = Responsibility.objects.create(territory=cast.town, responsible=cast.county, valid_from=TODAY)
        page = f"/admin/casework/responsibility/{row.pk}/change/"
        said = {"territory": cast.town.pk, "responsible": cast.other_county.pk, "valid_from": TODAY}
        assert admin.get(page).status_code == 200
        assert [admin.post(one, said).status_code for one in (page, "/admin/casework/responsibility/add/")] == [403] * 2
        assert Responsibility.objects.get().responsible == cast.county


class TestPasswords:
    def sets(self, admin: Client, person: Person) -> int:
        said = {"username": person.username, "name": person.name, "phone": "", "language": "", "is_active": "on"}
        page = f"/admin/casework/person/{person.pk}/change/"
        return admin.post(page, {**said, "first_password": "ein-langes-Wort-7"}).status_code

    def test_an_administrator_sets_one_for_others_and_none_for_a_discipline_office(
        self, admin: Client, cast: Cast
    ) -> None:
        assert self.sets(admin, cast.volunteer) == 302
        assert Person.objects.get(pk=cast.volunteer.pk).must_choose_password
        assert self.sets(admin, cast.discipline) == 200
        kept = Person.objects.get(pk=cast.discipline.pk)
        assert (kept.password, kept.must_choose_password) == (cast.discipline.password, False)

    def test_a_new_person_gets_one_with_the_account(self, admin: Client, cast: Cast) -> None:
        said = {"username": "newcomer", "name": "新人", "phone": "", "language": "", "is_active": "on"}
        added = admin.post("/admin/casework/person/add/", {**said, "first_password": "ein-langes-Wort-7"})
        assert added.status_code == 302
        assert Person.objects.get(username="newcomer").must_choose_password

    def test_nor_for_one_whose_post_there_begins_tomorrow_and_again_when_it_is_over(
        self, admin: Client, cast: Cast
    ) -> None:
        appoint(cast.volunteer, Role.DEPARTMENT_MEMBER, cast.discipline_unit, valid_from=TODAY + timedelta(days=1))
        assert self.sets(admin, cast.volunteer) == 200
        Term.objects.filter(person=cast.volunteer, post__unit=cast.discipline_unit).update(
            valid_from=TODAY - timedelta(days=9), valid_until=TODAY - timedelta(days=1)
        )
        assert self.sets(admin, cast.volunteer) == 302

    def test_a_colleague_of_the_office_sets_it_and_nobody_for_himself(self, cast: Cast, client: Client) -> None:
        appoint(cast.volunteer, Role.DEPARTMENT_MEMBER, cast.discipline_unit)
        client.force_login(cast.discipline)
        page = "/discipline-office/people/{}/password"
        assert client.post(page.format(cast.discipline.pk)).status_code == 403
        assert client.post(page.format(cast.inspector.pk)).status_code == 404
        assert client.post(page.format(cast.volunteer.pk)).status_code == 302
        person = Person.objects.get(pk=cast.volunteer.pk)
        assert person.must_choose_password and person.first_password_until is not None
        assert person.history.first().history_step == "hand_out_password"


class TestDisciplineOffice:
    PAGE = "/discipline-office"

    @pytest.fixture
    def office(self, cast: Cast, client: Client) -> Client:
        client.force_login(cast.discipline)
        return client

    def give(self, office: Client, who: str, first: date | str = TODAY, last: str = "") -> int:
        said = {"person": who, "valid_from": first, "valid_until": last}
        return office.post(self.PAGE, said).status_code

    def test_lets_a_colleague_in_and_out_again(self, office: Client, cast: Cast) -> None:
        person = PersonFactory(phone="13800001111")
        assert self.give(office, "13800001111") == 302
        term = Term.objects.get(person=person)
        assert (term.post.unit, term.history.get().history_step) == (cast.discipline_unit, "give_post")
        assert person.name in office.get(self.PAGE).content.decode()
        sent = office.post(f"{self.PAGE}/terms/{term.pk}", {"valid_until": TODAY.isoformat()})
        assert (sent.status_code, Term.objects.get(pk=term.pk).valid_until) == (302, TODAY)

    def test_not_oneself_not_twice_not_backwards_not_a_stranger(self, office: Client, cast: Cast) -> None:
        assert self.give(office, cast.discipline.username) == 403
        assert self.give(office, "nobody") == 422
        assert self.give(office, cast.volunteer.username, last="2026-01-01") == 422
        assert self.give(office, cast.volunteer.username) == 302
        assert self.give(office, cast.volunteer.username) == 422
        assert Term.objects.filter(post__unit=cast.discipline_unit).count() == 2

    @pytest.mark.parametrize("who", ["administrator", "city_supervisor", "department_member"])
    def test_is_nobody_elses_page(self, who: str, cast: Cast, client: Client) -> None:
        client.force_login(getattr(cast, who))
        term = Term.objects.get(person=cast.discipline)
        assert self.give(client, cast.volunteer.username) == 403
        assert client.post(f"{self.PAGE}/terms/{term.pk}", {"valid_until": TODAY.isoformat()}).status_code == 403
        assert Term.objects.filter(post__unit=cast.discipline_unit).get().valid_until is None

    def test_a_term_elsewhere_is_not_there(self, office: Client, cast: Cast) -> None:
        appoint(cast.volunteer, Role.INSPECTOR, cast.county)
        term = Term.objects.filter(person=cast.volunteer).last()
        assert office.post(f"{self.PAGE}/terms/{term.pk}", {"valid_until": TODAY.isoformat()}).status_code == 404
