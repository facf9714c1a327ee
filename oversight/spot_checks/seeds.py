"""Where a seed comes from, and how it is written: a string in every place, never a number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal

# Twenty dice are 51 bits: more than anybody tries out in a room, and done in two minutes.
LEAST_DICE, LEAST_PEOPLE, LEAST_EACH, MOST_PEOPLE, MOST_EACH = 20, 2, 5, 10, 100
FACES = re.compile("[1-6]*")
BEACON_VALUE = re.compile("[0-9a-z]{10,256}")
MOST_NAME = 60


@dataclass(frozen=True)
class Rolled:
    """What one person rolled in the room, in the order of the throws."""

    name: str
    faces: str

    def as_row(self) -> dict[str, str]:
        return {"name": self.name, "faces": self.faces}


def tidy_dice(dice: Sequence[Rolled]) -> list[Rolled]:
    """Without blanks and without empty lines."""
    tidy = [Rolled(" ".join(one.name.split()), "".join(one.faces.split())) for one in dice]
    return [one for one in tidy if one.name or one.faces]


def dice_refusals(dice: Sequence[Rolled]) -> list[Refusal]:
    """What is wrong with the tidied dice: faces that no die has, too few people or throws, a person without a name."""
    found: list[Refusal] = []

    def add(code: str, sentence: Any, values: dict[str, Any]) -> None:
        found.append(Invalid(code, sentence % values, field="dice"))

    if len(dice) > MOST_PEOPLE:
        add("too_many_people", _("At most %(most)d people roll."), {"most": MOST_PEOPLE})
    for one in dice:
        if not one.name:
            add("roller_unnamed", _("Write who rolled %(faces)s."), {"faces": one.faces[:20]})
        elif len(one.name) > MOST_NAME:
            add("name_too_long", _("A name has at most %(most)d characters."), {"most": MOST_NAME})
        elif not FACES.fullmatch(one.faces):
            sentence = _("A die shows 1 to 6: look at the digits of %(name)s.")
            add("no_die_shows_this", sentence, {"name": one.name})
        elif not LEAST_EACH <= len(one.faces) <= MOST_EACH:
            sentence = _(
                "%(name)s rolled %(count)d times. Each person rolls at least %(least)d and at most %(most)d times."
            )
            values = {"name": one.name, "count": len(one.faces), "least": LEAST_EACH, "most": MOST_EACH}
            add("too_few_dice_of_one", sentence, values)
    if len({one.name for one in dice}) < max(len(dice), LEAST_PEOPLE):
        add("too_few_people", _("At least %(least)d different people roll, each by name."), {"least": LEAST_PEOPLE})
    if (count := sum(len(one.faces) for one in dice)) < LEAST_DICE:
        sentence = _("These are %(count)d throws, and at least %(least)d are needed together. Go on rolling.")
        add("too_few_dice", sentence, {"count": count, "least": LEAST_DICE})
    return found


def seed_of_dice(dice: Sequence[Rolled]) -> str:
    """The throws of each person in the order of the list, with "-" between people."""
    return "-".join(one.faces for one in dice)


def seed_of_beacon(value: str) -> str:
    """What the beacon said, in small letters and without blanks. Refuses what is too short to be unforeseen."""
    seed = "".join(value.split()).lower()
    if not BEACON_VALUE.fullmatch(seed):
        raise Invalid(
            "beacon_value_unfit",
            _("Write what the beacon published: 10 to 256 digits and Latin letters, without other signs."),
            field="value",
        )
    return seed
