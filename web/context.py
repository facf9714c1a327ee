"""What every page knows: whose page it is, and which doors the navigation shows."""

from typing import Any

from django.conf import settings
from django.db.models import IntegerField, Subquery, Value
from django.utils.functional import SimpleLazyObject

from casework.lists.filters import CaseFilters
from casework.models import Person, SavedList
from casework.models.unit import UnitLevel
from casework.offices.lists import MOST_OF_ONE, lists_of
from casework.queries import letters_to_act_on
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.stages import DESK_ROLES, Role
from web.desk_menu import desk_groups
from web.pages.help import OF_ROUTE
from web.pages.messages import MOST_COUNTED, bell_words, unread
from web.requests import Request


def everywhere(request: Request) -> dict[str, Any]:
    is_known = getattr(request, "user", None) is not None and request.user.is_authenticated
    badges: Any = SimpleLazyObject(lambda: badges_of(request)) if is_known else {}
    return {
        "source_url": settings.SOURCE_URL,
        "sign_in_contact": settings.SIGN_IN_CONTACT,
        "is_demo": not settings.PRODUCTION,
        "help_topic": help_topic(request),
        "badges": badges,
        "saved_lists": SimpleLazyObject(lambda: menu_lists(request)) if is_known else [],
        **(doors(request) if is_known else {"rights": {}}),
    }


def help_topic(request: Request) -> str:
    """Which part of the help explains this screen."""
    match = request.resolver_match
    return OF_ROUTE.get(match.url_name or "", "first-steps") if match is not None else "first-steps"


def doors(request: Request) -> dict[str, Any]:
    """What this reader can open, the groups of the offices' desk, and the one to which this page belongs."""
    can_open = rights(request)
    groups = desk_groups(request, can_open)
    return {
        "rights": can_open,
        "desk_groups": groups,
        "desk_here": next((group for group in groups if group.is_here), None),
    }


def menu_lists(request: Request) -> list[tuple[SavedList, bool]]:
    """The lists that stand in the menu, each with whether it is the page that is shown. One query."""
    is_list = request.resolver_match is not None and request.resolver_match.url_name == "cases"
    here = CaseFilters.from_query(request.GET) if is_list else None
    return [
        (saved, is_list and CaseFilters.from_query(saved.query) == here)
        for saved in lists_of(request.user, request.on)[:MOST_OF_ONE]
    ]


class Counted(Subquery):
    """How many rows a query finds, beside another count in one statement."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def badges_of(request: Request) -> dict[str, str]:
    """What the navigation counts: unread messages, and letters that wait for a receipt or an answer. One query."""
    on = request.on
    letters = letters_to_act_on(request.user, on).values("pk")[: MOST_COUNTED + 1]
    has_desk = any(held.role in DESK_ROLES for held in posts_held(request.user, on))
    counts = Person.objects.filter(pk=request.user.pk).values_list(
        Counted(unread(request).values("pk")), Counted(letters) if has_desk else Value(0)
    )
    bell, waiting = counts.get()
    return {"bell": bell_words(bell), "letters": bell_words(waiting)}


def rights(request: Request) -> dict[str, Any]:
    """Which parts of the navigation this reader can use; the posts were read already."""
    person, on = request.user, request.on
    held = posts_held(person, on)
    return {
        "report": may_do(person, OfficeAction.FIND, on),
        "import": may_do(person, OfficeAction.IMPORT, on),
        "villages": may_do(person, OfficeAction.SEE_VILLAGES, on),
        "desk": any(one.role in DESK_ROLES for one in held),
        "analysis": may_do(person, OfficeAction.ANALYSE, on),
        "decide": may_do(person, OfficeAction.DECIDE_RELAPSE, on),
        "assign": may_do(person, OfficeAction.ASSIGN, on),
        "look_back": may_do(person, OfficeAction.SEE_LOOK_BACKS, on),
        "figures": may_do(person, OfficeAction.SEE_FIGURES, on),
        "practices": may_do(person, OfficeAction.SEE_PRACTICES, on),
        "scores": may_do(person, OfficeAction.SEE_SCORES, on),
        "burden": may_do(person, OfficeAction.SEE_BURDEN, on),
        "posts": may_do(person, OfficeAction.SEE_POSTS, on),
        "phones": may_do(person, OfficeAction.SEE_PHONES, on),
        "members": may_do(person, OfficeAction.RUN_MECHANISM, on),
        "periods": may_do(person, OfficeAction.SEE_MECHANISM, on) or may_do(person, OfficeAction.REPORT_FOR_UNIT, on),
        "bulletins": any(
            may_do(person, action, on)
            for action in (OfficeAction.WRITE_BULLETIN, OfficeAction.SEE_MECHANISM, OfficeAction.REPORT_FOR_UNIT)
        ),
        "documents": may_do(person, OfficeAction.SEE_DOCUMENTS, on),
        "rules": may_do(person, OfficeAction.SET_RULES, on),
        "mechanisms": may_do(person, OfficeAction.SEE_MECHANISM, on)
        or any(one.role == Role.MEMBER_REPORTER and one.unit_level == UnitLevel.COUNTY for one in held),
        "field_visits": may_do(person, OfficeAction.LOG_FIELD_VISIT, on),
        "opinions": may_do(person, OfficeAction.RUN_MECHANISM, on),
        "spot_checks": may_do(person, OfficeAction.SEE_SPOT_CHECKS, on),
        "elections": may_do(person, OfficeAction.SEE_ELECTIONS, on)
        or may_do(person, OfficeAction.SIGN_ELIGIBILITY, on),
        "stations": may_do(person, OfficeAction.SEE_STATIONS, on),
        "pairings": may_do(person, OfficeAction.SEE_PAIRINGS, on),
        "handovers": may_do(person, OfficeAction.SEE_HANDOVERS, on),
        "trainings": may_do(person, OfficeAction.SEE_TRAINING, on),
        "requirements": may_do(person, OfficeAction.PASS_ON, on),
        "releases": may_do(person, OfficeAction.RELEASE_CASE, on),
        "statements": may_do(person, OfficeAction.DECIDE_STATEMENT, on),
        "clues": may_do(person, OfficeAction.KEEP_CLUE_PLATFORMS, on),
        "suggestions": may_do(person, OfficeAction.ANSWER_SUGGESTION, on),
        "visits": may_do(person, OfficeAction.SEE_VISITS, on),
        "administer": may_do(person, OfficeAction.ADMINISTER, on),
        "post": f"{held[0].unit_name} · {held[0].role.label}" if held else "",
    }
