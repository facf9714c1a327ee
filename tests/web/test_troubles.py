"""What doesn't run is said to whoever can do something about it, and to whoever waits for it."""

from datetime import date, timedelta

import pytest
import time_machine

from casework.clocks.resting import rest
from casework.escalation.sweeping import sweep
from casework.jobs.ledger import ask_export
from casework.jobs.machine import SILENCE_NOTICED
from casework.lists.filters import CaseFilters
from casework.models import FindingImport, Letter
from casework.models.resting_row import ClockName
from casework.working_time.deadlines import midnight
from notifications import blocking
from notifications.announcing import announce
from notifications.models import Endpoint, Message
from tests.cast import Cast
from tests.walk import NOW, assigned, reported, screened
from tests.web.test_queries import SignedIn


def test_what_rests_and_what_is_blocked_stands_on_the_first_page_of_the_administrator_and_the_city(
    cast: Cast, signed_in: SignedIn
) -> None:
    case = reported(cast)
    rest(ClockName.LADDER, case.pk, ZeroDivisionError(), at=NOW, case=case.pk)
    rest(ClockName.FIGURES, 0, ZeroDivisionError(), at=NOW)
    blocking.block("email", None, "status 550", at=NOW)
    for person in (cast.administrator, cast.city_supervisor):
        page = signed_in(person).get("/").content.decode()
        assert page.count("ZeroDivisionError") == 2
        assert case.number in page and "status 550" in page
    page = signed_in(cast.town_reviewer).get("/").content.decode()
    assert "ZeroDivisionError" not in page and "status 550" not in page


@pytest.mark.parametrize(("day", "is_said"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True)])
def test_from_november_on_the_missing_calendar_of_the_next_year_is_said_to_the_city_office(
    day: date, is_said: bool, cast: Cast, signed_in: SignedIn
) -> None:
    with time_machine.travel(midnight(day), tick=False):
        page = signed_in(cast.city_supervisor).get("/").content.decode()
        assert ("/calendar/2027" in page) == is_said
        assert "/calendar/2027" not in signed_in(cast.county_supervisor).get("/").content.decode()


def test_the_administrator_reads_both_lists(cast: Cast, signed_in: SignedIn) -> None:
    rest(ClockName.LADDER, 1, ZeroDivisionError(), at=NOW)
    blocking.block("email", None, "status 550", at=NOW)
    client = signed_in(cast.administrator)
    assert "ZeroDivisionError" in client.get("/admin/casework/restingrow/").content.decode()
    assert "status 550" in client.get("/admin/notifications/blockedchannel/").content.decode()
    assert client.get("/admin/casework/restingrow/add/").status_code == 403


def test_whoever_waits_for_an_import_or_a_ledger_hears_that_nobody_works(
    cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
) -> None:
    run = FindingImport.objects.create(name="x.csv", sha256="", by=cast.county_supervisor, at=NOW)
    export = ask_export(filters=CaseFilters(), by=cast.county_supervisor, at=NOW)
    client = signed_in(cast.county_supervisor)
    pages = (f"/imports/{run.pk}", f"/ledgers/{export.pk}")
    assert all(client.get(page).context["silent_since"] is None for page in pages)
    clock.move_to(NOW + SILENCE_NOTICED + timedelta(seconds=1))
    for page in pages:
        assert client.get(page).context["silent_since"] == NOW
        assert "message warning" in client.get(page).content.decode()
        assert "rows" not in client.get(f"{page}/progress").json()["words"]


def test_a_message_about_a_letter_opens_the_letter(cast: Cast, signed_in: SignedIn) -> None:
    case = assigned(cast, screened(cast, reported(cast, severity=3)), due_on=NOW.date())
    at = NOW + timedelta(days=1)
    sweep(at=at)
    announce(at=at)
    letter = Letter.objects.get()
    message = Message.objects.get(person=cast.willow_head, event__kind="notice_issued")
    assert signed_in(cast.willow_head).get(f"/messages/{message.pk}").url == f"/letters/{letter.pk}"
    other = Message.objects.get(person=cast.willow_head, event__kind="assigned")
    assert signed_in(cast.willow_head).get(f"/messages/{other.pk}").url == f"/cases/{case.number}"


def test_a_robot_s_secret_is_not_sent_to_the_browser_and_stays_when_the_field_is_left_empty(
    cast: Cast, signed_in: SignedIn, settings: object
) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    robot = Endpoint.objects.create(
        unit=cast.willow, channel="webhook", address="https://127.0.0.1/x", secret="geheim-7"
    )
    client, page = signed_in(cast.administrator), f"/admin/notifications/endpoint/{robot.pk}/change/"
    assert "geheim-7" not in client.get(page).content.decode()
    said = {"unit": cast.willow.pk, "channel": "webhook", "address": robot.address}
    for secret, kept in (("", "geheim-7"), ("new", "new")):
        assert client.post(page, {**said, "secret": secret}).status_code == 302
        robot.refresh_from_db()
        assert robot.secret == kept
