"""What the demo tells of coordinates, stations and helper units."""

from casework.models import Case, Pairing, Unit
from casework.stages import Stage
from oversight.demo import places, stations
from oversight.demo.members import CITY_CODE
from oversight.demo.opinions import LOGIN_COUNTY
from oversight.models import HelperVisit, Station, StationReport, UnitPlace
from oversight.places.inside import city_area
from oversight.places.queries import outline_of
from tests.cast import Cast
from tests.walk import NOW, case_at, reported


def test_places_lie_within_the_outline_and_some_are_missing(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.city.pk).update(code=CITY_CODE)
    places.seed(None, now=NOW)
    assert outline_of(cast.city) is not None
    rows = UnitPlace.objects.values_list("latitude", "longitude")
    area = city_area(cast.city)
    assert len(rows) == 2 and all(area.placed(*place) == place for place in rows)


def test_each_town_has_a_station_with_its_reports_and_a_village_a_helper(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.county.pk).update(name=LOGIN_COUNTY)
    case_at(Stage.RECTIFICATION, cast)
    report = reported(cast, source="station", by=cast.volunteer)
    stations.seed(None, now=NOW)
    assert Station.objects.count() == 2
    assert StationReport.objects.get().case == Case.objects.get(pk=report.pk)
    assert Pairing.objects.get().village == cast.willow
    assert HelperVisit.objects.count() == 2
