"""A draw again, from its printed sheet alone: is it the list that was hashed, is the seed younger, who is drawn?

It asks no database: everything stands in the record, the frozen list with some lines below it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.values.numbers import whole_number
from oversight.spot_checks.frozen_list import (
    FACTS,
    MOST_CHARACTERS,
    FrozenList,
    SeedKind,
    read_list,
    sha256_of,
    tidied,
    unreadable,
)
from oversight.spot_checks.seeds import BEACON_VALUE, FACES, Rolled, dice_refusals
from oversight.spot_checks.tickets import Result, draw_from

# What stands below the list in a record.
TRAILER = ("sha256", "frozen", "seed-value", "seeded", "drawn")
CONTINUED, NAMES = ("sha256", "seed-value"), (*FACTS, *TRAILER, "village", "inspector")
MOST_SEED = 1200


@dataclass(frozen=True)
class Record:
    """What the sheet says: the list as text, its hash and when that was published, the seed and when that was typed in,
    and the villages and inspectors that were drawn, in their order.
    """

    text: str
    sha256: str = ""
    frozen_at: datetime | None = None
    seed: str = ""
    seeded_at: datetime | None = None
    drawn: tuple[tuple[str, int | None], ...] = field(default=())

    def as_text(self) -> str:
        lines = [f"sha256 {self.sha256}"]
        if self.frozen_at:
            lines.append(f"frozen {_as_words(self.frozen_at)}")
        if self.seed:
            lines.append(f"seed-value {self.seed}")
        if self.seeded_at:
            lines.append(f"seeded {_as_words(self.seeded_at)}")
        lines += [f"drawn {code} {'-' if inspector is None else inspector}" for code, inspector in self.drawn]
        return self.text + "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True)
class Replay:
    """None where the record does not say enough to tell."""

    listed: FrozenList
    sha256: str
    is_same_list: bool | None
    is_seed_later: bool | None
    is_same_draw: bool | None
    is_seed_as_named: bool
    result: Result

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the draw, and nothing is missing to say so."""
        return bool(
            self.is_same_list and self.is_seed_later and self.is_seed_as_named and self.is_same_draw is not False
        )


def read_record(
    words: str,
    *,
    sha256: str = "",
    seed: str = "",
    frozen_at: datetime | None = None,
    seeded_at: datetime | None = None,
) -> Record:
    """A record as it was pasted; what is given beside it counts where the record itself does not say it."""
    if len(words) > MOST_CHARACTERS:
        raise Invalid("list_too_long", _("This is too long for the list of a draw."), field="text")
    listed, said, drawn = [], dict[str, str](), list[tuple[str, int | None]]()
    before = ""
    for line in tidied(words).splitlines():
        name, _space, value = line.partition(" ")
        if line.startswith("—"):
            continue  # the number of a page
        if before in CONTINUED and name not in NAMES:
            # Paper breaks a long hash or seed over two lines.
            said[before] += line
            continue
        before = name
        if name not in TRAILER:
            listed.append(line)
        elif name == "drawn":
            drawn.append(_drawn(line, value))
        else:
            said[name] = value
    if not listed:
        raise Invalid("nothing_pasted", _("Paste the text of the sheet, or choose its file."), field="text")
    return Record(
        text="".join(f"{line}\n" for line in listed),
        sha256="".join((said.get("sha256") or sha256).split()).lower(),
        frozen_at=_moment(said.get("frozen")) or frozen_at,
        seed="".join((said.get("seed-value") or seed).split()).lower(),
        seeded_at=_moment(said.get("seeded")) or seeded_at,
        drawn=tuple(drawn),
    )


def _drawn(line: str, value: str) -> tuple[str, int | None]:
    code, _space, inspector = value.partition(" ")
    if inspector != "-" and whole_number(inspector) is None:
        raise unreadable(line)
    return code, whole_number(inspector)


def _as_words(moment: datetime) -> str:
    return localtime(moment).isoformat(timespec="seconds")


def _moment(words: str | None) -> datetime | None:
    if not words:
        return None
    try:
        found = parse_datetime(words)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(
            "moment_unreadable",
            _("A moment stands as 2026-03-02T10:00:00+08:00. This can't be read: %(words)s") % {"words": words[:40]},
            field="text",
        )
    return found


def replay(record: Record) -> Replay:
    """Draw again. Refuses a record that is no list, and one without a seed."""
    listed = read_list(record.text)
    if not record.seed:
        raise Invalid("seed_missing", _("Write the seed, as it stands on the sheet."), field="seed")
    if len(record.seed) > MOST_SEED or not (
        FACES.fullmatch(record.seed.replace("-", "")) or BEACON_VALUE.fullmatch(record.seed)
    ):
        raise Invalid(
            "seed_unfit", _("This is no seed: dice are digits from 1 to 6 with “-” between people."), field="seed"
        )
    sha256, result = sha256_of(record.text), draw_from(listed, record.seed)
    is_later = None if not (record.frozen_at and record.seeded_at) else record.seeded_at > record.frozen_at
    return Replay(
        listed=listed,
        sha256=sha256,
        is_same_list=sha256 == record.sha256 if record.sha256 else None,
        is_seed_later=is_later,
        is_seed_as_named=is_as_named(listed, record.seed),
        is_same_draw=pairs_of(result) == list(record.drawn) if record.drawn else None,
        result=result,
    )


def is_as_named(listed: FrozenList, seed: str) -> bool:
    """Whether the seed is of the kind that the list named: enough dice of several people, or a beacon's value."""
    if listed.seed_kind == SeedKind.BEACON:
        return BEACON_VALUE.fullmatch(seed) is not None
    return not dice_refusals([Rolled(str(number), faces) for number, faces in enumerate(seed.split("-"))])


def pairs_of(result: Result) -> list[tuple[str, int | None]]:
    return [(one.code, one.inspector) for one in result.drawn]


def findings_of(found: Replay) -> Iterable[tuple[bool | None, str]]:
    """What the replay says, each with whether it speaks for the draw; None where it can't be told."""
    same, later, drawn = found.is_same_list, found.is_seed_later, found.is_same_draw
    yield (
        same,
        str(
            _("No hash was given, so it can't be told whether this is the list that was frozen.")
            if same is None
            else _("The hash is that of this list: nothing was changed since it was published.")
            if same
            else _("The hash is not that of this list: the list was changed after its hash was published.")
        ),
    )
    yield (
        later,
        str(
            _("It is not said when the hash was published and when the seed was typed in; compare the two times.")
            if later is None
            else _("The seed is younger than the hash.")
            if later
            else _("The seed is not younger than the hash: whoever made the list could know it.")
        ),
    )
    if not found.is_seed_as_named:
        yield False, str(_("The seed is not what the list says: dice of several people, or the beacon that was named."))
    yield (
        drawn,
        str(
            _("The villages that were drawn are not given; compare them with these.")
            if drawn is None
            else _("The same villages and inspectors are drawn.")
            if drawn
            else _("Other villages or inspectors are drawn than the record says.")
        ),
    )
