"""The pages of the offices' desk in groups: one entry in the menu for a group, and tabs above each of its pages."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from web.requests import Request


class Tab(NamedTuple):
    """A page by the name of its address; `right` is a key of `context.rights`, `modules` hold the pages below it."""

    name: str
    right: str
    label: Any
    modules: tuple[str, ...]


MECHANISM = (
    Tab("requirements", "requirements", _("Requirements"), ("requirements",)),
    Tab(
        "periods",
        "periods",
        _("Member units' reports"),
        ("periods", "unit_reports", "unit_report_form", "unit_report_files", "unit_report_decisions"),
    ),
    Tab("mechanisms", "mechanisms", _("County mechanisms"), ("mechanisms", "mechanism_entries")),
    Tab("field_visits", "field_visits", _("Visits to the field"), ("field_visits", "field_visit")),
    Tab("opinions", "opinions", _("Rectification opinions"), ("opinions",)),
    Tab(
        "bulletins",
        "bulletins",
        _("Bulletins"),
        ("bulletins", "bulletin", "bulletin_editing", "bulletin_figures"),
    ),
    Tab("documents", "documents", _("Basis documents"), ("documents", "rules")),
    Tab("practices", "practices", _("Good practices"), ("practices",)),
    Tab("members", "members", _("Member units"), ("members", "members_import")),
)


# What villages do between two bulletins.
VILLAGES: tuple[Tab, ...] = (
    Tab(
        "duty",
        "villages",
        _("Duty"),
        ("duty", "duty_minutes", "duty_rosters", "duty_rules", "gaps"),
    ),
    Tab("decisions", "villages", _("Decisions"), ("decisions", "decision_steps")),
    Tab(
        "trainings",
        "trainings",
        _("Training"),
        ("trainings", "training_session", "training_attendance", "publicity"),
    ),
    Tab("walls", "villages", _("Clarity walls"), ("walls", "wall")),
    Tab("stations", "stations", _("Supervision stations"), ("stations", "station")),
    Tab("pairings", "pairings", _("Paired assistance"), ("pairings",)),
    Tab(
        "elections",
        "elections",
        _("Elections"),
        ("elections", "election_reports", "nominees", "eligibility_lists"),
    ),
    Tab("handovers", "handovers", _("Handovers"), ("handovers", "handover")),
    Tab("scorecards", "scores", _("Scorecards"), ("scorecards", "score_schemes", "score_sheets", "score_comparison")),
    Tab("releases", "releases", _("Public page"), ("releases", "public_settings")),
    Tab("villager_statements", "statements", _("Villagers' statements"), ("villager_statements",)),
    Tab("clue_platforms", "clues", _("Clues"), ("clue_platforms",)),
    Tab("received_suggestions", "suggestions", _("Suggestions"), ("received_suggestions",)),
)
# Going there: plans, draws, visits.
CHECKS: tuple[Tab, ...] = (
    Tab("spot_checks", "spot_checks", _("Plans and draws"), ("spot_checks", "planned_draw", "one_step_draw")),
    Tab("draw_replay", "spot_checks", _("Replay a draw"), ("draw_replay",)),
    Tab("visits", "visits", _("Visits"), ("visits", "visit", "visit_end")),
    Tab("found_per_visit", "analysis", _("Found per visit"), ("found_per_visit",)),
    Tab("checklists", "visits", _("Checklists"), ("checklists",)),
    Tab("phones", "phones", _("Phones"), ("phones",)),
)


class Group(NamedTuple):
    """An entry of the menu: what it is called, its sign in icons.svg, and the pages below it."""

    label: Any
    icon: str
    tabs: tuple[Tab, ...]


GROUPS = (
    Group(_("Coordination mechanism"), "hub", MECHANISM),
    Group(_("Village supervision"), "sheet", VILLAGES),
    Group(_("Spot checks"), "place", CHECKS),
)


class Shown(NamedTuple):
    name: str
    label: Any
    is_here: bool


class ShownGroup(NamedTuple):
    label: Any
    icon: str
    tabs: list[Shown]
    is_here: bool


def desk_groups(request: Request, rights: dict[str, Any]) -> list[ShownGroup]:
    """The groups of which this reader can open a page, each with the tabs that they can open."""
    match = request.resolver_match
    module = match.func.__module__.rpartition(".")[2] if match is not None else ""
    groups = []
    for group in GROUPS:
        tabs = [Shown(tab.name, tab.label, module in tab.modules) for tab in group.tabs if rights.get(tab.right)]
        if tabs:
            groups.append(ShownGroup(group.label, group.icon, tabs, any(tab.is_here for tab in tabs)))
    return groups
