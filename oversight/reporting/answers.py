"""What a report answers: words by section, figures by name. The same shape in a draft, a form, a file and a version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal
from casework.tables.cells import as_plain
from casework.talk.attachments import AttachedFile, files_of
from casework.values.plain_text import clean_text
from oversight.reporting.report_records import Answer, FigureName, ReportVersion, SectionKind

LONGEST_SECTION, LONGEST_REASON, LARGEST_FIGURE = 5000, 200, 9_999_999
# How a form and a file write an answer that is no number.
NOT_APPLICABLE, BLANK = Answer.NOT_APPLICABLE.value, Answer.BLANK.value


@dataclass(frozen=True)
class Said:
    """What was typed into one place: the words or the number, whether it does not apply or stays blank, and why."""

    words: str = ""
    without: str = ""
    reason: str = ""

    def as_row(self) -> list[str]:
        return [self.words, self.without, self.reason]


@dataclass(frozen=True)
class Answers:
    """Everything that was typed, as it was typed: nothing is judged before it is handed in."""

    sections: Mapping[str, Said] = field(default_factory=dict)
    figures: Mapping[str, Said] = field(default_factory=dict)
    files: tuple[AttachedFile, ...] = ()

    def section(self, kind: str) -> Said:
        return self.sections.get(kind, Said())

    def figure(self, name: str) -> Said:
        return self.figures.get(name, Said())

    @property
    def words(self) -> str:
        return "\n".join(said.words for kind in SectionKind if (said := self.section(kind)).words)

    def as_content(self) -> dict[str, Any]:
        return {
            "sections": {kind: said.as_row() for kind, said in self.sections.items()},
            "figures": {name: said.as_row() for name, said in self.figures.items()},
            "files": [file.as_row() for file in self.files],
        }


def answers_of(content: Mapping[str, Any]) -> Answers:
    """The answers of a draft. What this version no longer asks for is left out."""
    return Answers(
        sections={kind: Said(*row) for kind, row in content.get("sections", {}).items() if kind in SectionKind.values},
        figures={name: Said(*row) for name, row in content.get("figures", {}).items() if name in FigureName.values},
        files=tuple(files_of(content.get("files", ()))),
    )


def answers_of_version(version: ReportVersion) -> Answers:
    """What a version said, to go on from there."""
    return Answers(
        sections={
            one.kind: Said(one.words, BLANK if one.blank_reason else "", one.blank_reason)
            for one in version.sections.all()
        },
        figures={
            one.name: Said(
                "" if one.value is None else str(one.value),
                one.answer if one.answer in (NOT_APPLICABLE, BLANK) else "",
                one.reason,
            )
            for one in version.figures.all()
        },
        files=tuple(files_of(version.files)),
    )


def cleaned(answers: Answers) -> Answers:
    """Without what no document can hold and the space around it."""
    return Answers(
        {kind: _cleaned(said) for kind, said in answers.sections.items()},
        {name: _cleaned(said) for name, said in answers.figures.items()},
        answers.files,
    )


def _cleaned(said: Said) -> Said:
    return Said(clean_text(said.words).strip(), said.without, " ".join(clean_text(said.reason).split()))


def refusals_of(answers: Answers) -> list[Refusal]:
    """Why these answers can't be handed in, each with its field: `work`, `work_reason`, `meetings` …"""
    found: list[Refusal] = []
    for kind in SectionKind:
        found += _of_a_section(kind, answers.section(kind))
    for name in FigureName:
        found += _of_a_figure(name, answers.figure(name))
    return found


def _of_a_section(kind: str, said: Said) -> list[Refusal]:
    if len(said.words) > LONGEST_SECTION:
        return [_too_long(said.words, LONGEST_SECTION, kind)]
    if said.words:
        return []
    if not said.reason:
        sentence = _("Write something here, or say why this part stays blank.")
        return [Invalid("blank_without_reason", sentence, field=kind)]
    return _of_a_reason(said, kind)


def _of_a_figure(name: str, said: Said) -> list[Refusal]:
    if said.words and said.without:
        return [Invalid("two_answers", _("Either a number, or the answer beside it: not both."), field=name)]
    if said.without == BLANK and not said.reason:
        return [Invalid("blank_without_reason", _("Say why this figure stays blank."), field=f"{name}_reason")]
    if said.without in (NOT_APPLICABLE, BLANK):
        return _of_a_reason(said, name)
    if not said.words:
        sentence = _("Write the number, 0 if there was none, or choose that it does not apply or stays blank.")
        return [Invalid("figure_missing", sentence, field=name)]
    if number_of(said.words) is None:
        most = {"most": f"{LARGEST_FIGURE:,}"}
        return [Invalid("not_a_number", _("Write a whole number in digits, up to %(most)s.") % most, field=name)]
    return []


def _of_a_reason(said: Said, field_name: str) -> list[Refusal]:
    if len(said.reason) > LONGEST_REASON:
        return [_too_long(said.reason, LONGEST_REASON, f"{field_name}_reason")]
    return []


def _too_long(words: str, most: int, field_name: str) -> Refusal:
    sentence = _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
    return Invalid("too_long", sentence % {"most": most, "count": len(words)}, field=field_name)


def number_of(words: str) -> int | None:
    """The whole number that somebody typed: full-width digits, thousands apart and a unit of counting are understood."""
    plain = as_plain(words).replace(",", "").replace("，", "").rstrip("次个人份篇条件家村场期").removesuffix(".0")
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 12:
        return None
    number = int(plain)
    return number if number <= LARGEST_FIGURE else None


def answer_of(said: Said) -> tuple[Answer, int | None]:
    """Which of the four answers this is, with its number; of answers that `refusals_of` let pass."""
    if said.without == NOT_APPLICABLE:
        return Answer.NOT_APPLICABLE, None
    if said.without == BLANK:
        return Answer.BLANK, None
    number = number_of(said.words)
    return (Answer.NUMBER if number else Answer.ZERO), number
