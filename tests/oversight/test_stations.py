"""Supervision stations: volunteers who are numbers, reports that are screened, and news of what became of them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.jobs.ledger_rows import ledger_rows
from casework.lifecycle.exit import refer_case
from casework.lifecycle.reporting import screen_case
from casework.models import Case, OfficeEvent
from casework.stages import Stage
from flows import steps
from notifications.office_news import office_listeners, words_of_office
from oversight.models import Station, StationNews, StationReport, StationVolunteer
from oversight.stations.keeping import (
    add_volunteer,
    close_station,
    end_volunteer,
    move_stations,
    open_station,
    who_it_is,
)
from oversight.stations.reporting import link_report, state_of, tell_stations
from oversight.stations.rights import stations_seen_by
from tests.cast import Cast
from tests.walk import NOW, TODAY, reported


@pytest.fixture
def station(cast: Cast) -> Station:
    return open_station(unit=cast.town, name="柳河监督站", day=TODAY, by=cast.county_supervisor, at=NOW)


@pytest.fixture
def volunteer(cast: Cast, station: Station) -> StationVolunteer:
    return add_volunteer(
        station=station, name="祝望舒", phone="13900001111", day=TODAY, by=cast.county_supervisor, at=NOW
    )


@pytest.fixture
def report(cast: Cast, station: Station, volunteer: StationVolunteer) -> StationReport:
    case = reported(cast, source="station", by=cast.volunteer)
    return link_report(station=station, volunteer=volunteer, case=case, by=cast.volunteer, at=NOW)


def test_a_report_of_a_station_waits_for_screening(report: StationReport) -> None:
    assert report.case.stage == Stage.SCREENING
    again = link_report(station=report.station, volunteer=report.volunteer, case=report.case, by=report.by, at=NOW)
    assert again == report


def test_only_the_office_knows_who_a_volunteer_is(cast: Cast, station: Station, volunteer: StationVolunteer) -> None:
    assert [one.name for one in who_it_is(station=station, by=cast.city_supervisor, at=NOW)] == ["祝望舒"]
    for person in (cast.town_reviewer, cast.volunteer, cast.willow_head, cast.outsider_county):
        with pytest.raises(NotAllowed):
            who_it_is(station=station, by=person, at=NOW)
    assert "祝望舒" not in f"{volunteer} {volunteer!r} {station!r}"


def test_who_leaves_is_forgotten_and_the_number_is_never_given_again(
    cast: Cast, station: Station, volunteer: StationVolunteer
) -> None:
    by = {"by": cast.county_supervisor, "at": NOW}
    end_volunteer(volunteer=volunteer, day=TODAY, **by)
    volunteer.refresh_from_db()
    assert (volunteer.number, volunteer.name, volunteer.phone, volunteer.until) == (1, "", "", TODAY)
    assert add_volunteer(station=station, name="邢立本", phone="", day=TODAY, **by).number == 2
    with pytest.raises(Conflict):
        end_volunteer(volunteer=volunteer, day=TODAY, **by)
    with pytest.raises(DatabaseError), transaction.atomic():
        StationVolunteer.objects.filter(pk=volunteer.pk).update(number=7)


def test_the_ledger_names_nobody_who_reported_for_a_station(cast: Cast, report: StationReport) -> None:
    cells = [str(cell) for row in ledger_rows(Case.objects.all()) for cell in row]
    assert report.case.number in cells and cast.volunteer.name not in cells
    spot = reported(cast, by=cast.inspector)
    cells = [str(cell) for row in ledger_rows(Case.objects.filter(pk=spot.pk)) for cell in row]
    assert cast.inspector.name in cells


def told() -> list[str]:
    return list(StationNews.objects.order_by("id").values_list("state", flat=True))


def test_the_station_is_told_once_a_state(cast: Cast, report: StationReport) -> None:
    assert tell_stations(at=NOW) == 0
    steps.take(screen_case, case=report.case, by=cast.county_supervisor, at=NOW, outcome="accepted")
    assert (tell_stations(at=NOW), tell_stations(at=NOW)) == (1, 0)
    event = OfficeEvent.objects.get(kind="station_news")
    assert office_listeners([event], on=TODAY)[event.pk] == [cast.volunteer.pk]
    assert words_of_office(event).url.endswith(f"/stations/{report.station_id}")
    Case.objects.filter(pk=report.case_id).update(stage=Stage.CLOSED, closed_on=TODAY, waits_at=None)
    assert (tell_stations(at=NOW), told()) == (1, ["taken_up", "closed"])


def test_of_a_referral_nobody_hears(cast: Cast, report: StationReport) -> None:
    case = report.case
    steps.take(screen_case, case=case, by=cast.county_supervisor, at=NOW, outcome="accepted")
    tell_stations(at=NOW)
    case = Case.objects.get(pk=case.pk)
    steps.take(refer_case, case=case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="涉嫌")
    assert tell_stations(at=NOW) == 0
    assert state_of(Case.objects.get(pk=case.pk)) == "taken_up"


def test_a_refused_report_is_told(cast: Cast, report: StationReport) -> None:
    steps.take(screen_case, case=report.case, by=cast.county_supervisor, at=NOW, outcome="refused", reason="不属实")
    assert (tell_stations(at=NOW), told()) == (1, ["refused"])


def test_whoever_is_no_volunteer_there_hands_in_nothing(
    cast: Cast, station: Station, volunteer: StationVolunteer
) -> None:
    """An office's own report is not screened, so it hands in none for a station either."""
    case = reported(cast, source="station", by=cast.county_supervisor)
    with pytest.raises(NotAllowed):
        link_report(station=station, volunteer=volunteer, case=case, by=cast.county_supervisor, at=NOW)
    other = reported(cast, source="station", by=cast.outsider_town, village=cast.reed)
    with pytest.raises(NotAllowed):
        link_report(station=station, volunteer=volunteer, case=other, by=cast.outsider_town, at=NOW)
    spot = reported(cast, by=cast.town_reviewer)
    with pytest.raises(Invalid):
        link_report(station=station, volunteer=volunteer, case=spot, by=cast.town_reviewer, at=NOW)


def test_a_closed_station_reports_nothing_and_keeps_its_reports(cast: Cast, report: StationReport) -> None:
    close_station(station=report.station, day=TODAY, by=cast.county_supervisor, at=NOW)
    station = Station.objects.get()
    assert not StationVolunteer.objects.exclude(name="").exists()
    with pytest.raises(Conflict):
        link_report(station=station, volunteer=report.volunteer, case=report.case, by=cast.volunteer, at=NOW)
    with pytest.raises(Conflict):
        close_station(station=station, day=TODAY, by=cast.county_supervisor, at=NOW)
    assert station.reports.count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "长" * 61}, "name_missing"),
        ({"day": TODAY + timedelta(days=1)}, "day_ahead"),
        ({"name": "柳河监督站"}, "name_taken"),
    ],
)
def test_what_is_no_station_is_refused(changed: dict[str, object], code: str, cast: Cast, station: Station) -> None:
    with pytest.raises(Refusal) as refused:
        open_station(**{"unit": cast.town, "name": "二站", "day": TODAY, **changed}, by=cast.county_supervisor, at=NOW)
    assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        open_station(unit=cast.county, name="x", day=TODAY, by=cast.county_supervisor, at=NOW)
    assert refused.value.code == "no_station_unit"


def test_one_sees_the_stations_of_ones_area(cast: Cast, station: Station) -> None:
    seen = {
        name: stations_seen_by(getattr(cast, name), TODAY).count()
        for name in ("volunteer", "town_reviewer", "city_supervisor", "outsider_town", "willow_head", "inspector")
    }
    assert seen == {
        "volunteer": 1,
        "town_reviewer": 1,
        "city_supervisor": 1,
        "outsider_town": 0,
        "willow_head": 0,
        "inspector": 0,
    }


def test_a_merged_units_station_goes_along(cast: Cast) -> None:
    by = {"by": cast.county_supervisor, "at": NOW}
    for unit in (cast.willow, cast.poplar):
        open_station(unit=unit, name="村监督站", day=TODAY, **by)
    move_stations(unit=cast.willow, successor=cast.poplar, by=cast.administrator, at=NOW)
    names = Station.objects.filter(unit=cast.poplar).order_by("id").values_list("name", flat=True)
    assert list(names) == ["上柳村 村监督站", "村监督站"]
