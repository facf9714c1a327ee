"""Figures inside a text: kept as `{{findings}}`, shown in a form as `{{findings=22}}`, printed as 22, and never typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from oversight.bulletins.figures import DEFINITIONS, name_of
from oversight.bulletins.records import Figure

TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
# A bracket that belongs to no token: something was typed over.
HALF = re.compile(r".{0,8}(?:\{\{|\}\}).{0,8}")


@dataclass(frozen=True)
class Piece:
    """A run of a text: words, or a figure."""

    words: str
    figure: Figure | None = None


def token(key: str) -> str:
    return f"{{{{{key}}}}}"


def keys_in(text: str) -> list[str]:
    return TOKEN.findall(text)


def pieces(text: str, figures: Mapping[str, Figure]) -> list[Piece]:
    """A line in its runs, for a page that shows the figures as what they are."""
    found: list[Piece] = []
    for number, run in enumerate(TOKEN.split(text)):
        if number % 2:
            figure = figures.get(run)
            found.append(Piece(figure.words if figure else "—", figure))
        elif run:
            found.append(Piece(run))
    return found


def printed(text: str, figures: Mapping[str, Figure]) -> str:
    """The text as it is read, with what was counted."""
    return "".join(piece.words for piece in pieces(text, figures))


def for_form(text: str, figures: Mapping[str, Figure]) -> str:
    """The text to be edited: each figure with what it says, so that whoever edits reads whole sentences."""
    return TOKEN.sub(
        lambda match: token(f"{match[1]}={figures[match[1]].words}" if match[1] in figures else match[1]), text
    )


def from_form(text: str, figures: Mapping[str, Figure], *, field: str = "text") -> str:
    """The edited text with its bare tokens. Refuses a figure that is none of the bulletin's, one that was typed over,
    and half a one; which ones stand in the text, and how often, is the editor's choice.
    """
    found: list[Refusal] = []

    def bare(match: re.Match[str]) -> str:
        key, _equals, words = (part.strip() for part in match[1].partition("="))
        figure = figures.get(key)
        if figure is None:
            found.append(_unknown(key, field))
        elif words and words != figure.words:
            found.append(_typed_over(figure, words, field))
        return token(key)

    plain = TOKEN.sub(bare, text)
    half = HALF.search(TOKEN.sub("", plain))
    if half is not None:
        found.append(
            Invalid(
                "figure_broken",
                _("A figure lost one of its brackets near “%(near)s”. Take it from the list again, or leave it out.")
                % {"near": half[0]},
                field=field,
            )
        )
    refuse(found)
    return plain


def _unknown(key: str, field: str) -> Invalid:
    return Invalid(
        "figure_unknown",
        _("There is no figure “%(key)s” in this bulletin. Choose one from the list of figures.") % {"key": key},
        field=field,
    )


def _typed_over(figure: Figure, words: str, field: str) -> Invalid:
    definition = DEFINITIONS.get(name_of(figure.key))
    return Invalid(
        "figure_typed_over",
        _(
            "“%(label)s” is %(counted)s and was typed over with %(typed)s. Figures are counted and never typed: put"
            " %(counted)s back, or take the figure out and write the sentence without it."
        )
        % {"label": definition.label if definition else figure.key, "counted": figure.words, "typed": words},
        field=field,
    )
