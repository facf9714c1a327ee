"""Which channel a person is reached by: the one that the nearest office above their post has set up for itself, else the
installation's.

What goes out through an office stands under a code of its own (`sms@12`: the key of the unit), so that it is claimed,
held up and freed apart from all others.
"""

from collections.abc import Iterable
from datetime import date

from casework.models import Term, Unit
from casework.models.unit import on_day
from notifications.channels import CHANNELS, channel
from notifications.channels.base import Blocked, Channel, Outgoing
from notifications.kept_secrets import unlock
from notifications.models import OfficeChannel


class Closed(Channel):
    """A way that leads nowhere for now: what waits for it waits, and no address is to blame."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__()
        self.code, self.why = code, why

    def send(self, message: Outgoing) -> None:
        raise Blocked(self.why)


def kind_of(code: str) -> str:
    """The channel behind a code: `sms` of `sms@12`."""
    return code.partition("@")[0]


def code_of(kind: str, unit: int) -> str:
    return f"{kind}@{unit}"


def label_of(code: str) -> str:
    """As it is called to whoever watches the channels."""
    kind, _at, unit = code.partition("@")
    label = str(CHANNELS[kind].label) if kind in CHANNELS else kind
    return f"{label} · {Unit.objects.filter(pk=unit).first() or unit}" if unit else label


def in_force(unit: int, kind: str) -> OfficeChannel | None:
    return OfficeChannel.objects.filter(unit=unit, channel=kind, ended_at=None).first()


def road_of(code: str) -> Channel:
    """The channel of a code; what waited for an office's own goes by the installation's once the office has none."""
    kind, _at, unit = code.partition("@")
    if not unit:
        return channel(kind)
    row = in_force(int(unit), kind)
    if row is not None:
        return road_with(row)
    return channel(kind) if channel(kind).is_configured() else Closed(code, "this channel is no longer set up")


def road_with(row: OfficeChannel) -> Channel:
    """The channel as an office has set it up."""
    road = channel(row.channel)
    (name,) = (setting.name for setting in road.setup if setting.is_secret)
    secret = unlock(row.secret) if row.secret else ""
    if secret is None:
        return Closed(code_of(row.channel, row.unit_id), "the secret can't be read any more: enter it anew")
    return type(road)({**row.values, name: secret})


def through_offices(ways: Iterable[tuple[int, str]], on: date) -> list[tuple[int, str]]:
    """Each person and channel with the code by which it goes out: at most two queries, one while no office has its own."""
    ways = list(ways)
    offices = OfficeChannel.objects.filter(ended_at=None).values_list("channel", "unit__path", "unit")
    by_kind: dict[str, list[tuple[str, int]]] = {}
    for kind, path, unit in offices if ways else ():
        by_kind.setdefault(kind, []).append((path, unit))
    if not by_kind:
        return ways
    people = {person for person, kind in ways if kind in by_kind}
    paths: dict[int, list[str]] = {}
    for person, path in Term.objects.filter(on_day(on), person__in=people).values_list("person", "post__unit__path"):
        paths.setdefault(person, []).append(path)
    return [(person, _code(kind, by_kind.get(kind, ()), paths.get(person, ()))) for person, kind in ways]


def _code(kind: str, offices: Iterable[tuple[str, int]], paths: Iterable[str]) -> str:
    above = [(len(path), path, unit) for path, unit in offices if any(one.startswith(path) for one in paths)]
    return code_of(kind, max(above)[2]) if above else kind
