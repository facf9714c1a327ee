"""People and posts come in as a table on a page: a preview, the good rows, a slip for each new account."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Person, Term, Unit
from casework.models.unit import UnitLevel
from casework.rights.held_posts import posts_held
from casework.stages import Role
from tests.cast import Cast
from tests.factories import holder, unit
from tests.walk import TODAY
from tests.web.test_queries import SignedIn, queries_of

HEADER = "姓名,手机号,县区,乡镇,村,单位代码,岗位,任期起,任期止\n"
PAGE = "/people/import"


@pytest.fixture
def admin(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.administrator)


def look(client: Client, *lines: str, header: str = HEADER) -> Any:
    upload = SimpleUploadedFile("人员.csv", (header + "\n".join(lines) + "\n").encode())
    return client.post(PAGE, {"file": upload})


GOOD = "柳小川,13900000001,青禾区,榆林镇,榆钱村,,村监委主任,2026/1/1,2028-12-31"


def test_the_preview_writes_nothing_and_the_confirmation_what_it_showed(cast: Cast, admin: Client) -> None:
    preview = look(admin, GOOD, "柳小河,13900000002,,柳河镇,,,乡镇核查人,,", "柳小江,139,,柳河镇,上柳村,,委员,,")
    assert preview.status_code == 200
    assert [(number, one.unit, one.role, result) for number, one, result in preview.context["taken"]] == [
        (2, cast.elm, Role.COMMITTEE_HEAD, "added"),
        (3, cast.town, Role.TOWN_REVIEWER, "added"),
    ]
    assert "“139”" in preview.content.decode() and preview.context["new_accounts"] == 2
    assert not Person.objects.filter(name__startswith="柳小").exists()

    rows = {"rows": preview.context["rows"]}
    done = admin.post(f"{PAGE}/confirmation", rows)
    assert done.status_code == 200 and done.context["outcome"].added == 2
    for name, phone, password, _where in done.context["slips"]:
        assert name in done.content.decode() and password in done.content.decode()
        assert Person.objects.get(phone=phone).must_choose_password
    person = Person.objects.get(phone="13900000001")
    assert [(held.unit_id, held.role) for held in posts_held(person, TODAY)] == [(cast.elm.pk, Role.COMMITTEE_HEAD)]
    history = Term.objects.get(person=person).history.get()
    assert (history.history_step, history.history_user) == ("import_people", cast.administrator)

    mended = admin.post(f"{PAGE}/refused", rows).content.decode("utf-8-sig").splitlines()
    assert mended[0].endswith("原因") and mended[1].startswith("柳小江,139,") and len(mended) == 2
    again = admin.post(f"{PAGE}/confirmation", rows)
    assert again.context["slips"] == [] and again.context["outcome"].unchanged == 2


@pytest.mark.usefixtures("_real_hasher")
def test_a_slip_opens_its_account(cast: Cast, admin: Client) -> None:
    done = admin.post(f"{PAGE}/confirmation", {"rows": look(admin, GOOD).context["rows"]})
    ((_name, phone, password, where),) = done.context["slips"]
    assert where == "榆钱村 · 村监委主任"
    assert authenticate(None, username=phone, password=password) == Person.objects.get(phone=phone)


@pytest.fixture
def _real_hasher(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("柳小川,13900000001,,,榆钱村,,主任,,", "village_ambiguous"),
        ("柳小川,13900000001,,没有镇,,,乡镇核查人,,", "unit_unknown"),
        ("柳小川,13900000001,,,,,主任,,", "unit_missing"),
        ("柳小川,13900000001,,柳河镇,,,主任,,", "role_misfit"),
        ("柳小川,13900000001,,柳河镇,上柳村,,村长,,", "role_unknown"),
        ("柳小川,13900000001,,,,999999,主任,,", "unit_unknown"),
        ("柳小川,13900000001,,,,{discipline_unit},部门人员,,", "discipline_office"),
        ("柳小川,13900000001,,,,{far},县区督办,,", "not_your_area"),
        ("administrator,13900000009,,,,{city},市级督办,,", "own_post"),
        ("柳小川,13900000001,,,,{gone},主任,,", "unit_unused"),
    ],
)
def test_a_row_that_does_not_go_is_refused_with_its_reason(line: str, code: str, cast: Cast, admin: Client) -> None:
    assert cast.city.parent is not None
    far = unit(UnitLevel.COUNTY, unit(UnitLevel.CITY, cast.city.parent, name="远山市"), name="远县")
    gone = unit(UnitLevel.VILLAGE, cast.town, is_active=False)
    Person.objects.filter(pk=cast.administrator.pk).update(phone="13900000009")
    codes = {"discipline_unit": cast.discipline_unit, "far": far, "city": cast.city, "gone": gone}
    preview = look(admin, line.format(**{name: each.code for name, each in codes.items()}))
    ((_row, reason),) = preview.context["outcome"].refused
    assert preview.context["taken"] == [] and "people/import/confirmation" not in preview.content.decode()
    assert reason in preview.content.decode().replace("&quot;", '"')
    assert {
        "village_ambiguous": "榆钱村", "unit_unknown": "没有镇" if "没有镇" in line else "999999", "unit_missing": "",
        "role_misfit": "", "role_unknown": "村长", "discipline_office": "", "not_your_area": "远县", "own_post": "",
        "unit_unused": gone.name,
    }[code] in reason  # fmt: skip


def test_a_second_head_is_refused_until_the_first_ones_last_day_stands_above(cast: Cast, admin: Client) -> None:
    Person.objects.filter(pk=cast.willow_head.pk).update(phone="13900000008")
    second = "柳小川,13900000001,,柳河镇,上柳村,,村监委主任,2026-04-01,"
    ((_row, reason),) = look(admin, second).context["outcome"].refused
    assert "willow_head" in reason
    first = "willow_head,13900000008,,柳河镇,上柳村,,村监委主任,,2026-03-31"
    done = admin.post(f"{PAGE}/confirmation", {"rows": look(admin, first, second).context["rows"]})
    assert (done.context["outcome"].changed, done.context["outcome"].added) == (1, 1)
    assert Term.objects.filter(post__unit=cast.willow, post__role=Role.COMMITTEE_HEAD).count() == 2
    assert not Term.objects.filter(post__unit=cast.willow, post__role=Role.COMMITTEE_HEAD, post__number=2).exists()


def test_a_town_of_two_counties_is_asked_for(cast: Cast, admin: Client) -> None:
    twin = unit(UnitLevel.TOWN, cast.other_county, name="柳河镇")
    line = "柳小川,13900000001,{},柳河,,,乡镇核查人,,"
    assert len(look(admin, line.format("")).context["outcome"].refused) == 1
    assert [one.unit for _n, one, _r in look(admin, line.format("云溪县")).context["taken"]] == [twin]
    assert [one.unit for _n, one, _r in look(admin, line.format("青禾")).context["taken"]] == [cast.town]


def test_a_file_that_is_no_table_of_people_is_refused(cast: Cast, admin: Client) -> None:
    assert look(admin, "x", header="姓名,别的\n").status_code == 422
    assert admin.post(PAGE, {}).status_code == 422
    assert look(admin, *[GOOD] * 3001).status_code == 422


def test_rows_of_another_and_rows_made_up_are_refused(cast: Cast, admin: Client, signed_in: SignedIn) -> None:
    rows = look(admin, GOOD).context["rows"]
    colleague = signed_in(holder(Role.ADMINISTRATOR, cast.city, "colleague"))
    for client, said in ((colleague, rows), (admin, rows + "x"), (admin, ""), (admin, signing.dumps([1, [], []]))):
        assert client.post(f"{PAGE}/confirmation", {"rows": said}).status_code == 409
    for tail in ("", "/confirmation", "/refused"):
        assert signed_in(cast.county_supervisor).post(f"{PAGE}{tail}", {"rows": rows}).status_code == 403
    assert not Person.objects.filter(phone="13900000001").exists()


def test_a_preview_asks_no_more_for_many_rows(cast: Cast, admin: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        unit(UnitLevel.VILLAGE, cast.town, name=f"新{number}村", has_committee=True)
    lines = [f"人{n},139000001{n:02d},青禾区,柳河镇,新{n}村,,主任,," for n in range(30)]
    with django_assert_max_num_queries(40):
        assert look(admin, *lines).context["outcome"].added == 30


def test_the_empty_table_reads_back_in(cast: Cast, admin: Client) -> None:
    template = admin.get(f"{PAGE}/template.csv").content.decode("utf-8-sig")
    assert look(admin, GOOD, header=template.replace("\r\n", "\n")).context["outcome"].added == 1
    assert Unit.objects.filter(name="榆钱村").count() == 1
    assert queries_of(admin, PAGE)


def test_an_election_ends_the_heads_before_and_the_preview_keeps_that_it_is_one(cast: Cast, admin: Client) -> None:
    line = f"柳小川,13900000001,,,,{cast.willow.code},村监委主任,{TODAY},"
    assert len(look(admin, line).context["outcome"].refused) == 1
    upload = SimpleUploadedFile("人员.csv", f"{HEADER}{line}\n".encode())
    preview = admin.post(PAGE, {"file": upload, "is_election": "on"})
    assert preview.context["outcome"].added == 1
    admin.post(f"{PAGE}/confirmation", {"rows": preview.context["rows"]})
    terms = Term.objects.filter(post__unit=cast.willow, post__role=Role.COMMITTEE_HEAD).order_by("pk")
    assert [(str(one.person), one.valid_until) for one in terms] == [
        ("willow_head", TODAY - timedelta(days=1)),
        ("柳小川", None),
    ]
