"""How often the item is right that is read from words which were not learned, by how sure it is.

Asked of the writers whose categories are in their own words, and there of the findings whose category names no item: as
the importer asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.relapses.sets import Set, names_an_item
from oversight.rates import rate
from recognition.learned import CODES, SURE, Words
from recognition.mentions import plain

OWN_WORDS = ("P", "Q", "R", "X", "Y", "Z")
BOUNDS = (0.5, 0.6, 0.7, 0.8, SURE)
# Below these the check fails: so much of what is sure must be right, and so many must be sure.
LEAST_RIGHT, LEAST_SURE = 0.90, 180


@dataclass(frozen=True)
class Read:
    """Of a finding the likeliest item's share, and whether a person filed it under that."""

    share: float
    is_right: bool


@dataclass(frozen=True)
class Sure:
    """Of the findings asked those of which the item is sure, and how many of these are right."""

    asked: int
    sure: int
    right: int

    def __str__(self) -> str:
        share = rate(self.right, self.sure)
        said = "" if share.share is None else f", {share.share:.2f} ({share.low:.2f} to {share.high:.2f}) of them right"
        return f"{self.sure} of {self.asked} sure{said}"

    @property
    def is_enough(self) -> bool:
        return self.sure >= LEAST_SURE and self.right >= LEAST_RIGHT * self.sure


def items_read(findings: Set, words: Words) -> list[Read]:
    asked = [row for row in findings if row.item and not names_an_item(row.category)]
    if not asked:
        return []
    shares = words.steady_shares([plain(row.description) for row in asked], [plain(row.category) for row in asked])
    return [
        Read(float(likely.max()), CODES[likely.argmax()] == row.item) for row, likely in zip(asked, shares, strict=True)
    ]


def sure_of(read: Sequence[Read]) -> Sure:
    sure = [one for one in read if one.share >= SURE]
    return Sure(len(read), len(sure), sum(one.is_right for one in sure))


def tell_items(read: Mapping[str, Sequence[Read]]) -> None:
    for name, each in read.items():
        print(f"{name}, items by what the others teach: {sure_of(each)}")


def tell_items_by_share(read: Sequence[Read]) -> None:
    for low, high in zip(BOUNDS, (*BOUNDS[1:], None), strict=True):
        within = [one for one in read if low <= one.share and (high is None or one.share < high)]
        print(
            f"  item by {low:.1f} and more, below the next: {len(within)}, {sum(one.is_right for one in within)} right"
        )
