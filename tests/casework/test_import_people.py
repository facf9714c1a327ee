"""People come in with posts and terms; their passwords are theirs alone."""

import csv
import stat
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from casework.models import Person, Post, Term
from casework.offices.people import Appointed, import_people
from casework.rights.held_posts import posts_held
from casework.stages import Role
from casework.tables.parsing import read_table
from tests.cast import Cast
from tests.walk import TODAY

HEADER = "姓名,手机号,单位代码,角色,任期起,任期止\n"


def read(*lines: str, header: str = HEADER) -> Appointed:
    return import_people(read_table((header + "\n".join(lines) + "\n").encode()), by=None, at=timezone.now())


def test_an_account_a_post_and_a_term_are_made(cast: Cast) -> None:
    appointed = read(f"柳小川,13900000001,{cast.elm.code},村监委主任,2026/1/1,")
    assert appointed.outcome.summary() == "1 added, 0 changed, 0 unchanged, 0 refused"
    person = Person.objects.get(phone="13900000001")
    assert (person.username, person.name, person.must_choose_password) == ("13900000001", "柳小川", True)
    assert person.first_password_until == timezone.now() + timedelta(days=7)
    assert [(held.role, held.unit_id) for held in posts_held(person, TODAY)] == [(Role.COMMITTEE_HEAD, cast.elm.pk)]
    assert person.history.get().history_step == "import_people"
    assert Term.objects.get(person=person).history.count() == 1


@pytest.fixture
def _real_hasher(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.mark.usefixtures("_real_hasher")
def test_the_one_time_password_opens_the_account(cast: Cast) -> None:
    appointed = read(f"柳小川,13900000001,{cast.elm.code},村监委主任,,")
    ((name, phone, password),) = appointed.passwords
    assert (name, phone, len(password)) == ("柳小川", "13900000001", 10)
    assert Person.objects.get(phone=phone).check_password(password)


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    line = f"柳小川,13900000001,{cast.elm.code},committee_head,,"
    read(line)
    again = read(line)
    assert again.outcome.summary() == "0 added, 0 changed, 1 unchanged, 0 refused"
    assert again.passwords == []
    assert read(line, line).outcome.summary() == "0 added, 0 changed, 2 unchanged, 0 refused"


def test_english_columns_and_full_width_digits_are_read(cast: Cast) -> None:
    header = "name,phone,unit code,role,from,until\n"
    line = f"柳小川,+86 １３９-0000-0001,{cast.elm.code},committee_head,2026年1月1日,2028-12-31"
    assert read(line, header=header).outcome.added == 1
    term = Term.objects.get(person__phone="13900000001")
    assert (term.valid_from, term.valid_until) == (date(2026, 1, 1), date(2028, 12, 31))


def test_another_last_day_changes_the_term(cast: Cast) -> None:
    read(f"柳小川,13900000001,{cast.elm.code},委员,2026-01-01,")
    outcome = read(f"柳小川,13900000001,{cast.elm.code},委员,2026-01-01,2026-02-01").outcome
    assert outcome.summary() == "0 added, 1 changed, 0 unchanged, 0 refused"
    term = Term.objects.get(person__phone="13900000001")
    assert term.history.count() == 2
    assert posts_held(Person.objects.get(phone="13900000001"), TODAY) == ()


def test_a_successor_takes_over_the_post_and_a_colleague_gets_another(cast: Cast) -> None:
    read(f"柳小川,13900000001,{cast.elm.code},委员,2023-01-01,2025-12-31")
    read(f"榆小明,13900000002,{cast.elm.code},委员,2026-01-01,", f"榆小红,13900000003,{cast.elm.code},委员,2026-01-01,")
    posts = {term.person.phone: term.post for term in Term.objects.filter(post__unit=cast.elm).select_related("post")}
    assert posts["13900000002"] == posts["13900000001"]
    assert posts["13900000003"] != posts["13900000001"]
    assert Post.objects.filter(unit=cast.elm, role=Role.COMMITTEE_MEMBER).count() == 2


def test_one_person_may_hold_several_posts(cast: Cast) -> None:
    lines = [f"柳小川,13900000001,{unit.code},委员,," for unit in (cast.elm, cast.poplar)]
    assert read(*lines).outcome.added == 2
    assert len(read(*lines).passwords) == 0
    assert Person.objects.filter(phone="13900000001").count() == 1


@pytest.mark.parametrize(
    "line",
    [
        "甲,13900000009,99999999,委员,,",
        "甲,13900000009,{village},市级督办,,",
        "甲,13900000009,{village},村长,,",
        "甲,1390000,{village},委员,,",
        "甲,1.39E+10,{village},委员,,",
        "甲,13900000009,{village},委员,2026-03-01,2026-02-01",
        "甲,13900000009,{village},委员,2026-02-30,",
        ",13900000009,{village},委员,,",
        "另一人,13900000001,{village},委员,,",
        "柳小川,13900000001,{village},委员,2026-02-01,",
    ],
)
def test_a_row_that_cannot_be_is_refused_and_makes_no_account(cast: Cast, line: str) -> None:
    first = f"柳小川,13900000001,{cast.elm.code},委员,2026-01-01,"
    appointed = read(first, line.format(village=cast.elm.code))
    assert appointed.outcome.summary() == "1 added, 0 changed, 0 unchanged, 1 refused"
    assert appointed.outcome.refused[0][1]
    assert not Person.objects.filter(phone="13900000009").exists()


@pytest.mark.usefixtures("_real_hasher")
def test_the_passwords_go_into_a_file_for_one_reader_and_earlier_ones_stay(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    for number in (1, 2):
        path.write_text(f"{HEADER}柳小川{number},1390000000{number},{cast.elm.code},委员,,\n")
        call_command("import_people", str(path), stdout=StringIO())
    passwords = tmp_path / "people.csv.passwords.csv"
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    rows = list(csv.DictReader(StringIO(passwords.read_text(encoding="utf-8-sig"))))
    assert [row["phone"] for row in rows] == ["13900000001", "13900000002"]
    for row in rows:
        assert Person.objects.get(phone=row["phone"]).check_password(row["one_time_password"])


def test_without_a_place_for_the_passwords_no_account_is_made(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"{HEADER}柳小川,13900000001,{cast.elm.code},委员,,\n")
    (tmp_path / "people.csv.passwords.csv").mkdir()
    with pytest.raises(SystemExit) as end:
        call_command("import_people", str(path))
    assert end.value.code == 2
    assert not Person.objects.filter(phone="13900000001").exists()


def test_the_first_administrator_comes_from_one_command(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "a long enough secret 7")
    call_command("create_administrator", "boss", "办公室主任", cast.city.code, stdout=StringIO())
    person = Person.objects.get(username="boss")
    assert person.check_password("a long enough secret 7")
    assert [held.role for held in posts_held(person, TODAY)] == [Role.ADMINISTRATOR]


@pytest.mark.parametrize(
    ("username", "unit", "password"),
    [
        ("boss", "city", "1234"),
        ("boss", "willow", "a long enough secret 7"),
        ("inspector", "city", "a long enough secret 7"),
    ],
)
def test_an_administrator_with_a_weak_password_a_wrong_unit_or_a_taken_name_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, username: str, unit: str, password: str
) -> None:
    people = Person.objects.count()
    monkeypatch.setenv("PASSWORD", password)
    with pytest.raises(SystemExit) as end:
        call_command("create_administrator", username, "办公室主任", getattr(cast, unit).code)
    assert end.value.code == 2
    assert Person.objects.count() == people
