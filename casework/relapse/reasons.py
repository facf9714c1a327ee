"""Why a case looks like an earlier one come back: what carried the score, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.relapse.model import Model, current_model

REASONS: dict[str, Any] = {
    "claimed": _("whoever reported it named the earlier case"),
    "named": _("the office that decided named the earlier case"),
    "same_item": _("the same catalogue item"),
    "said_item": _("another category, but the words speak of the same problem"),
    "same_aspect": _("a neighbouring item of the same aspect"),
    "same_duty": _("a duty that comes again"),
    "other_duty": _("this time it is no turn of the duty"),
    "same_object": _("the same object in the village's register"),
    "other_object": _("another object in the village's register"),
    "same_asset": _("the same kind of object"),
    "same_thing": _("about the same thing"),
    "same_paper": _("the same kind of paper or post"),
    "shared_thing": _("the object of one is named in the other"),
    "same_also": _("another thing is named in both"),
    "other_thing": _("another kind of object"),
    "other_kind": _("another kind of the same thing"),
    "other_paper": _("another kind of paper or post"),
    "same_side": _("on the same side"),
    "other_side": _("on another side"),
    "same_group": _("the same group or number"),
    "other_group": _("another group or number"),
    "same_place": _("at the same place"),
    "other_place": _("at another place"),
    "same_person": _("the same person"),
    "other_person": _("another person"),
    "same_size": _("of the same size"),
    "other_size": _("of another size"),
    "same_mark": _("of the same name"),
    "other_mark": _("of another name"),
    "elsewhere": _("each at a place that the other does not name"),
    "other_year": _("of another year"),
    "later_period": _("a later period of the same duty"),
    "earlier_period": _("an earlier period than the one struck off"),
    "said_older": _("the words say that it is older than the strike-off"),
    "same_photo": _("a photo of the earlier case was handed in for it"),
    "near": _("closer than 60 metres"),
    "far": _("farther than 400 metres"),
    "swapped": _("the same sentence about other things"),
    "same_words": _("nearly the same words, and none of them names another object"),
    "like_words": _("similar words"),
    "like_problem": _("the words speak of a like problem"),
    "other_problem": _("the words speak of another problem"),
}


# What is said instead where one of the two cases was not classified by anybody: its category was read from its words.
GUESSED: dict[str, Any] = {
    "same_item": _("the same category, guessed from the words"),
    "said_item": _("the words speak of the same problem"),
    "same_aspect": _("a neighbouring category, guessed from the words"),
    "same_duty": _("by its guessed category a duty that comes again"),
    "other_duty": _("by its guessed category no turn of the duty"),
}

# How likely a candidate is, in words, from which score on. Of findings in words that had not been seen, of the very likely
# six in seven were relapses, of the possible seven in ten, of the uncertain six in ten (docs/relapse.md).
LIKELIHOODS: tuple[tuple[float, Any], ...] = ((0.9, _("very likely")), (0.7, _("possible")), (0.0, _("uncertain")))

# Several features that say one thing are told as one reason, if together they weigh so much more than in most pairs.
WORDS = (
    "likeness",
    "nearly_same",
    "same_but_amounts",
    "same_characters",
    "same_pairs",
    "shared_characters",
    "shared_pairs",
    "length",
    "ahead_in_words",
    "meaning",
    "meaning_near",
    "ahead_in_meaning",
)
ITEMS = (
    "same_item",
    "said_item",
    "same_aspect",
    "no_category",
    "item_likely",
    "item_told",
    "item_called",
    "item_crossed",
    "aspect_likely",
    "item_doubt",
    "ahead_in_item",
    "ahead_in_called",
)
TELLING_TOGETHER = 0.5
# What a feature must weigh by itself to be told.
TELLING = 0.1
# Nearly the same words: three quarters of them and more.
NEARLY = 0.05


def likelihood_of(score: float) -> Any:
    """A word for the reader instead of a number that is 97 % of everything."""
    return next(words for least, words in LIKELIHOODS if score >= least)


def for_and_against(features: Mapping[str, float], *, is_guessed: bool = False) -> tuple[list[str], list[str]]:
    """The reasons that speak for a relapse, and those against it, what weighs most first. `is_guessed`: nobody has
    classified one of the two cases, so that what is said of categories is a guess and called so.
    """
    words_of = {**REASONS, **GUESSED} if is_guessed else REASONS
    carried = sorted(_carried(features).items(), key=lambda one: -abs(one[1]))
    return (
        [str(words_of[name]) for name, weight in carried if weight > 0],
        [str(words_of[name]) for name, weight in carried if weight < 0],
    )


def reasons_in_words(features: Mapping[str, float], *, is_guessed: bool = False) -> list[str]:
    """What carried the score, in the reader's language: what speaks for a relapse, and then what speaks against it."""
    speaking, objections = for_and_against(features, is_guessed=is_guessed)
    return [*speaking, *objections]


def _carried(features: Mapping[str, float]) -> dict[str, float]:
    """Each reason that holds, and what it adds to the score or takes from it."""
    model = current_model()
    weights = {**model.weights, "claimed": 1.0, "named": 1.0}
    single = {
        name: weights.get(name, 0.0) * value
        for name, value in features.items()
        if name in REASONS and name not in (*WORDS, *ITEMS)
    }
    carried = {name: weight for name, weight in single.items() if abs(weight) >= TELLING}
    words = _together(WORDS, features, model)
    if features.get("same_but_amounts", 0.0) >= NEARLY:
        carried["same_words"] = max(words, TELLING)
    elif words >= TELLING_TOGETHER:
        carried["like_words"] = words
    items = _together(ITEMS, features, model)
    named = next((name for name in ("same_item", "said_item", "same_aspect") if features.get(name)), "like_problem")
    if items >= TELLING_TOGETHER or named == "same_item":
        carried[named] = max(items, TELLING)
    elif items <= -TELLING_TOGETHER:
        carried["other_problem"] = items
    return carried


def _together(names: tuple[str, ...], features: Mapping[str, float], model: Model) -> float:
    """What these add to the score, beside what they add for a pair as most are."""
    return sum(model.weights.get(name, 0.0) * (features.get(name, 0.0) - model.middle.get(name, 0.0)) for name in names)
