"""A case being told: where it stands, what time it is for it, and who acts in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from casework.lifecycle.evidence import add_evidence
from casework.lifecycle.reporting import Finding, report_case
from casework.models import Case, CatalogueItem, Measure, Person, Unit
from casework.stages import ENDS_BY_INTERVENTION, Role
from flows import steps
from flows.demo import pictures
from flows.demo.city import City
from flows.demo.clock import later
from flows.demo.people import People
from flows.demo.plot import Aside, Plot
from flows.demo.proof import Proof, add_proofs
from flows.demo.trail import Trail
from flows.demo.wording import words_of_case


@dataclass(frozen=True)
class World:
    """What every story finds there."""

    city: City
    people: People
    items: dict[str, CatalogueItem]


class Telling:
    """What a story knows and can do. With `through_door` every step goes through flows/steps.py, as a person's would;
    otherwise the verbs are called themselves and the process is written afterwards (flows/demo/trail.py): half the time.
    """

    def __init__(self, world: World, plot: Plot, number: int, *, through_door: bool = False) -> None:
        self.world, self.plot, self.through_door = world, plot, through_door
        self.random = Random(f"story {number}")
        self.variant = self.random.randrange(pictures.VARIANTS)
        self.words = words_of_case(plot, self.random)
        self.has_been_aside = False
        self.plans_made = 0
        self.measures: list[Measure] = []
        self.case: Case
        self.at: datetime

    def after(self, working_days: int) -> datetime:
        self.at = later(self.at, working_days, self.random)
        return self.at

    def after_office_delay(self) -> datetime:
        return self.after(self.random.randint(min(1, self.plot.days_between), self.plot.days_between))

    def open_case(self, finding: Finding, by: Person) -> None:
        if self.through_door:
            self.case = steps.report(finding=finding, by=by, at=self.at)
        else:
            self.case = report_case(finding=finding, by=by, at=self.at)
            self.trail = Trail(self.case)
            self.trail.begin(at=self.at)
        self.plot.case_id = self.case.pk

    def take(self, verb: steps.Verb, by: Person, **said: Any) -> None:
        """Do a step some minutes after the one before, so that the timeline has an order."""
        self.at += timedelta(minutes=self.random.randint(2, 6))
        if self.through_door:
            self.case = steps.take(verb, case=self.case, by=by, at=self.at, **said)
        elif verb in steps.STEPS:
            verb(case=self.case, by=by, at=self.at, **said)
            self.trail.step_done(self.case, by=by, at=self.at)
        else:
            verb(case=self.case, by=by, at=self.at, **said)
            if self.case.stage in ENDS_BY_INTERVENTION:
                self.trail.left_the_path(self.case, at=self.at)

    def prove(self, *proofs: Proof, by: Person) -> None:
        """Add pictures, some minutes between them."""
        if self.through_door:
            for proof in proofs:
                upload = SimpleUploadedFile(proof.name, proof.content, "image/jpeg")
                said = {"kind": proof.kind, "upload": upload, "measure": proof.measure, "signed_by": proof.signed_by}
                self.take(add_evidence, by, **said)
        else:
            timed = []
            for proof in proofs:
                self.at += timedelta(minutes=self.random.randint(2, 6))
                timed.append((proof, self.at))
            add_proofs(self.case, timed, by=by)

    @property
    def office(self) -> Person:
        return self.world.people.of(self.case.county, Role.COUNTY_SUPERVISOR)

    @property
    def town(self) -> Person:
        return self.world.people.of(self.case.town, Role.TOWN_REVIEWER)

    @property
    def city(self) -> Person:
        return self.world.people.of(self.case.city, Role.CITY_SUPERVISOR)

    @property
    def rectifier(self) -> Person:
        """Whoever holds the responsible post."""
        assert self.case.responsible is not None
        if self.plot.department:
            return self.world.people.of(self.case.responsible, Role.DEPARTMENT_MEMBER)
        is_passed_on = self.plot.aside == Aside.REASSIGNMENT and self.has_been_aside
        role = Role.COMMITTEE_MEMBER if is_passed_on else Role.COMMITTEE_HEAD
        return self.world.people.of(self.case.responsible, role)

    @property
    def reporter(self) -> Person:
        place: Unit | None = self.world.city.city
        if self.plot.reporter in (Role.VOLUNTEER, Role.TOWN_REVIEWER):
            place = self.plot.village.parent
        elif self.plot.reporter == Role.COUNTY_SUPERVISOR:
            place = self.world.city.county_of(self.plot.village)
        return self.world.people.of(place, self.plot.reporter, self.plot.reporter_number)
