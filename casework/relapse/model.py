"""The learned model: how much each feature of a pair weighs, as data with a version; see `config/relapses`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from recognition.alike import MARGINS, TEXT
from recognition.learned import OtherVersion

# Of the form of the file, and of the features by their names; a file of another one is refused.
VERSION = 3
FILE = Path(__file__).with_name("model.json")

# So many pairs of a case are compared word by word: by what was noted of both, and by what they mean.
SHORTLIST = 8
NEAREST = 12

# What the labelled sets have none of: what a register, a photo and a position say. Set by the reasons of practice.md, on the
# scale of the others: a copied photo makes a candidate of words that say nothing.
BY_HAND: dict[str, float] = {
    "same_object": 5.5,
    "other_object": -3.0,
    "same_photo": 6.0,
    "near": 2.0,
    "far": -3.0,
}
AGAINST = ("in_order_now", "other_", "elsewhere", "earlier_period", "said_older", "far", "swapped")


def sign_of(name: str) -> int:
    """Whether a feature may only speak for a relapse (1), only against it (-1), or is one voice among several (0)."""
    if name.startswith(AGAINST):
        return -1
    return 0 if name in TEXT or name in MARGINS else 1


@dataclass(frozen=True)
class Model:
    """`weights` on the scale of a logistic regression, "bias" among them; `shortlist` ranks the pairs of one item before
    their words are compared; `middle` is each feature of a pair as most are. `version` counts the models that were learned."""

    version: int
    weights: Mapping[str, float]
    shortlist: Mapping[str, float] = field(default_factory=dict)
    middle: Mapping[str, float] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        return {"form": VERSION, **self.__dict__}


def model_of(data: Mapping[str, Any]) -> Model:
    """Read what `as_data` gives. Refuses a file of another form."""
    if data.get("form") != VERSION:
        raise OtherVersion(
            f"The relapse model is of form {data.get('form')}, and form {VERSION} is read."
            " Learn it anew: python -m config.relapses learn"
        )
    return Model(version=data["version"], weights=data["weights"], shortlist=data["shortlist"], middle=data["middle"])


@cache
def current_model() -> Model:
    """The model in the repository."""
    return model_of(json.loads(FILE.read_text(encoding="utf-8")))
