"""Words for templates: days near today in words, what is left of a deadline, lights, file sizes."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, pgettext

from casework.models import Case
from casework.models.category import local_name
from casework.values.days_in_words import exact_day, with_days_in_words
from casework.values.short_codes import code_of
from casework.working_time.deadlines import is_provisional, local_day, working_days_between

register = template.Library()
register.filter(local_name)
register.filter(exact_day)
register.filter(with_days_in_words)
register.filter("short_code", code_of)

TITLE_LENGTH = 46


def today() -> date:
    return local_day(timezone.now())


def as_day(moment: date | datetime) -> date:
    return local_day(moment) if isinstance(moment, datetime) else moment


@register.filter
def day(moment: date | datetime | None) -> str | SafeString:
    """A day in words near today, with the exact date behind it for the pointer, the reader and the print."""
    if moment is None:
        return "–"
    on = as_day(moment)
    near = {
        -1: pgettext("day", "yesterday"),
        0: pgettext("day", "today"),
        1: pgettext("day", "tomorrow"),
    }.get((on - today()).days)
    exact = exact_day(on)
    words = near or (exact if on.year != today().year else date_format(on, gettext("N j")))
    return format_html('<time datetime="{}" title="{}">{}</time>', on.isoformat(), exact, words)


@register.filter
def days_until(first: date | None, last: date | None) -> str | SafeString:
    """From which day until which, both included; a side that is open is left out instead of dashed."""
    if first is None and last is None:
        return gettext("without a first and a last day")
    if last is None:
        return format_html(gettext("since {first}"), first=day(first))
    if first is None:
        return format_html(gettext("until {last}"), last=day(last))
    return format_html(gettext("{first} to {last}"), first=day(first), last=day(last))


@register.filter
def moment(at: datetime | None) -> str | SafeString:
    """A moment to the minute; today only the time."""
    if at is None:
        return "–"
    local = timezone.localtime(at)
    clock = local.strftime("%H:%M")
    exact = f"{exact_day(local.date())} {clock}"
    if local.date() == today():
        words = gettext("today %(clock)s") % {"clock": clock}
    elif local.date() == today() - timedelta(days=1):
        words = gettext("yesterday %(clock)s") % {"clock": clock}
    elif local.year == today().year:
        words = f"{date_format(local.date(), gettext('N j'))} {clock}"
    else:
        words = exact
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, words)


@register.filter
def time_left(case: Case) -> str:
    """How long is left, in words: 还剩 3 个工作日; on the last day 今天到期, before a day off the date itself."""
    if not case.is_open:
        return ""
    if case.paused_on:
        return gettext("clock paused")
    if case.due_on is None:
        return gettext("no deadline yet")
    on = today()
    left = working_days_between(on, case.due_on)
    if case.due_on == on:
        return gettext("due today")
    if case.due_on == on + timedelta(days=1):
        return gettext("due tomorrow")
    if case.due_on > on and left == 0:
        return gettext("due on %(day)s") % {"day": date_format(case.due_on, gettext("N j"))}
    if case.due_on > on:
        return ngettext("%(left)d working day left", "%(left)d working days left", left) % {"left": left}
    if left == 0:
        return gettext("deadline passed on a day off")
    return ngettext("%(late)d working day overdue", "%(late)d working days overdue", -left) % {"late": -left}


@register.filter(name="is_provisional")
def is_provisional_day(on: date) -> bool:
    """Whether a deadline lies in a year whose working days are not announced."""
    return is_provisional(on)


@register.filter
def title(case: Case) -> str:
    """What is wrong, in one line: the first sentence of the description."""
    first = case.description.strip().splitlines()[0] if case.description.strip() else case.number
    for stop in ("。", ";", "；", ". "):
        first = first.split(stop)[0]
    return Truncator(first).chars(TITLE_LENGTH)


@register.filter
def with_mentions(words: str, mentions: Iterable[dict[str, Any]]) -> SafeString:
    """The words of a comment with the names that were found behind an “@” marked, and its lines as they were typed."""
    html = str(conditional_escape(words))
    names = sorted((str(conditional_escape(mention["name"])) for mention in mentions), key=len, reverse=True)
    if names:
        html = re.sub(f"[@＠](?:{'|'.join(map(re.escape, names))})", r'<b class="mention">\g<0></b>', html)
    return mark_safe(html.replace("\n", "<br>"))


@register.filter
def file_size(size: int) -> str:
    """Bytes as people say them."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} kB"
    return f"{size / 1024 / 1024:.1f} MB"


@register.filter
def colon(label: Any) -> str:
    """A label before its words, with the colon of the reader's language."""
    return pgettext("a label before its words", "%(label)s: ") % {"label": label}


@register.filter
def in_brackets(words: Any) -> str:
    """Words behind others, in the brackets of the reader's language."""
    return pgettext("behind other words", " (%(words)s)") % {"words": words}


def labelled(label: Any, words: Any) -> str:
    """A label and its words as one string."""
    return f"{colon(label)}{words}"


@register.filter
def percent(share: float | None) -> str:
    """0.083 as 8.3 %; a dash where there is nothing to share."""
    if share is None:
        return "–"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


@register.filter
def share_of(part: float | None, whole: float | None) -> str:
    """A place on a line of a hundred."""
    return f"{100 * (part or 0) / whole:.1f}" if whole else "0"


@register.filter
def words_of(words: str) -> list[str]:
    """The words of a string."""
    return words.split()


@register.filter
def item_of(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a dictionary under a key that is only known in the template."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: Any) -> str:
    """The page's own query string with some words changed; an empty word leaves out."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
