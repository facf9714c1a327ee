"""The public page of the cast's city, for tests: turned on, and with a released case."""

from casework.models import Case
from oversight.public_page.records import PublicPageSwitch, Release
from oversight.public_page.releasing import Shown, release_case
from oversight.public_page.switching import switch_public_page
from tests.cast import Cast
from tests.walk import NOW


def switched(cast: Cast) -> PublicPageSwitch:
    return switch_public_page(city=cast.city, turn_on=True, reason="x", by=cast.city_supervisor, at=NOW)


def released(cast: Cast, case: Case, **shown: object) -> Release:
    values = {"problem": "明白墙没有遮雨设施。", "measure": "加装雨棚。", **shown}
    return release_case(case=case, shown=Shown(**values), by=cast.county_supervisor, at=NOW)
