"""Why a case looks like an earlier one come back: each reason by name, how much it weighs, and its words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

# How much each reason weighs, on the scale of a logistic regression; positive speaks for a relapse. Set by the reasons
# of practice.md (section Relapse) and fitted to invented findings that several people labelled; a refit replaces them.
DEFAULTS: dict[str, float] = {
    "bias": -6.9,
    "same_item": 5.5,
    "said_item": 5.3,
    "same_aspect": 4.3,
    "same_duty": 2.3,
    "other_duty": -4.7,
    "same_object": 3.0,
    "other_object": -2.5,
    "same_asset": 3.1,
    "same_thing": 2.2,
    "same_paper": 2.2,
    "shared_thing": 1.8,
    "same_also": 0.3,
    "other_thing": -1.8,
    "other_kind": -2.3,
    "other_paper": -0.6,
    "same_side": 2.5,
    "other_side": -4.3,
    "same_group": 1.6,
    "other_group": -4.8,
    "same_place": 1.6,
    "other_place": -0.8,
    "same_person": 2.7,
    "other_person": -5.6,
    "same_size": 0.4,
    "other_size": -0.9,
    "same_mark": 0.4,
    "other_mark": -1.2,
    "elsewhere": -2.5,
    "other_year": -0.3,
    "later_period": 2.7,
    "earlier_period": -1.9,
    "said_older": -5.9,
    "same_photo": 2.5,
    "near": 1.5,
    "far": -2.5,
    "likeness": 1.7,
    "swapped": -6.0,
    "shared_words": 1.8,
}

REASONS: dict[str, Any] = {
    "claimed": _("whoever reported it named the earlier case"),
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
    "likeness": _("similar words"),
    "shared_words": _("the same rare words in both"),
    "swapped": _("the same sentence about other things"),
}


# What is said instead where one of the two cases was not classified by anybody: its category was read from its words.
GUESSED: dict[str, Any] = {
    "same_item": _("the same category, guessed from the words"),
    "said_item": _("the words speak of the same problem"),
    "same_aspect": _("a neighbouring category, guessed from the words"),
    "same_duty": _("by its guessed category a duty that comes again"),
    "other_duty": _("by its guessed category no turn of the duty"),
}

# How likely a candidate is, in words, from which score on. Set on what four others labelled (tests/casework): there of
# the very likely nine in ten were relapses, of the possible three in four, of the uncertain every second one.
LIKELIHOODS: tuple[tuple[float, Any], ...] = ((0.93, _("very likely")), (0.8, _("possible")), (0.0, _("uncertain")))

# From which value on a reason that has degrees is worth telling.
TELLING = {"likeness": 0.5, "swapped": 0.5, "shared_words": 0.6}
AGAINST = ("other_", "elsewhere", "earlier_period", "said_older", "far", "swapped")


def likelihood_of(score: float) -> Any:
    """A word for the reader instead of a number that is 97 % of everything."""
    return next(words for least, words in LIKELIHOODS if score >= least)


def for_and_against(features: Mapping[str, float], *, is_guessed: bool = False) -> tuple[list[str], list[str]]:
    """The reasons that speak for a relapse, and those against it; see `reasons_in_words`."""
    against = {name for name in features if name.startswith(AGAINST)}
    speaking = {name: value for name, value in features.items() if name not in against}
    objections = {name: features[name] for name in against}
    return reasons_in_words(speaking, is_guessed=is_guessed), reasons_in_words(objections, is_guessed=is_guessed)


def reasons_in_words(features: Mapping[str, float], *, is_guessed: bool = False) -> list[str]:
    """The reasons that hold, in the reader's language, in the order of the list above. `is_guessed`: nobody has
    classified one of the two cases, so that what is said of categories is a guess and called so.
    """
    words_of = {**REASONS, **GUESSED} if is_guessed else REASONS
    return [str(words) for name, words in words_of.items() if features.get(name, 0) >= TELLING.get(name, 1)]
