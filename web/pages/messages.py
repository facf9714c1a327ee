"""What I was told: the newest first, the bell that counts, and by which roads I want to hear of it."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Refusal
from casework.queries import visible
from casework.values.numbers import whole_number
from notifications.announcing import Wishes
from notifications.channels.base import Channel
from notifications.choosing import choose_roads, personal_channels
from notifications.messages import case_events_of, letters_of, page_of_message, words_of_message
from notifications.models import Address, Message, Preference
from notifications.office_news import still_told
from notifications.talk import said_in
from web.pages.fields import show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

PAGE = 30
MOST_COUNTED = 99
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def mine(request: Request) -> Any:
    """My messages on the cases that I may still see, and those to a post that I still hold."""
    person, on = request.user, request.on
    return Message.objects.filter(Q(case__in=visible(person, on)) | still_told(person, on), person=person)


def inbox(request: Request) -> HttpResponse:
    found = mine(request).select_related("event__case__village", "event__case__item", "office_event").order_by("-id")
    after = whole_number(request.GET.get("after", ""))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    events = case_events_of(rows[:PAGE])
    letters, said = letters_of(events, reader=request.user, on=request.on), said_in(events)
    shown = [{"message": row, "words": words_of_message(row, letters=letters, said=said)} for row in rows[:PAGE]]
    return render(
        request,
        "messages/list.html",
        {
            "rows": shown,
            "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else "",
            "is_first_page": after is None,
            "has_unread": any(row.read_at is None for row in rows),
        },
    )


def unread(request: Request) -> QuerySet[Message]:
    """The unread messages, as far as the bell can count."""
    return Message.objects.filter(person=request.user, read_at=None)[: MOST_COUNTED + 1]


def count(request: Request) -> JsonResponse:
    found = unread(request).count()
    return JsonResponse({"count": found, "words": bell_words(found)})


def bell_words(found: int) -> str:
    return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found or "")


def message(request: Request, pk: int) -> HttpResponse:
    """Open what a message is about; it counts as read from now on."""
    row = mine(request).filter(pk=pk).select_related("event__case", "office_event").first()
    if row is None:
        raise Http404
    Message.objects.filter(pk=pk, read_at=None).update(read_at=request.at)
    events = case_events_of([row])
    letters = letters_of(events, reader=request.user, on=request.on)
    return redirect(page_of_message(row, letters, said_in(events)))


@require_POST
def read_all(request: Request) -> HttpResponse:
    Message.objects.filter(person=request.user, read_at=None).update(read_at=request.at)
    return redirect("messages")


class RoadsForm(WordedForm):
    wants_digest = forms.BooleanField(
        label=_("One digest a day for reminders and news; letters come at once"), required=False
    )
    digest_at = forms.TimeField(label=_("Time of the digest"), widget=HOUR)
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=HOUR)
    quiet_until = forms.TimeField(
        label=_("Quiet until"), widget=HOUR, help_text=_("In this time nothing is sent; it comes afterwards.")
    )

    def __init__(self, *args: Any, roads: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roads = roads
        for road in self.roads:
            self.fields[road.code] = forms.CharField(label=road.label, required=False, max_length=300)
        self.order_fields([*(road.code for road in self.roads), "wants_digest"])

    def take(self, request: Request) -> bool:
        said = self.cleaned_data
        try:
            choose_roads(
                person=request.user,
                addresses={road.code: said[road.code] for road in self.roads},
                wants_digest=said["wants_digest"],
                digest_at=said["digest_at"],
                quiet_from=said["quiet_from"],
                quiet_until=said["quiet_until"],
                at=request.at,
            )
        except Refusal as error:
            show_refusals(self, error)
        return not self.errors


def roads(request: Request) -> HttpResponse:
    """By which roads, when in one letter, when not at all."""
    addresses = {one.channel: one for one in Address.objects.filter(person=request.user)}
    row = Preference.objects.filter(person=request.user).first()
    initial: dict[str, Any] = {name: getattr(row, name) for name in Wishes._fields} if row else Wishes()._asdict()
    form = RoadsForm(
        request.POST or None,
        roads=personal_channels(request.user, request.on),
        initial={**initial, **{c: a.address for c, a in addresses.items()}},
    )
    if request.method == "POST" and form.is_valid() and form.take(request):
        notes.success(request, _("Kept. From now on messages come this way."))
        return redirect("me")
    return render(
        request,
        "messages/roads.html",
        {"form": form, "failed": [one for one in addresses.values() if one.failed_at]},
        status=422 if form.errors else 200,
    )


urlpatterns = [
    path("messages", inbox, name="messages"),
    path("messages/count", count, name="message_count"),
    path("messages/reading", read_all, name="messages_reading"),
    path("messages/<int:pk>", message, name="message"),
    path("me/roads", roads, name="roads"),
]
