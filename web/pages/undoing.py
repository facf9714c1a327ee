"""“Undo”: a button beside what was just decided, on whatever page its reader is led to, and in the case's timeline."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.errors import Conflict, Invalid, NotAllowed
from casework.events import TALK_KINDS, UNDOABLE_KINDS
from casework.lifecycle.undoing import step_to_undo, undo_step
from casework.models import Case, CaseEvent
from casework.queries import visible
from casework.values.numbers import whole_number
from flows import steps
from web.requests import Request

# A form holds a few acts at most: accepted, classified, assigned.
LATEST = 5


@require_POST
def undone(request: Request) -> HttpResponse:
    """Undo the step of the event that the button names, and open the step again. The form of the button stands in
    `base.html`.
    """
    pk = whole_number(request.POST.get("event", ""), most=2**63 - 1)
    event = CaseEvent.objects.select_related("by").filter(pk=pk).first() if pk is not None else None
    case = visible(request.user, request.on).filter(pk=event.case_id).first() if event is not None else None
    if event is None or case is None:
        raise Http404
    try:
        case = steps.take(undo_step, case=case, event=event, by=request.user, at=request.at)
    except (Conflict, Invalid, NotAllowed) as refusal:
        messages.error(request, str(refusal))
        return redirect("case", number=case.number)
    messages.success(
        request,
        _("Undone: %(number)s stands at “%(stage)s” again, and nobody was told. Decide anew.")
        % {"number": case.number, "stage": case.get_stage_display()},
    )
    return redirect(case.stage, number=case.number)


def undo_button(request: Request, case: Case) -> SafeString:
    """The button by which the reader may undo what they have just done to this case; nothing where they may not."""
    # A form that is handed in twice has recorded its events the first time.
    done = case.recorded or list(case.events.exclude(kind__in=TALK_KINDS).order_by("-id")[:LATEST])[::-1]
    event = step_to_undo(done, request.user, at=request.at)
    if event is None:
        return SafeString("")
    return format_html(
        '<button class="quiet undo" form="undo" name="event" value="{}" data-keys="u">{}</button>',
        str(event.pk),
        _("Undo"),
    )


def steps_just_done(request: Request, cases: Iterable[Case]) -> dict[int, int]:
    """By case: the event by which the reader may undo what this request has done to it. One query."""
    done = CaseEvent.objects.filter(
        case__in=list(cases), by=request.user, at=request.at, kind__in=UNDOABLE_KINDS
    ).order_by("id")
    return dict(done.values_list("case", "pk"))


urlpatterns = [path("undone", undone, name="undone")]
