"""Home: a sentence, then what waits for me, what came back, what is late."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from casework.escalation.sweeping import silent_since
from casework.lifecycle.classification_desk import guessed, to_classify
from casework.models import Case, CaseEvent, Person, PhoneAddition, PhoneQueue, RestingRow
from casework.models.case_event import EventKind
from casework.offices.posts import area_of, count_units, ends_soon, is_vacant
from casework.phones.queues import is_long, unsent_of
from casework.queries import (
    came_back,
    candidates_to_decide,
    count_waiting,
    extensions_to_decide,
    first_waiting,
    letters_to_act_on,
    look_backs_for,
    overdue,
    visible,
    wider_checks_for,
)
from casework.rights.held_posts import holds, posts_held
from casework.rights.office_table import FINDERS, OfficeAction
from casework.rights.roles import may_do, referred_to
from casework.stages import DESK_ROLES, Role, Stage
from casework.working_time import calendar
from flows.phone_additions import undecided_of
from notifications.models import BlockedChannel
from notifications.office_channels import label_of
from oversight.opinions.queries import to_act_on
from oversight.spot_checks.queries import visits_of
from oversight.visits.queries import to_make
from web.context import Counted
from web.pages.cases import ROW_NEEDS
from web.pages.home_of_handovers import handovers_at_home
from web.pages.home_of_mechanism import at_the_mechanism
from web.requests import Request

SHOWN = 6
READ = 3 * SHOWN + 1  # some of them stand in an earlier list
LETTER_NEEDS = ("case__village", "issuer", "addressee", "receipt")
# Beyond this a count says "many": nobody plans the day by the difference between 200 and 300.
MOST_COUNTED = 200
# Their reports begin with the visit in which they saw the problem.
FROM_A_VISIT = (Role.LEAD_OFFICE, Role.MEMBER_REPORTER)
BY_PHONE = tuple(role for role in FINDERS if role not in FROM_A_VISIT)


def home(request: Request) -> HttpResponse:
    person, on = request.user, request.on
    held = posts_held(person, on)
    has_desk = holds(person, DESK_ROLES, on)
    lists: list[tuple[str, QuerySet[Case]]] = []
    if has_desk:
        lists = [
            ("waiting", first_waiting(person, on, READ)),
            ("came_back", came_back(person, on, READ)),
            ("extensions", extensions_to_decide(person, on)),
        ]
    if has_desk or holds(person, [Role.INSPECTOR], on):
        lists.append(("overdue", overdue(person, on, READ)))
    if holds(person, [Role.INSPECTOR, Role.VOLUNTEER], on):
        lists.append(("reported", visible(person, on).filter(reported_by=person).order_by("-id")))
    is_discipline_office = any(one.is_discipline_office for one in held)
    if is_discipline_office:
        lists.append(("referred", Case.objects.filter(referred_to(person, on)).order_by("-id")))
    tomorrow = on + timedelta(days=1)
    return render(
        request,
        "home/home.html",
        {
            "held": held,
            "has_desk": has_desk,
            "may_report": any(one.role in BY_PHONE for one in held),
            "is_administrator": may_do(person, OfficeAction.ADMINISTER, on),
            **(vacancies(person, on) if may_do(person, OfficeAction.ADMINISTER, on) else {}),
            **(troubles() if may_do(person, OfficeAction.WATCH_CLOCKS, on) else {}),
            "missing_year": missing_year(on) if may_do(person, OfficeAction.SET_RULES, on) else None,
            "count": count_waiting(person, on, MOST_COUNTED + 1) if has_desk else 0,
            "most": MOST_COUNTED,
            "due_soon": count_waiting(person, on, MOST_COUNTED + 1, due=(on, tomorrow)) if has_desk else 0,
            "letters": list(letters_to_act_on(person, on).select_related(*LETTER_NEEDS)[: SHOWN + 1])
            if has_desk
            else [],
            **handovers_at_home(request, SHOWN),
            **requirements_waiting(person, on),
            "look_backs": list(look_backs_for(person, on)[:SHOWN]),
            **(decisions(person, on) if may_do(person, OfficeAction.DECIDE_RELAPSE, on) else {}),
            "phone_queues": [] if has_desk else phone_queues(request),
            "phone_additions": [] if has_desk else additions_to_decide(request),
            "wider_checks": wider_checks_for(person, on),
            "visits": visits_of(person, on),
            **visits_waiting(person, on),
            **at_the_mechanism(request, SHOWN),
            "is_discipline_office": is_discipline_office,
            "lists": each_once(lists),
        },
    )


def phone_queues(request: Request) -> list[tuple[PhoneQueue, bool]]:
    """What the reader's phones hold unsent, each with whether that is so for long. One query."""
    if not holds(request.user, FINDERS, request.on):
        return []
    return [(queue, is_long(queue, at=request.at)) for queue in unsent_of(request.user)[:SHOWN]]


def additions_to_decide(request: Request) -> list[PhoneAddition]:
    """What the reader added on a phone to cases that others went on with. One query."""
    return list(undecided_of(request.user)[:SHOWN]) if holds(request.user, BY_PHONE, request.on) else []


def decisions(person: Person, on: date) -> dict[str, int]:
    """What an office decides on by the many: cases that may be back, findings without a category, and those whose category
    was read from their words. One query.
    """
    candidates = candidates_to_decide(person, on).order_by().values("pk")[: MOST_COUNTED + 1]
    unclassified = to_classify(person, on).order_by().values("pk")[: MOST_COUNTED + 1]
    taken = guessed(person, on).order_by().values("pk")[: MOST_COUNTED + 1]
    counts = Person.objects.filter(pk=person.pk).values_list(Counted(candidates), Counted(unclassified), Counted(taken))
    return dict(zip(("candidates", "to_classify", "guessed"), counts.get(), strict=True))


def vacancies(person: Person, on: date) -> dict[str, Any]:
    """Where an administrator's hand is needed: units with a vacant post, and with a term that ends soon."""
    area = area_of(person, OfficeAction.ADMINISTER, on=on)
    return {
        "vacant": count_units(area, is_vacant(on), most=MOST_COUNTED + 1),
        "ending": count_units(area, ends_soon(on), most=MOST_COUNTED + 1),
    }


def troubles() -> dict[str, Any]:
    """What does not run: the clocks as a whole, single clocks and rows, channels."""
    resting = list(RestingRow.objects.select_related("case").order_by("-since", "-id")[: SHOWN + 1])
    return {
        "silent_since": silent_since(at=timezone.now()),
        "resting": resting[:SHOWN],
        "more_rest": len(resting) > SHOWN,
        "blocked": [
            (label_of(row.channel), row)
            for row in BlockedChannel.objects.select_related("endpoint__unit").order_by("since")[:SHOWN]
        ],
    }


def visits_waiting(person: Person, on: date) -> dict[str, Any]:
    """The villages to which this inspector goes, each with the number of its form."""
    if not may_do(person, OfficeAction.MAKE_VISIT, on):
        return {}
    found = list(to_make(person, on)[: SHOWN + 1])
    for visit in found:
        visit.form_key = uuid4()
    return {"visits_to_make": found, "on": on}


def requirements_waiting(person: Person, on: date) -> dict[str, Any]:
    """Requirements to sign for, or to pass on."""
    if not may_do(person, OfficeAction.PASS_ON, on):
        return {}
    found = to_act_on(person, on).select_related("opinion", "unit", "receipt", "move")
    return {"requirements": list(found[: SHOWN + 1]), "on": on}


def missing_year(on: date) -> int | None:
    """The year whose working days should be known by now and aren't: next year's are announced in November."""
    year = on.year + (on.month >= 11)
    return year if calendar.current().is_provisional(date(year, 1, 1)) else None


def each_once(lists: Sequence[tuple[str, QuerySet[Case]]]) -> list[tuple[str, list[Case], bool]]:
    """The first rows of each list with whether there are more; what stands in an earlier list stands in no later one."""
    chosen: dict[str, tuple[list[int], bool]] = {}
    shown: set[int] = set()
    for name, cases in lists:
        if name == "came_back" and not chosen["waiting"][1]:
            cases = cases.none()  # what came back waits as well, and all that waits is shown
        read = list(cases.values_list("pk", flat=True)[:READ])
        left = [pk for pk in read if pk not in shown]
        chosen[name] = left[:SHOWN], len(left) > SHOWN or len(read) == READ
        shown.update(left[:SHOWN])
    by_key = Case.objects.select_related(*ROW_NEEDS).in_bulk(shown) if shown else {}
    add_reasons(by_key.values())
    return [(name, [by_key[pk] for pk in keys if pk in by_key], has_more) for name, (keys, has_more) in chosen.items()]


def add_reasons(cases: Iterable[Case]) -> None:
    """Why a case came back, beside those that have been returned and not submitted since."""
    returned = {
        case.pk: case for case in cases if case.returned_at and case.stage in (Stage.PLANNING, Stage.RECTIFICATION)
    }
    if returned:
        events = CaseEvent.objects.filter(case__in=returned, kind__in=(EventKind.RETURNED, EventKind.PLAN_RETURNED))
        for event in events.order_by("id").only("case_id", "words"):
            returned[event.case_id].came_back_because = event.words


urlpatterns = [path("", home, name="home")]
