"""The pages of the coordination mechanism: one entry in the menu, and tabs above each of them."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from web.requests import Request


class Tab(NamedTuple):
    """A page by the name of its address; `right` is a key of `context.rights`, `modules` hold the pages below it."""

    name: str
    right: str
    label: Any
    modules: tuple[str, ...]


TABS = (
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
    Tab("documents", "documents", _("Basis documents"), ("documents",)),
    Tab("members", "members", _("Member units"), ("members", "members_import")),
)


class Shown(NamedTuple):
    name: str
    label: Any
    is_here: bool


def desk_tabs(request: Request, rights: dict[str, Any]) -> list[Shown]:
    """The tabs that this reader can open."""
    match = request.resolver_match
    module = match.func.__module__.rpartition(".")[2] if match is not None else ""
    return [Shown(tab.name, tab.label, module in tab.modules) for tab in TABS if rights.get(tab.right)]
