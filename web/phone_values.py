"""What a phone's JSON may hold, read value by value: a key, a text, a count, a moment, a place, a photo announced."""

import math
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from casework.proofs.uploads import LARGEST
from casework.values.positions import real_position
from casework.working_time.deadlines import local_day
from flows.phone_entries import Announced
from web.json_answers import Unreadable
from web.requests import Request

DAY = timedelta(days=1)
# A phone's clock that is further off is said with the entry.
MOST_SECONDS_OFF = 2_000_000_000


class Unprocessable(Unreadable):
    """One field of an entry, as the form's own sentence says it."""

    status = 422


def parts_of(said: dict[str, Any]) -> tuple[dict[str, Any], list[Announced]]:
    """The values and the photos of an entry. Refuses with Unreadable what is none."""
    values, files = said.get("values"), said.get("files", [])
    if not isinstance(values, dict) or not isinstance(files, list):
        raise Unreadable("unreadable", _("What was sent can't be read. Load the page again; nothing on it is lost."))
    return values, [announced(one) for one in files]


def clock_off(request: Request, said: dict[str, Any]) -> int | None:
    """By how many seconds the phone's clock is ahead, by the moment at which it says that it sent this; taken out, so
    that the same entry sent later says the same.
    """
    sent_at = moment_of(said.pop("sent_at", None))
    off = round((sent_at - request.at).total_seconds()) if sent_at else None
    return None if off is None or abs(off) > MOST_SECONDS_OFF else off


def day_by_right_clock(day: str, entered_at: Any, off: int | None, *, on: date) -> str:
    """The day on which something was found, where a phone took it from its own clock and that is days off: nobody chose
    it. What the phone said stays with the entry, and its day where the right one would lie ahead: then the clock went
    wrong only after that.
    """
    at, days = moment_of(entered_at), round((off or 0) / DAY.total_seconds())
    if not days or at is None:
        return day
    try:
        said = local_day(at)
        moved = said - timedelta(days=days)
        return moved.isoformat() if day == said.isoformat() and moved <= on else day
    except OverflowError:
        return day


def announced(said: Any) -> Announced:
    if not isinstance(said, dict):
        raise Unreadable("files_unclear", _("The list of photos is not clear. Save the entry again."))
    size = said.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= 100 * LARGEST:
        raise Unreadable("files_unclear", _("The list of photos is not clear. Save the entry again."))
    return Announced(
        key=key_of(said.get("key"), "file"),
        name=text_of(said.get("name")),
        size=size,
        sha256=text_of(said.get("sha256")),
    )


def key_of(value: Any, field: str) -> UUID:
    """A number that the phone gave. Refuses with Unreadable (400) an entry without one: it could come twice."""
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else UUID("")
    except ValueError as error:
        raise Unreadable(
            "key_missing",
            _("This has no number of its own, so it could be taken twice. Load the page again."),
            field=field,
        ) from error


def text_of(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def count_of(said: dict[str, Any], name: str, *, below: int = 2**31) -> int:
    value = said.get(name, 0)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below else 0


def moment_of(value: Any) -> datetime | None:
    """A moment with its offset, as a phone's clock says it; None for what is none."""
    try:
        found = parse_datetime(value) if isinstance(value, str) and len(value) < 40 else None
        return found if found is not None and found.tzinfo and abs(found.utcoffset() or timedelta()) < DAY else None
    except (ValueError, OverflowError):
        return None


def stated_moment(value: Any, *, at: datetime) -> datetime | None:
    """A moment that a phone's clock states of something done before it was sent; None for what no clock says."""
    found = moment_of(value)
    return found if found and abs((found - at).total_seconds()) <= MOST_SECONDS_OFF else None


def place_of(said: dict[str, Any]) -> tuple[float, float] | None:
    numbers = [said.get("latitude"), said.get("longitude")]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers):
        return None
    try:
        latitude, longitude = (float(one) for one in numbers if one is not None)
    except OverflowError:
        return None
    return real_position(latitude, longitude) if math.isfinite(latitude) and math.isfinite(longitude) else None
