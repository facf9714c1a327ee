"""What was added on a phone to a case that moved meanwhile: both texts, and a decision that takes nothing from either."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal
from casework.models import PhoneAddition
from casework.rights.roles import may_view
from casework.talk.attachments import files_of
from flows.phone_additions import happened_since, is_arriving
from flows.phone_entries import decide_addition, entry_of
from web.pages.fields import SAVED
from web.requests import Request

DECISIONS = {"keep": True, "leave_out": False}


def phone_addition(request: Request, key: UUID) -> HttpResponse:
    found = readable_addition(request, key)
    if request.method != "POST":
        return show(request, found)
    keeps = DECISIONS.get(str(request.POST.get("decision", "")))
    try:
        if keeps is None:
            raise Invalid("decision_missing", _("Choose whether your words are kept in the case or left out."))
        decide_addition(addition=found, keeps=keeps, by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        return show(request, readable_addition(request, key), refusal=error, status=error.status)
    said = gettext("Your words stand in the case, beside the others.") if keeps else gettext("Left out, and kept here.")
    messages.success(request, said, extra_tags=SAVED)
    return redirect("case", number=found.entry.case.number) if keeps else redirect("phone_addition", key=key)


def readable_addition(request: Request, key: UUID) -> PhoneAddition:
    """An addition of this person's own phone, or one that this person took in from an emergency file."""
    entry = entry_of(request.user, key)
    found = PhoneAddition.objects.filter(pk=entry.pk).select_related("entry__case", "entry__person").first()
    if found is None:
        raise NotAllowed("no_such_entry", _("The server has no such entry of yours."))
    return found


def show(request: Request, found: PhoneAddition, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    may_see = may_view(request.user, found.entry.case, request.on)
    context: dict[str, Any] = {
        "addition": found,
        "case": found.entry.case,
        "may_see": may_see,
        "theirs": list(theirs_of(found)) if may_see else [],
        "photos": files_of(found.attached()),
        "is_arriving": is_arriving(found),
        "refusal": refusal,
    }
    return render(request, "phone/addition.html", context, status=status)


def theirs_of(found: PhoneAddition) -> Any:
    """What others did or said since, with their words; until the decision, and not what came after it."""
    events = happened_since(found).select_related("by", "by_unit", "comment", "revision")
    return events.filter(at__lte=found.decided_at) if found.decided_at else events


urlpatterns = [path("phone/additions/<uuid:key>", phone_addition, name="phone_addition")]
