"""Lists that the demo's offices keep under a name: their menus show them, two of them as a board."""

from datetime import date

from casework.lists.filters import CaseFilters
from casework.models import Person, Unit
from casework.offices.lists import change_list, save_list
from casework.stages import Light, Role
from flows.demo.people import VILLAGE
from flows.demo.telling import World


def keep_lists(world: World, *, today: date) -> None:
    village = world.city.village(VILLAGE)
    county, town = world.city.county_of(village), village.parent
    office, colleague = (world.people.of(county, Role.COUNTY_SUPERVISOR, number) for number in (0, 1))
    _share("红灯", CaseFilters(light=Light.RED), office, county, today)
    _share("办理看板", CaseFilters(view="board"), colleague, county, today)
    save_list(filters=CaseFilters.from_query({"state": "all", "relapsed": "1"}), name="反弹过的", by=office)
    save_list(
        filters=CaseFilters(waiting=True, sort="due"), name="等我审核", by=world.people.of(town, Role.TOWN_REVIEWER)
    )
    city = world.people.of(world.city.city, Role.CITY_SUPERVISOR)
    _share("全市红灯看板", CaseFilters(light=Light.RED, view="board"), city, world.city.city, today)


def _share(name: str, filters: CaseFilters, by: Person, office: Unit, on: date) -> None:
    change_list(saved=save_list(filters=filters, name=name, by=by), name=name, office=office.pk, by=by, on=on)
