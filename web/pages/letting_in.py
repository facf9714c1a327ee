"""Where a town or an office lets its villages' committees in: links for the papers, links by SMS, codes at the desk."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Person, SignInCode, SignInLink, Unit
from casework.offices.sign_in_codes import digits_of, give_code
from casework.offices.sign_in_links import (
    committee_of,
    living_links,
    make_paper_link,
    make_paper_links,
    make_personal_link,
    may_let_in,
    paper_link,
    refusal_by_code,
    withdraw_link,
)
from casework.rights.held_posts import posts_held, read_posts
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.rights.territories import villages_of
from casework.stages import COMMITTEE
from casework.values.numbers import whole_number
from web.pages.fields import SAVED
from web.pages.numbered_pages import numbered_page
from web.requests import Request

LISTED, LATELY = 50, 10


def village_or_404(request: Request, code: str) -> Unit:
    if not may_do(request.user, OfficeAction.LET_IN, request.on):
        raise NotAllowed(
            "no_letting_in", _("Links and codes for a committee are given by its town, its county or the city.")
        )
    village = villages_of(request.user, OfficeAction.LET_IN, on=request.on).filter(code=code).first()
    if village is None:
        raise Http404
    return village


def committees(request: Request) -> HttpResponse:
    """The villages of the reader's area, each with whether its papers carry a link; all that have none get one at once."""
    if not may_do(request.user, OfficeAction.LET_IN, request.on):
        raise NotAllowed(
            "no_letting_in", _("Links and codes for a committee are given by its town, its county or the city.")
        )
    own = villages_of(request.user, OfficeAction.LET_IN, on=request.on).filter(has_committee=True)
    if request.method == "POST":
        made = make_paper_links(villages=own, by=request.user, at=request.at)
        said = ngettext("%(count)d village has a QR code now.", "%(count)d villages have a QR code now.", made)
        messages.success(request, said % {"count": made}, extra_tags=SAVED)
        return redirect("committees")
    links = SignInLink.objects.filter(person=None, withdrawn_at=None, ends_at__gt=request.at)
    has_link = Exists(links.filter(village=OuterRef("pk")))
    page = numbered_page(
        request, own.annotate(has_link=has_link).select_related("parent").order_by("path"), size=LISTED
    )
    has_missing = own.filter(~has_link).exists()
    return render(request, "posts/committees.html", {"page": page, "has_missing": has_missing})


def village_sign_in(request: Request, code: str) -> HttpResponse:
    """The committee of a village, with what lets each of them in."""
    return show(request, village_or_404(request, code))


def show(request: Request, village: Unit, **more: Any) -> HttpResponse:
    terms = committee_of(village, on=request.on)
    people = list({term.person_id: term.person for term in terms}.values())
    read_posts(people, request.on)
    sent = {link.person_id: link for link in living_links(village, at=request.at).exclude(person=None)}
    return render(
        request,
        "posts/village_sign_in.html",
        {
            "village": village,
            "paper": paper_link(village, at=request.at),
            "rows": [
                {
                    "term": term,
                    "ending": (term.person.phone or "")[-2:],
                    "refusal": refusal_by_code(term.person, village, on=request.on),
                    "link": sent.get(term.person_id),
                }
                for term in terms
            ],
            "sends": bool(settings.SMS_GATEWAY_URL),
            "given": list(
                SignInCode.objects.filter(village=village)
                .exclude(given_by=None)
                .select_related("person", "given_by")
                .order_by("-at", "-pk")[:LATELY]
            ),
            **more,
        },
    )


@require_POST
def village_letting_in(request: Request, code: str) -> HttpResponse:
    """One of the buttons of that page."""
    village = village_or_404(request, code)
    act = request.POST.get("act", "")
    key = whole_number(request.POST.get("key", "")) or 0
    try:
        if act == "paper":
            make_paper_link(village=village, by=request.user, at=request.at)
            said = _("The papers of this village carry a QR code from now on.")
        elif act == "withdraw":
            link = get_object_or_404(SignInLink.objects.select_related("village"), pk=key, village=village)
            withdraw_link(link=link, by=request.user, at=request.at)
            said = _("The link is withdrawn: it leads nowhere any more.")
        elif act == "link":
            make_personal_link(person=member(request, village, key), village=village, by=request.user, at=request.at)
            said = _("The link is on its way.")
        elif act == "code":
            given = give_code(person=member(request, village, key), village=village, by=request.user, at=request.at)
            return show(request, village, new_code=given, digits=digits_of(given))
        else:
            raise Http404
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said, extra_tags=SAVED)
    return redirect("village_sign_in", code=code)


def member(request: Request, village: Unit, key: int) -> Person:
    found = next((term.person for term in committee_of(village, on=request.on) if term.person_id == key), None)
    if found is None:
        raise Http404
    return found


def given_code(request: Request, pk: int) -> HttpResponse:
    """That a code was given, for the committee whom it concerns and for the offices above it. Never the code."""
    code = get_object_or_404(
        SignInCode.objects.exclude(given_by=None).select_related("village", "person", "given_by"), pk=pk
    )
    held = posts_held(request.user, request.on)
    is_own = any(one.unit_id == code.village_id and one.role in COMMITTEE for one in held)
    if not is_own and not may_let_in(request.user, code.village, on=request.on):
        raise Http404
    return render(request, "people/given_code.html", {"code": code})


urlpatterns = [
    path("committees", committees, name="committees"),
    path("villages/<str:code>/sign-in", village_sign_in, name="village_sign_in"),
    path("villages/<str:code>/sign-in/letting-in", village_letting_in, name="village_letting_in"),
    path("sign-in-codes/<int:pk>", given_code, name="given_code"),
]
