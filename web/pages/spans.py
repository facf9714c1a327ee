"""Which days a page of the offices' desk is about: a period that is chosen, or two days that are typed."""

from collections.abc import Sequence

from django.contrib import messages
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oversight.mechanisms.queries import Span
from web.pages.fields import DayField
from web.pages.form_words import WordedForm
from web.requests import Request

# Three years at most: whoever asks for more has mistyped a year.
LONGEST_DAYS = 3 * 366


class SpanForm(WordedForm):
    first = DayField(label=_("From"))
    last = DayField(label=_("Until"))


def chosen_span(request: Request, spans: Sequence[Span]) -> tuple[Span, SpanForm]:
    """The days of the address, or else the newest period; what can't be read is said, and nothing else is lost."""
    newest = spans[0]
    if not {"first", "last"} & set(request.GET):
        return newest, SpanForm(initial={"first": newest.first, "last": newest.last})
    form = SpanForm(request.GET)
    if form.is_valid():
        asked = Span(form.cleaned_data["first"], form.cleaned_data["last"])
        if asked.first <= asked.last and (asked.last - asked.first).days <= LONGEST_DAYS:
            return asked, form
        messages.error(request, gettext("Choose a first day that is not after the last, and at most three years."))
    else:
        messages.error(request, gettext("These days can't be read. The newest period is shown."))
    return newest, form
