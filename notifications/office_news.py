"""What is told of each kind of event at the offices' desk: who hears of it at its unit, in which words, on which page."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.models import OfficeEvent, Person, Term
from casework.models.office_event import OfficeEventKind
from casework.models.unit import on_day
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OFFICE_RIGHTS, OfficeAction
from casework.stages import COMMITTEE, RESPONSIBLE_ROLES, Role
from notifications.words import Words


class OfficeTelling(NamedTuple):
    """`roles` hear of it, at the event's unit; `page` is the name of the address whose argument is the subject's key."""

    roles: tuple[Role, ...]
    title: Any
    advice: Any
    page: str
    digest: bool = False


_REPORTERS = OFFICE_RIGHTS[OfficeAction.REPORT_FOR_UNIT]
_OFFICE = OFFICE_RIGHTS[OfficeAction.RUN_MECHANISM]
_WITNESSES = OFFICE_RIGHTS[OfficeAction.WITNESS_HANDOVER]
_BELOW = OFFICE_RIGHTS[OfficeAction.PASS_ON]

OFFICE_TELLINGS: dict[OfficeEventKind, OfficeTelling] = {
    OfficeEventKind.REPORT_LATE: OfficeTelling(
        _REPORTERS,
        _("Your unit's report is late"),
        _("Hand it in now; after the close an exception of the office is needed."),
        "unit_report",
    ),
    OfficeEventKind.REPORT_HANDED_IN: OfficeTelling(
        _OFFICE, _("A unit handed in its report"), _("Read it, and accept or return it."), "unit_report", digest=True
    ),
    OfficeEventKind.REPORT_RETURNED: OfficeTelling(
        _REPORTERS, _("Your unit's report was returned"), _("Mend what the reason says and hand it in."), "unit_report"
    ),
    OfficeEventKind.REPORT_ACCEPTED: OfficeTelling(
        _REPORTERS, _("Your unit's report was accepted"), "", "unit_report", digest=True
    ),
    OfficeEventKind.BULLETIN_TO_APPROVE: OfficeTelling(
        OFFICE_RIGHTS[OfficeAction.WRITE_BULLETIN],
        _("A bulletin waits for approval"),
        _("Read it, and approve or return it. Whoever wrote it can't."),
        "bulletin",
    ),
    OfficeEventKind.BULLETIN_SENT: OfficeTelling(
        _REPORTERS, _("A bulletin was sent to your unit"), _("Read it and sign for it."), "bulletin"
    ),
    OfficeEventKind.BULLETIN_UNSIGNED: OfficeTelling(
        _REPORTERS, _("Nobody has signed for a bulletin yet"), _("Read it and sign for it."), "bulletin"
    ),
    OfficeEventKind.REQUIREMENT_ISSUED: OfficeTelling(
        _BELOW, _("A requirement came down to your unit"), _("Sign for it and pass it on."), "requirement"
    ),
    OfficeEventKind.REQUIREMENT_LATE: OfficeTelling(
        _BELOW, _("A requirement stays with your unit"), _("Sign for it and pass it on today."), "requirement"
    ),
    OfficeEventKind.VISIT_OVERDUE: OfficeTelling(
        OFFICE_RIGHTS[OfficeAction.PLAN_VISIT],
        _("A visit is overdue"),
        _("Ask whoever was sent, or call it off with a reason."),
        "visit",
    ),
    OfficeEventKind.VISIT_TO_MAKE: OfficeTelling(
        OFFICE_RIGHTS[OfficeAction.MAKE_VISIT],
        _("A visit of your inspectors is overdue"),
        _("Whoever was sent goes there; if nobody can, tell the office."),
        "visit",
    ),
    OfficeEventKind.HANDOVER_BEGUN: OfficeTelling(
        RESPONSIBLE_ROLES, _("A post of your unit is handed over"), _("Read what was taken over and sign."), "handover"
    ),
    OfficeEventKind.HANDOVER_UNSIGNED: OfficeTelling(
        _WITNESSES,
        _("A handover is not signed in time"),
        _("See that both sign, or record who refuses or is absent."),
        "handover",
        digest=True,
    ),
    # The whole committee hears of it: nobody signs in for one of them unseen.
    OfficeEventKind.CODE_GIVEN: OfficeTelling(
        COMMITTEE,
        _("A code to sign in was given"),
        _("If nobody of your committee asked for it, tell the office at once."),
        "given_code",
    ),
    # Whoever asked was not signed in: the administrator makes sure who it is, and hands a one-time password out.
    OfficeEventKind.PASSWORD_ASKED: OfficeTelling(
        OFFICE_RIGHTS[OfficeAction.ADMINISTER],
        _("Somebody asks for a new password"),
        _("Make sure that it is the person themselves, then give them a one-time password."),
        "person",
    ),
    # The village that owes it, its town, and the office that runs the election.
    OfficeEventKind.ELECTION_SILENT: OfficeTelling(
        tuple({*OFFICE_RIGHTS[OfficeAction.ENTER_FOR_VILLAGE], *OFFICE_RIGHTS[OfficeAction.RUN_ELECTION]}),
        _("A day of the election is not reported"),
        _("Enter what happened on that day, or see that the village does."),
        "election",
        digest=True,
    ),
    OfficeEventKind.STATION_NEWS: OfficeTelling(
        (Role.VOLUNTEER,),
        _("What became of a report of your station"),
        _("It stands on the station's page."),
        "station",
        digest=True,
    ),
}
if missing := set(OfficeEventKind) - set(OFFICE_TELLINGS):
    raise RuntimeError(f"nothing says who hears of {sorted(missing)}")


def telling_of_office(event: OfficeEvent) -> OfficeTelling:
    return OFFICE_TELLINGS[OfficeEventKind(event.kind)]


def office_listeners(events: Iterable[OfficeEvent], *, on: date) -> dict[int, list[int]]:
    """The people of each event, by its key, without whoever did it: one query, however many they are."""
    events = list(events)
    holders: dict[int, list[tuple[str, int]]] = {}
    terms = Term.objects.filter(
        on_day(on),
        post__unit__in={event.unit_id for event in events},
        post__unit__is_active=True,
        person__is_active=True,
    )
    for unit, role, person in terms.order_by("id").values_list("post__unit", "post__role", "person"):
        holders.setdefault(unit, []).append((role, person))
    heard = {}
    for event in events:
        roles = telling_of_office(event).roles
        people = dict.fromkeys(person for role, person in holders.get(event.unit_id, ()) if role in roles)
        people.pop(event.by_id or 0, None)
        heard[event.pk] = list(people)
    return heard


def still_told(person: Person, on: date) -> Q:
    """The messages about the offices' desk that this person may still read: those to a post that is still held."""
    seats: dict[int, set[str]] = {}
    for held in posts_held(person, on):
        seats.setdefault(held.unit_id, set()).add(held.role)
    told = Q(pk__in=())
    for unit, roles in seats.items():
        kinds = [kind for kind, telling in OFFICE_TELLINGS.items() if roles.intersection(telling.roles)]
        told |= Q(office_event__unit=unit, office_event__kind__in=kinds)
    return told


def words_of_office(event: OfficeEvent) -> Words:
    """Subject, text and address of what is told, in the language that is active."""
    telling = telling_of_office(event)
    subject = gettext("%(title)s: %(about)s") % {"title": telling.title, "about": event.about}
    return Words(subject, str(telling.advice), settings.SITE_URL + page_of_office(event))


def page_of_office(event: OfficeEvent) -> str:
    return reverse(telling_of_office(event).page, args=[event.subject])
