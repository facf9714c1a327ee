"""Members on their pages: listed with what is missing, changed in place, let in by a table."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Person, Unit
from casework.stages import Role
from oversight.members.duties import write_duty_sheet
from oversight.models import ContactKind, Mechanism, Membership, Period
from tests.cast import Cast
from tests.factories import holder
from tests.oversight.desk import Desk, make_desk
from tests.oversight.reports import give_schemes
from tests.walk import NOW, TODAY

TABLE = """order,name,group,division_prefixes,exclude_prefixes,note
0,澄川市阳光办,lead,{city},,
1,市委组织部,co-signing department,,,
2,市农业农村局,rural-affairs department,,,
3,青禾区,county or district,{county},,
4,无名县,county or district,,,
5,某局,nothing,,,
"""


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def contact(**changed: object) -> dict[str, object]:
    form = {"kind": "leader", "name": "某人", "title": "", "phone": "", "valid_from": TODAY.isoformat(), **changed}
    return {"act": "contact", **{f"contact-{name}": said for name, said in form.items()}}


def test_missing_contacts_stand_in_the_list_and_on_the_home(desk: Desk) -> None:
    client = client_of(desk.officer)
    assert "vacant-tag" in client.get("/members").content.decode()
    assert "青禾区" in client.get("/").content.decode()
    for kind in ContactKind:
        client.post(f"/members/{desk.county.pk}", contact(kind=kind, phone="12000000001"))
    assert "青禾区" not in client.get("/").content.decode()


def test_a_wrong_contact_stays_in_its_form(desk: Desk) -> None:
    page = f"/members/{desk.county.pk}"
    for changed in ({"name": ""}, {"kind": "person"}, {"valid_from": "2026-02-30"}, {"kind": "boss"}):
        answer = client_of(desk.officer).post(page, contact(**{"title": "独一无二", **changed}))
        assert answer.status_code == 422
        assert "独一无二" in answer.content.decode()
    assert not desk.county.contacts.exists()


def test_a_reporter_has_the_duties_and_the_next_report_on_the_home(desk: Desk) -> None:
    write_duty_sheet(membership=desk.county, words="每月会商一次", valid_from=TODAY, by=desk.officer, at=NOW)
    give_schemes(desk)
    client_of(desk.officer).post(
        "/periods/new",
        {
            "rhythm": "bimonthly",
            "campaign": "",
            "first_day": "2026-03-01",
            "last_day": "2026-04-30",
            "on_time_until": "2026-05-03T17:00",
            "closes_at": "2026-05-06T17:00",
        },
    )
    period = Period.objects.get()
    page = client_of(desk.county_reporter).get("/").content.decode()
    assert "每月会商一次" in page
    assert f"/unit-reports/{period.expected.get(unit=desk.county.unit).pk}" in page
    assert "每月会商一次" not in client_of(desk.other_county_reporter).get("/").content.decode()


def test_a_period_that_is_refused_keeps_what_was_typed(desk: Desk) -> None:
    answer = client_of(desk.officer).post(
        "/periods/new", {"rhythm": "daily", "campaign": "", "first_day": "2026-03-02"}
    )
    assert answer.status_code == 422
    assert 'value="2026-03-02"' in answer.content.decode()
    assert not Period.objects.exists()


def test_a_unit_joins_and_leaves_on_pages(desk: Desk, cast: Cast) -> None:
    client = client_of(desk.officer)
    form = {
        "unit": cast.discipline_unit.pk,
        "group": "co_signing",
        "rhythm": "monthly",
        "valid_from": TODAY.isoformat(),
    }
    client.post("/members/new", form)
    member = Membership.objects.get(unit=cast.discipline_unit)
    assert client.post("/members/new", form).status_code == 422
    client.post(f"/members/{member.pk}", {"act": "leave", "leave-last_day": (TODAY + timedelta(days=1)).isoformat()})
    member.refresh_from_db()
    assert member.valid_until == TODAY + timedelta(days=1)
    duty = {"act": "duty", "duty-words": "新职责", "duty-valid_from": TODAY.isoformat()}
    client.post(f"/members/{member.pk}", duty)
    assert member.duty_sheets.get().words == "新职责"
    scheme = {"act": "scheme", "scheme-rhythm": "daily", "scheme-campaign": "", "scheme-valid_from": "2026-04-01"}
    assert client.post(f"/members/{member.pk}", scheme).status_code == 422


def test_a_reporter_changes_contacts_and_nothing_else(desk: Desk) -> None:
    client = client_of(desk.county_reporter)
    assert client.post(f"/members/{desk.county.pk}", contact()).status_code == 302
    for act in (
        {"act": "leave", "leave-last_day": TODAY.isoformat()},
        {"act": "duty", "duty-words": "x", "duty-valid_from": TODAY.isoformat()},
    ):
        assert client.post(f"/members/{desk.county.pk}", act).status_code == 403
    assert client.get(f"/members/{desk.other_county.pk}").status_code == 404
    assert client.get("/members").status_code == 403


def test_a_table_makes_the_mechanism_and_comes_back_with_reasons(cast: Cast) -> None:
    officer = holder(Role.LEAD_OFFICE, cast.city, "officer")
    client = client_of(officer)
    assert client.get("/members").status_code == 200
    table = TABLE.format(city=cast.city.code, county=cast.county.code)

    def send() -> str:
        file = SimpleUploadedFile("members.csv", table.encode())
        return client.post("/members/import", {"file": file, "valid_from": TODAY.isoformat()}).content.decode()

    page = send()
    assert "无名县" in page
    mechanism = Mechanism.objects.get()
    assert (mechanism.lead, mechanism.office_name) == (cast.city, "澄川市阳光办")
    assert [one.unit.name for one in mechanism.memberships.all()] == ["市委组织部", "市农业农村局", "青禾区"]
    assert Unit.objects.get(name="市委组织部").level == "department"
    assert mechanism.memberships.get(order=2).unit == cast.department
    send()
    assert Membership.objects.count() == 3
    assert Unit.objects.filter(name="市委组织部").count() == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01", "序号,名称\n1,某局".encode(), b"PK\x03\x04"])
def test_a_file_that_is_no_such_table_is_refused(desk: Desk, content: bytes) -> None:
    file = SimpleUploadedFile("members.csv", content)
    answer = client_of(desk.officer).post("/members/import", {"file": file, "valid_from": TODAY.isoformat()})
    assert answer.status_code == 422
    assert Membership.objects.count() == 3
