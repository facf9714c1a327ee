"""Help in plain words: what a screen is for, what the field's words mean, and how each role begins."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.rights.held_posts import posts_held
from casework.stages import COMMITTEE, Role
from web.requests import Request


class Topic(NamedTuple):
    """A part of the page: its anchor, what it is called, and the routes whose screens it explains."""

    anchor: str
    label: Any
    routes: frozenset[str]


TOPICS = (
    Topic("first-steps", _("First steps"), frozenset({"home", "me", "messages", "case"})),
    Topic(
        "lights",
        _("Lights and deadlines"),
        frozenset({"cases", "ladder", "ladder_days", "ladder_new", "calendar", "extension"}),
    ),
    Topic("report", _("Report a problem"), frozenset({"report", "screening", "assignment", "classification_desk"})),
    Topic("plan", _("Plan and proof"), frozenset({"planning", "rectification", "plan_approval"})),
    Topic("review", _("Reviews and return"), frozenset({"first_review", "second_review", "city_review"})),
    Topic("strike-off", _("The five tests of the strike-off"), frozenset({"strike_off"})),
    Topic(
        "consolidation",
        _("After the strike-off: consolidation, look-back, relapse"),
        frozenset({"look_backs", "look_back", "candidates", "verdict", "analysis", "village", "villages"}),
    ),
    Topic(
        "letters",
        _("Reminders, notices and letters"),
        frozenset({"letters", "letter", "roads", "burden", "channels", "channel"}),
    ),
    Topic("lists", _("Find, sort and print"), frozenset({"search", "lists", "paper_list"})),
    Topic("imports", _("Bring in Excel lists"), frozenset({"imports", "import", "import_columns", "import_rows"})),
    Topic(
        "registers",
        _("Map, stations, helper units"),
        frozenset({"figures_map", "places", "place", "places_import", "city_outline", "station", "stations"})
        | frozenset({"station_report", "station_volunteers", "pairings", "pairing"}),
    ),
    Topic("sign-in", _("When the sign-in fails"), frozenset({"sign_in", "forgotten", "choose_password"})),
)
OF_ROUTE = {route: topic.anchor for topic in TOPICS for route in topic.routes}
# Which first steps are this reader's: the first of these whose role they hold.
BEGINNERS: tuple[tuple[str, frozenset[Role]], ...] = (
    ("office", frozenset({Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR, Role.LEAD_OFFICE, Role.ADMINISTRATOR})),
    ("town", frozenset({Role.TOWN_REVIEWER, Role.DEPARTMENT_MEMBER, Role.MEMBER_REPORTER})),
    ("inspector", frozenset({Role.INSPECTOR, Role.VOLUNTEER})),
    ("village", frozenset(COMMITTEE)),
)


def help_page(request: Request) -> HttpResponse:
    held = {post.role for post in posts_held(request.user, request.on)} if request.user.is_authenticated else set()
    own = next((name for name, roles in BEGINNERS if held & roles), "")
    return render(request, "help/help.html", {"topics": TOPICS, "own": own})


urlpatterns = [path("help", help_page, name="help")]
