"""The form of a unit's report: nothing typed is lost, what stands out is shown first, and who may do what."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.models import Person
from oversight.models import CloseException, FigureName, Period, ReportDraft, ReportVersion, SectionKind, UnitReport
from oversight.reporting.answers import Answers, Said
from oversight.reporting.deciding import return_report
from oversight.reporting.workbooks import write_workbook
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.oversight.reports import CLOSES, IN_TIME, MINUTE_LATE, answers, expected_of, opened, submitted
from tests.walk import photo


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def period(desk: Desk) -> Period:
    return opened(desk)


@pytest.fixture
def in_time(clock: time_machine.Traveller, period: Period) -> Iterator[time_machine.Traveller]:
    clock.move_to(IN_TIME)
    yield clock


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(desk: Desk, period: Period) -> str:
    return f"/unit-reports/{expected_of(period, desk.county.unit_id).pk}"


def typed(said: Answers | None = None, **changed: object) -> dict[str, object]:
    said = said or answers()
    form: dict[str, object] = {"key": str(uuid4()), "seen": "0", "looked": "", "act": "submit"}
    for kind in SectionKind:
        form |= {kind: said.section(kind).words, f"{kind}_reason": said.section(kind).reason}
    for name in FigureName:
        form |= {name: said.figure(name).words, f"{name}_without": said.figure(name).without, f"{name}_reason": ""}
    return {**form, **changed}


def test_a_report_is_handed_in(desk: Desk, period: Period, in_time: object) -> None:
    client = client_of(desk.county_reporter)
    answer = client.post(address(desk, period), typed(uploads=[photo(1)]), follow=True)
    assert answer.status_code == 200
    version = ReportVersion.objects.get()
    assert version.by == desk.county_reporter
    assert len(version.files) == 1
    assert not ReportDraft.objects.exists()
    file = client_of(desk.officer).get(f"{address(desk, period)}/versions/1/files/1")
    assert file.status_code == 200
    assert file["X-Content-Type-Options"] == "nosniff"
    assert client_of(desk.other_county_reporter).get(f"{address(desk, period)}/versions/1/files/1").status_code == 404


def test_what_stands_out_is_shown_before_it_is_handed_in(
    desk: Desk, period: Period, clock: time_machine.Traveller
) -> None:
    clock.move_to(MINUTE_LATE)
    client, form = client_of(desk.county_reporter), typed()
    first = client.post(address(desk, period), form)
    assert first.status_code == 200
    assert not UnitReport.objects.exists()
    assert [one.kind for one in first.context["findings"]] == ["late"]
    looked = first.context["form"]["looked"].value()
    client.post(address(desk, period), {**form, "looked": looked, "seen": "1"})
    assert UnitReport.objects.get().is_on_time is False


def test_the_check_shows_flags_and_what_is_missing_at_once(desk: Desk, period: Period, in_time: object) -> None:
    answer = client_of(desk.county_reporter).post(
        address(desk, period), typed(act="check", work="稳步推进", meetings="")
    )
    assert answer.status_code == 200
    assert {"work", "meetings"} <= set(answer.context["form"].errors)
    short = client_of(desk.county_reporter).post(
        address(desk, period), typed(act="check", seen="1", **dict.fromkeys(SectionKind.values, "今天去村里看了一次。"))
    )
    assert [one.kind for one in short.context["findings"]] == ["empty"]
    assert not UnitReport.objects.exists()


def test_a_refused_report_stays_in_the_form_and_as_a_draft(desk: Desk, period: Period, in_time: object) -> None:
    form = typed(work="稳步推进", problems="独一无二的一句话", meetings="很多", uploads=[photo(2)])
    answer = client_of(desk.county_reporter).post(address(desk, period), form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "独一无二的一句话" in page
    assert 'name="kept"' in page
    assert {"work", "meetings"} <= set(answer.context["form"].errors)
    draft = ReportDraft.objects.get()
    assert draft.content["sections"]["problems"][0] == "独一无二的一句话"
    assert len(draft.content["files"]) == 1
    again = client_of(desk.county_reporter).get(address(desk, period)).content.decode()
    assert "独一无二的一句话" in again


def test_a_file_that_is_refused_leaves_the_words(desk: Desk, period: Period, in_time: object) -> None:
    broken = SimpleUploadedFile("x.exe", b"MZ\x00", "application/octet-stream")
    answer = client_of(desk.county_reporter).post(address(desk, period), typed(uploads=[broken, photo(3)]))
    assert answer.status_code == 422
    assert "x.exe" in answer.content.decode()
    assert len(answer.context["form"].kept) == 1
    assert not UnitReport.objects.exists()


def test_a_closed_form_gives_the_words_back(desk: Desk, period: Period, clock: time_machine.Traveller) -> None:
    clock.move_to(CLOSES + timedelta(seconds=1))
    answer = client_of(desk.county_reporter).post(address(desk, period), typed(work="独一无二的一句话"))
    assert answer.status_code == 409
    assert "独一无二的一句话" in answer.content.decode()


def test_two_colleagues_at_once(desk: Desk, period: Period, in_time: object, cast: Cast) -> None:
    from casework.stages import Role
    from tests.factories import holder

    other = holder(Role.MEMBER_REPORTER, cast.county, "another_reporter")
    client_of(other).post(address(desk, period), typed(act="save"))
    answer = client_of(desk.county_reporter).post(address(desk, period), typed(act="save", work="我的话"))
    assert answer.status_code == 409
    assert "我的话" in answer.content.decode()


def test_a_double_click_is_one_version(desk: Desk, period: Period, in_time: object) -> None:
    client, form = client_of(desk.county_reporter), typed()
    for _ in range(2):
        assert client.post(address(desk, period), form).status_code == 302
    assert ReportVersion.objects.count() == 1
    assert not ReportDraft.objects.exists()


def test_the_office_returns_excepts_and_accepts(desk: Desk, period: Period, in_time: object) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter)
    officer, page = client_of(desk.officer), address(desk, period)
    empty = officer.post(f"{page}/return", {"return-version": "1", "return-reasons": " "})
    assert empty.status_code == 422
    officer.post(f"{page}/return", {"return-version": "1", "return-reasons": "请补充村名"})
    assert "请补充村名" in client_of(desk.county_reporter).get(page).content.decode()
    wrong = officer.post(f"{page}/exception", {"exception-until": "2026-03-01T08:00", "exception-reason": "停电一天"})
    assert wrong.status_code == 422
    assert "停电一天" in wrong.content.decode()
    officer.post(f"{page}/exception", {"exception-until": "2026-03-08T08:00", "exception-reason": "停电一天"})
    assert CloseException.objects.get().until == datetime.fromisoformat("2026-03-08T08:00+08:00")
    submitted(period, desk.county.unit_id, desk.county_reporter)
    officer.post(f"{page}/acceptance", {"version": "1"})
    assert UnitReport.objects.get().state == "submitted"
    officer.post(f"{page}/acceptance", {"version": "2"})
    assert UnitReport.objects.get().state == "accepted"


def test_who_does_not_run_it_decides_nothing(desk: Desk, period: Period, in_time: object, cast: Cast) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter)
    for person in (desk.county_reporter, cast.county_supervisor):
        for act in ("return", "exception", "acceptance"):
            assert client_of(person).post(f"{address(desk, period)}/{act}", {"version": "1"}).status_code == 403
    assert client_of(desk.other_county_reporter).get(address(desk, period)).status_code == 404
    assert client_of(cast.county_supervisor).post(address(desk, period), typed()).status_code == 403


def test_a_unit_sees_its_own_row_alone(desk: Desk, period: Period, in_time: object) -> None:
    page = client_of(desk.county_reporter).get(f"/periods/{period.pk}").content.decode()
    assert "青禾区" in page
    assert "云溪县" not in page
    whole = client_of(desk.officer).get(f"/periods/{period.pk}").content.decode()
    assert "云溪县" in whole


def test_a_workbook_reads_back_into_the_draft(desk: Desk, period: Period, in_time: object) -> None:
    expected, client = expected_of(period, desk.county.unit_id), client_of(desk.county_reporter)
    said = answers(documents=Said("", "not_applicable"), good_practice=Said("", "", "本期没有"))
    content = write_workbook(expected, said, stated_on=IN_TIME.date() - timedelta(days=2))
    assert content[:2] == b"PK"
    client.post(f"{address(desk, period)}/import", {"file": SimpleUploadedFile("报送.xlsx", content)})
    draft = ReportDraft.objects.get()
    assert (draft.stated_on, draft.imported_at) == (IN_TIME.date() - timedelta(days=2), IN_TIME)
    client.post(address(desk, period), typed(said, seen="1", good_practice_reason="本期没有"))
    version = ReportVersion.objects.get()
    assert (version.stated_on, version.imported_at, version.at) == (draft.stated_on, IN_TIME, IN_TIME)
    assert version.figures.get(name="documents").answer == "not_applicable"
    assert client.get(f"{address(desk, period)}/workbook").status_code == 200


def test_another_units_or_periods_workbook_is_refused(desk: Desk, period: Period, in_time: object) -> None:
    later = opened(
        desk,
        first_day=period.last_day + timedelta(days=1),
        last_day=period.last_day + timedelta(days=40),
        on_time_until=period.on_time_until + timedelta(days=50),
        closes_at=period.closes_at + timedelta(days=50),
    )
    files = {
        "other_unit": write_workbook(expected_of(period, desk.other_county.unit_id), answers()),
        "other_period": write_workbook(expected_of(later, desk.county.unit_id), answers()),
        "broken": b"PK\x03\x04 not a workbook",
        "text": "代号,填写\nwork,只有一行".encode(),
    }
    for content in files.values():
        file = SimpleUploadedFile("报送.xlsx", content)
        answer = client_of(desk.county_reporter).post(f"{address(desk, period)}/import", {"file": file})
        assert answer.status_code == 422
        assert not ReportDraft.objects.exists()


def test_a_figure_opens_the_cases_that_it_counts(desk: Desk, period: Period, in_time: object) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter)
    for query in ("", "?now=1"):
        assert client_of(desk.officer).get(f"{address(desk, period)}/figures/closures{query}").status_code == 200
    assert client_of(desk.officer).get(f"{address(desk, period)}/figures/nothing").status_code == 404


def test_the_pages_ask_a_bounded_number_of_questions(desk: Desk, period: Period, in_time: object) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    return_report(
        report=UnitReport.objects.get(pk=version.report_id), reasons="改", version=1, by=desk.officer, at=IN_TIME
    )
    submitted(period, desk.county.unit_id, desk.county_reporter)
    client = client_of(desk.officer)
    for page, most in ((f"/periods/{period.pk}", 11), ("/periods", 12), (address(desk, period), 22), ("/members", 10)):
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        assert len(captured) <= most, (page, len(captured))
