"""Letters, the ladder, the calendar, messages: as their readers use them."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from casework.escalation.sweeping import sweep
from casework.models import CalendarYear, Case, EscalationPolicy, Letter
from casework.working_time.deadlines import add_working_days, midnight
from notifications.announcing import announce
from notifications.channels import CHANNELS
from notifications.models import Address, Endpoint, Message, Preference
from tests.cast import Cast
from tests.walk import NOW, TODAY, assigned, reported, screened
from tests.web.test_queries import SignedIn

DUE = date(2026, 3, 16)


@pytest.fixture
def case(cast: Cast) -> Case:
    case = assigned(cast, screened(cast, reported(cast, severity=3)), due_on=DUE)
    sweep(at=midnight(add_working_days(DUE, 1)))
    announce(at=midnight(add_working_days(DUE, 1)))
    return case


def test_a_notice_is_signed_for_answered_and_judged_on_its_page(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    letter = Letter.objects.get()
    village, office = signed_in(cast.willow_head), signed_in(cast.county_supervisor)
    page = f"/letters/{letter.pk}"
    assert letter.number in village.get("/letters").content.decode()
    assert village.post(f"{page}/receipt", {"name": ""}).status_code == 422
    assert village.post(f"{page}/receipt", {"name": "柳大山"}).status_code == 302
    assert village.post(f"{page}/receipt", {"name": "柳大山"}).status_code == 409
    assert village.post(f"{page}/answer", {"words": "雨棚已装"}).status_code == 302
    assert office.post(f"{page}/opinion", {"words": "属实"}).status_code == 302
    shown = office.get(page).content.decode()
    assert "柳大山" in shown and "雨棚已装" in shown and "属实" in shown


def test_nobody_else_signs_for_it(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    letter = Letter.objects.get()
    answer = signed_in(cast.town_reviewer).post(f"/letters/{letter.pk}/receipt", {"name": "某"})
    assert answer.status_code == 403
    assert signed_in(cast.poplar_head).get(f"/letters/{letter.pk}").status_code == 404


def test_a_letter_comes_as_docx_and_pdf(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    letter = Letter.objects.get()
    client = signed_in(cast.willow_head)
    document = Document(io.BytesIO(client.get(f"/letters/{letter.pk}.docx").content))
    words = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert letter.number in words and any(case.number in one for one in words)
    assert client.get(f"/letters/{letter.pk}.pdf").content.startswith(b"%PDF")


def test_the_bell_counts_and_opening_a_message_reads_it(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.willow_head)
    count = Message.objects.filter(person=cast.willow_head).count()
    assert client.get("/messages/count").json() == {"count": count, "words": str(count)}
    message = Message.objects.filter(person=cast.willow_head).latest("id")
    letter = Letter.objects.get(case=case)
    assert client.get(f"/messages/{message.pk}")["Location"] == f"/letters/{letter.pk}"
    assert client.get("/messages/count").json()["count"] == count - 1
    client.post("/messages/reading")
    assert client.get("/messages/count").json() == {"count": 0, "words": ""}


def test_an_address_that_cannot_be_one_is_refused_beside_its_field(
    cast: Cast, signed_in: SignedIn, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(CHANNELS["email"]), "is_configured", lambda self: True)
    client = signed_in(cast.willow_head)
    times = {"digest_at": "08:00", "quiet_from": "21:00", "quiet_until": "07:00"}
    answer = client.post("/me/roads", {"email": "nobody", **times})
    assert answer.status_code == 422 and not Address.objects.exists()
    assert client.post("/me/roads", {"email": "head@example.org", **times}).status_code == 302
    assert Address.objects.get().address == "head@example.org"
    assert not Preference.objects.get().wants_digest


def test_a_webhook_that_leads_inside_is_refused_when_the_administrator_enters_it(
    cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.administrator)
    page = "/admin/notifications/endpoint/add/"
    said = {"unit": cast.willow.pk, "channel": "webhook", "secret": "s"}
    answer = client.post(page, {**said, "address": "https://169.254.169.254/latest"})
    assert answer.status_code == 200 and "内部网络" in answer.content.decode()
    assert not Endpoint.objects.exists()
    assert client.get("/admin/notifications/delivery/").status_code == 200


def policy_form(client: Client, **values: str) -> dict[str, str]:
    """The form of the next ladder as the page fills it, with some fields changed."""
    form = client.get("/ladder/new").context
    said: dict[str, object] = {name: form["form"][name].value() for name in form["form"].fields}
    for step in form["steps"]:
        for name in step.fields:
            value = step[name].value()
            if value is not None and value is not False and value not in ("", []):
                said[step.add_prefix(name)] = value
    management = form["steps"].management_form
    said |= {management.add_prefix(name): management[name].value() or 0 for name in management.fields}
    said["valid_from"] = (TODAY + timedelta(days=1)).isoformat()
    return {name: value for name, value in {**said, **values}.items() if value is not None}


def test_the_preview_says_what_a_change_would_have_done_and_keeps_nothing(
    case: Case, cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.city_supervisor)
    answer = client.post("/ladder/new", policy_form(client, look="1"))
    assert answer.status_code == 200
    assert [row["kind"] for row in answer.context["preview"]][1] == "督办单"
    assert EscalationPolicy.objects.count() == 1


def test_a_ladder_that_runs_backwards_is_refused_beside_its_field(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    answer = client.post("/ladder/new", policy_form(client, **{"steps-2-moment": "1"}))
    assert answer.status_code == 422
    assert "应逐级上升" in answer.content.decode()


def test_a_good_ladder_becomes_the_next_version(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    answer = client.post("/ladder/new", policy_form(client, **{"steps-3-moment": "10"}))
    assert answer.status_code == 302
    policy = EscalationPolicy.objects.get(city=cast.city)
    assert policy.steps.get(code="interview").moment == 10
    assert "第2版" in client.get("/ladder").content.decode()


def test_a_year_is_ticked_and_kept(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    assert "2027" in client.get("/calendar").content.decode()
    worked = weekdays_of_2027(but=("2027-10-01",))
    assert client.post("/calendar/2027", {"worked": worked, "source": "国办发明电"}).status_code == 302
    assert CalendarYear.objects.get(year=2027).days.filter(is_working=True).count() == len(worked)


def test_the_names_of_days_stand_below_their_month_for_a_finger(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.willow_head).get("/calendar/2026")
    october = page.context["months"][9]["named"]
    assert october[0] == {"name": "国庆节", "is_working": False, "first": 1, "last": 7}
    # What is worked instead has the same name, and is another line.
    assert {"name": "国庆节", "is_working": True, "first": 10, "last": 10} in october
    assert "<li><span>1–7</span> 国庆节</li>" in page.content.decode()


def weekdays_of_2027(*, but: tuple[str, ...] = ()) -> list[str]:
    days = (date(2027, 1, 1) + timedelta(days=n) for n in range(365))
    return [day.isoformat() for day in days if day.weekday() < 5 and day.isoformat() not in but]


def test_a_year_that_nobody_has_filled_in_is_refused_and_its_ticks_stay(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    untouched, filled = weekdays_of_2027(), weekdays_of_2027(but=("2027-10-01",))
    for worked, source in ((untouched, "国办发明电"), ([], "国办发明电"), (filled, " ")):
        answer = client.post("/calendar/2027", {"worked": worked, "source": source})
        assert answer.status_code == 422
        ticked = {
            one["day"]
            for month in answer.context["months"]
            for week in month["weeks"]
            for one in week
            if one and one["is_working"]
        }
        assert {day.isoformat() for day in ticked} == set(worked)
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert 2027 in client.get("/calendar").context["missing"]


def test_the_list_of_years_begins_with_last_year(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.city_supervisor).get("/calendar")
    assert min(row.year for row in page.context["years"]) == 2025
    assert max(row.year for row in page.context["earlier_years"]) == 2024


def test_a_year_comes_from_a_file_and_a_gap_is_named(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    first = date(2027, 1, 1)
    worked = weekdays_of_2027(but=("2027-10-01",))
    lines = [f"{day},{int(day.isoformat() in worked)}," for day in (first + timedelta(days=n) for n in range(365))]

    def sent(rows: list[str]) -> object:
        upload = SimpleUploadedFile("2027.csv", "\n".join(["日期,是否上班,说明", *rows]).encode())
        return client.post("/calendar", {"file": upload, "source": "国办发明电"})

    refused = sent(lines[:100] + lines[101:])
    assert refused.status_code == 422 and "2027年4月11日" in refused.content.decode()
    assert sent(lines).status_code == 302
    assert CalendarYear.objects.filter(year=2027).exists()


def test_the_burden_meter_counts_messages_forms_and_photos(case: Case, cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.county_supervisor).get("/burden?month=2026-03")
    ((burden, _entered),) = page.context["burdens"]
    # Assigned: a plan to write; a notice to sign for. Both of the committee were told of both.
    assert (burden.village, burden.messages, burden.forms, burden.photos) == (cast.willow, 4, 2, 0)
    assert NOW.month == 3
