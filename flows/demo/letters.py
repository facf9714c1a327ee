"""Who signs for supervision notices and letters in the demo: most people do, within two days."""

from collections.abc import Mapping
from datetime import date
from random import Random

from casework.lifecycle.letters import sign_letter
from casework.models import Case, Letter, UnitLevel
from casework.stages import OPEN, Role
from casework.working_time.deadlines import add_working_days
from flows.demo.clock import in_office_hours
from flows.demo.story import Story
from flows.demo.telling import World

WHO = {
    UnitLevel.VILLAGE: Role.COMMITTEE_HEAD,
    UnitLevel.TOWN: Role.TOWN_REVIEWER,
    UnitLevel.COUNTY: Role.COUNTY_SUPERVISOR,
    UnitLevel.CITY: Role.CITY_SUPERVISOR,
    UnitLevel.DEPARTMENT: Role.DEPARTMENT_MEMBER,
}
SIGNED_FOR = 0.85


def sign_letters(world: World, stories: Mapping[int, Story], day: date, random: Random) -> None:
    """Sign for most of what went out on the working day before this one."""
    letters = Letter.objects.filter(
        issued_on__gte=add_working_days(day, -1), issued_on__lt=day, receipt=None, case__stage__in=OPEN
    )
    for letter in letters.select_related("addressee").order_by("id"):
        if random.random() > SIGNED_FOR:
            continue
        by = world.people.of(letter.addressee, WHO[UnitLevel(letter.addressee.level)])
        case = Case.objects.get(pk=letter.case_id)
        sign_letter(case=case, letter=letter, name=by.name, by=by, at=in_office_hours(day, random))
        story = stories.get(letter.case_id)
        if story is not None:
            # The story goes on from what the signature has written.
            story.case.refresh_from_db(fields=["version", "touched_at", "light", "next_step_at"])
