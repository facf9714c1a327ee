"""Refusals that know their own sentence: a code for programs, words for people, the field to look at."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Something that was asked for and is refused; nothing was changed.

    `code` is stable and English, `sentence` is translatable and says what to do, `field` names the form field it is
    about (empty when it is about the whole), `values` carries what a program or a page may want to show beside it.
    """

    status = 422

    def __init__(self, code: str, sentence: Any, *, field: str = "", values: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.values = dict(values or {})

    def __str__(self) -> str:
        return str(self.sentence)

    def each(self) -> list["Refusal"]:
        """One by one, each with its own field."""
        return [self]

    def __reduce__(self) -> tuple[Any, ...]:
        """Whole from one process to another: an exception is pickled by its arguments, and these are named."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[Refusal], arguments: tuple[Any, ...], said: dict[str, Any]) -> Refusal:
    refusal = kind.__new__(kind, *arguments)
    refusal.__dict__.update(said)
    return refusal


class Invalid(Refusal):
    """What was entered can't be taken as it is."""


class NotAllowed(Refusal):
    """This person may not do this; the sentence says who can."""

    status = 403


class Conflict(Refusal):
    """It was allowed, but somebody was faster: the case has moved on since the form was filled in."""

    status = 409


class Busy(Refusal):
    """The case is being changed at this very moment; the same request may be sent again."""

    status = 503


class Unavailable(Refusal):
    """Nobody can do it now: the disk is full, the database is away. Nothing was changed."""

    status = 503


class SeveralRefusals(Refusal):
    """Several fields at once, so that a form can be mended in one go."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("several", refusals[0].sentence, field=refusals[0].field)
        self.refusals = refusals

    def each(self) -> list[Refusal]:
        return self.refusals


def refuse(refusals: list[Refusal]) -> None:
    """Raise what was found, several at once; where nothing was found, go on."""
    if refusals:
        raise refusals[0] if len(refusals) == 1 else SeveralRefusals(refusals)
