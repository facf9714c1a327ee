"""The committee reports, measure by measure, what was done, with photos and the signed sheet."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.lifecycle.evidence import add_evidence
from casework.lifecycle.rectification import Done, submit_rectification
from casework.lifecycle.taking_back import MAY_GO, name_signers, take_back_evidence
from casework.models import Evidence, Measure, Term
from casework.models.evidence import EvidenceKind
from casework.models.unit import on_day
from casework.proofs.turning import quarters_of, turn_photo
from casework.queries import last_return, measures_to_report
from casework.rights.table import Action
from casework.stages import COMMITTEE, Stage
from flows import steps
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import PROOFS, DayField, FilesField, NamesField, field_of, quarters_said
from web.requests import Request
from web.templatetags.words import colon


class RectificationForm(CaseForm):
    """Files are taken one by one before the words: what arrived stays, whatever else is still missing."""

    verb = staticmethod(submit_rectification)
    action = Action.RECTIFICATION
    stages = (Stage.RECTIFICATION,)
    template = "cases/rectification.html"
    keeps_files = True
    heading = _("Report the rectification")
    lead = _("For each measure: what was done, when, and the proof. Photos are kept as soon as they arrive.")
    button = _("Submit the rectification")
    done = _("The rectification is submitted. The town reviews it next.")

    signed_sheet = FilesField(
        label=_("Signed sheet"),
        accept=PROOFS,
        help_text=_("The sheet that the supervisors signed by name. A stamp alone does not close a case."),
    )
    signers = forms.MultipleChoiceField(label=_("Who signed it?"), required=False, widget=forms.CheckboxSelectMultiple)
    signed_by = NamesField(
        label=_("Other names"), help_text=_("The names of the supervisors, apart by a comma."), required=False
    )
    report = forms.CharField(
        label=_("Anything else the reviewer should know"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    # Whether the town enters it for the village (web/pages/from_paper.py).
    from_paper: ClassVar[bool] = False

    def arrange(self) -> None:
        self.to_report: list[Measure] = measures_to_report(self.case)
        self.returned = last_return(self.case)
        self.reasons = (
            {verdict.measure_id: verdict.reason for verdict in self.returned.verdicts.all() if not verdict.passed}
            if self.returned
            else {}
        )
        for measure in self.to_report:
            place = f"reports-{measure.pk}-"
            self.fields[place + "words"] = forms.CharField(
                label=_("What was done"), required=False, widget=forms.Textarea(attrs={"rows": 3})
            )
            self.fields[place + "done_on"] = DayField(label=_("Done on"), required=False)
            self.fields[place + "evidence"] = FilesField(label=_("Photos or documents that prove it"), accept=PROOFS)
            self.initial[place + "done_on"] = self.on
            self.needed |= {place + name for name in ("words", "done_on", "evidence")}
        members = supervisors_of(self.case.village_id, self.on)
        field_of(self, "signers", forms.MultipleChoiceField).choices = [(name, name) for name in members]
        if not members:
            del self.fields["signers"]
            self.fields["signed_by"].label = _("Who signed it?")
        self.needed.add("signed_sheet")

    def measures(self) -> list[dict[str, Any]]:
        """Each measure with its bound fields, the proof that has arrived, and why it was returned."""
        proofs = self._proofs()
        return [
            {
                "measure": measure,
                "words": self[f"reports-{measure.pk}-words"],
                "done_on": self[f"reports-{measure.pk}-done_on"],
                "evidence": self[f"reports-{measure.pk}-evidence"],
                "proofs": [one for one in proofs if one.measure_id == measure.pk],
                "reason": self.reasons.get(measure.pk, ""),
            }
            for measure in self.to_report
        ]

    def signed_sheets(self) -> list[Evidence]:
        return [one for one in self._proofs() if one.kind == EvidenceKind.SIGNED_SHEET]

    def names_are_missing(self) -> bool:
        sheets = self.signed_sheets()
        return bool(sheets) and not any(one.signed_by for one in sheets)

    def _proofs(self) -> list[Evidence]:
        """What was added in this round; `is_mine` is what this reader may still take back, `shown` in which of
        its turns a photo is shown: a browser keeps a picture by its address.
        """
        standing = Evidence.objects.filter(case=self.case, round=self.case.round)
        found = list(standing.select_related("turn").order_by("number"))
        for one in found:
            one.is_mine = one.uploaded_by_id == self.reader.pk and one.kind in MAY_GO
            one.shown = f"?turned={quarters_of(one)}" if one.is_image else ""
        return found

    def before_taking(self, request: Request) -> bool:
        """Keep the files, take one back or turn one. Goes on to the verb only when every file was taken and more than this was
        asked for.
        """
        # One moment for the files, the names and the step itself, so that the history keeps their order.
        self.at = request.at
        if "take_back" in request.POST:
            self._take_back(request)
            return False
        if "turn" in request.POST:
            self._turn(request)
            return False
        is_keeping = "keep" in request.POST
        taken = self._keep_all()
        if taken:
            words = ngettext("%(count)d file is kept.", "%(count)d files are kept.", taken) % {"count": taken}
            goes_on = gettext("Submit when everything is there.")
            messages.success(request, f"{words} {goes_on}" if is_keeping else words)
        if is_keeping and self.errors:
            self.errors_lead = _("Some files could not be kept. The marked places say why; everything else is kept.")
        return not is_keeping and not self.errors

    def _keep_all(self) -> int:
        """Take the files one by one; a sheet without names is kept and gets them as soon as they are there."""
        taken = 0
        for measure in self.to_report:
            place = f"reports-{measure.pk}-evidence"
            for upload in self.cleaned_data.get(place, []):
                taken += self._keep(place, upload, kind=EvidenceKind.AFTER, measure=measure)
        names = [*dict.fromkeys([*self.cleaned_data.get("signers", []), *self.cleaned_data.get("signed_by", [])])]
        for upload in self.cleaned_data.get("signed_sheet", []):
            taken += self._keep(
                "signed_sheet", upload, kind=EvidenceKind.SIGNED_SHEET, signed_by=names, names_follow=not names
            )
        for sheet in [one for one in self.signed_sheets() if names and not one.signed_by]:
            self._try("signed_by", name_signers, evidence=sheet, signed_by=names)
        return taken

    def _keep(self, place: str, upload: UploadedFile, **what: Any) -> bool:
        return self._try(
            place, add_evidence, said_of=colon(upload.name), upload=upload, quarters=quarters_said(upload), **what
        )

    def _take_back(self, request: Request) -> None:
        pk = request.POST["take_back"]
        evidence = next((one for one in self._proofs() if str(one.pk) == pk), None)
        if evidence is not None and self._try(None, take_back_evidence, evidence=evidence):
            messages.success(request, gettext("%(name)s is taken back.") % {"name": evidence.name})

    def _turn(self, request: Request) -> None:
        """Show a photo that has arrived by a quarter further to the right."""
        pk = request.POST["turn"]
        evidence = next((one for one in self._proofs() if str(one.pk) == pk), None)
        if evidence is None:
            return
        quarters = (quarters_of(evidence) + 1) % 4
        try:
            turn_photo(evidence=evidence, quarters=quarters, by=self.reader, on=self.on, at=self.at)
        except Refusal as refusal:
            self.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("%(name)s is shown turned.") % {"name": evidence.name})

    def _try(self, place: str | None, verb: steps.Verb, *, said_of: str = "", **words: Any) -> bool:
        try:
            steps.take(verb, case=self.case, from_paper=self.from_paper, by=self.reader, at=self.at, **words)
        except Refusal as refusal:
            self.add_error(place, f"{said_of}{refusal}")
            return False
        return True

    def words(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "reports": {
                measure.pk: Done(said[f"reports-{measure.pk}-words"], said[f"reports-{measure.pk}-done_on"])
                for measure in self.to_report
            },
            "words": said["report"],
            "from_paper": self.from_paper,
        }


def supervisors_of(village: int, on: date) -> list[str]:
    """The names of this village's supervisory committee today: those who may sign."""
    terms = Term.objects.filter(on_day(on), post__unit=village, post__role__in=COMMITTEE)
    return [*dict.fromkeys(str(term.person) for term in terms.select_related("person").order_by("post_id", "id"))]


urlpatterns = [path("cases/<str:number>/rectification", case_step(RectificationForm), name="rectification")]
