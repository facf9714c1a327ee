"""The form of a member unit's report: whatever is typed is taken as it is, and judged only when it is handed in."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from oversight.models import ExpectedReport, FigureName, SectionKind
from oversight.reporting.answers import BLANK, NOT_APPLICABLE, Answers, Said
from web.pages.fields import MomentField
from web.pages.form_words import WordedForm
from web.pages.kept_files import FormWithFiles
from web.requests import Request

WITHOUT = [("", "–"), (NOT_APPLICABLE, _("does not apply")), (BLANK, _("stays blank"))]
ASKED = {
    SectionKind.WORK: _("What was done, where, when and with which result: names of villages, days, figures."),
    SectionKind.PROBLEMS: _("What was found and is not solved yet, and why."),
    SectionKind.NEXT_STEPS: _("What will be done in the next period, by whom and until when."),
    SectionKind.GOOD_PRACTICE: _("What others could do the same way."),
    SectionKind.PUBLICITY: _("What was published, where, and what it was about."),
}


class UnitReportForm(FormWithFiles):
    """Sections, figures and files. No field is required: a draft may be as unfinished as it is."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    looked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, expected: ExpectedReport, request: Request, answers: Answers, **given: Any) -> None:
        given["initial"] = {"key": uuid4(), **initial_of(answers), **given.get("initial", {})}
        super().__init__(*args, salt=f"unit report {expected.pk} {request.user.pk}", **given)
        for kind in SectionKind:
            self.fields[kind] = forms.CharField(
                label=kind.label, required=False, widget=forms.Textarea(attrs={"rows": 5}), help_text=ASKED[kind]
            )
            self.fields[f"{kind}_reason"] = forms.CharField(label=_("If it stays blank: why"), required=False)
        for name in FigureName:
            number = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            self.fields[name] = forms.CharField(label=name.label, required=False, widget=number)
            self.fields[f"{name}_without"] = forms.ChoiceField(label=_("or"), required=False, choices=WITHOUT)
            self.fields[f"{name}_reason"] = forms.CharField(label=_("Reason"), required=False)
        # A blank is said by its reason, and nobody calls the rest optional.
        self.needed = set(self.fields)
        if not self.is_bound:
            self.kept = list(answers.files)

    def answers(self) -> Answers:
        """What was typed, also where a field of it can't be taken."""
        return Answers(
            {kind: Said(self.typed(kind), "", self.typed(f"{kind}_reason")) for kind in SectionKind},
            {
                name: Said(self.typed(name), self.typed(f"{name}_without"), self.typed(f"{name}_reason"))
                for name in FigureName
            },
            tuple(self.kept),
        )

    def typed(self, name: str) -> str:
        return str(self.data.get(name, ""))

    def put(self, name: str, value: str) -> None:
        """Let a hidden field carry another value when the form is shown again."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data[name] = value
        self.data = data

    def section_fields(self) -> list[tuple[Any, Any]]:
        return [(self[kind], self[f"{kind}_reason"]) for kind in SectionKind]

    def figure_fields(self) -> list[tuple[Any, Any, Any]]:
        return [(self[name], self[f"{name}_without"], self[f"{name}_reason"]) for name in FigureName]


def initial_of(answers: Answers) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in SectionKind:
        said = answers.section(kind)
        found |= {kind: said.words, f"{kind}_reason": said.reason}
    for name in FigureName:
        said = answers.figure(name)
        found |= {name: said.words, f"{name}_without": said.without, f"{name}_reason": said.reason}
    return found


class ReturnForm(WordedForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reasons = forms.CharField(label=_("What is missing"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class ExceptionForm(WordedForm):
    until = MomentField(label=_("Open until"))
    reason = forms.CharField(label=_("Reason"), required=False)
