"""The committee reports, measure by measure, what was done, with photos and the signed sheet."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.lifecycle.evidence import add_evidence
from casework.lifecycle.rectification import Done, submit_rectification
from casework.models import Evidence, Measure
from casework.models.evidence import EvidenceKind
from casework.queries import last_return, measures_to_report
from casework.rights import Action
from casework.stages import Stage
from flows import steps
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import PROOFS, DayField, FilesField, NamesField


class RectificationForm(CaseForm):
    """Files are taken one by one before the words: what arrived stays, whatever else is still missing."""

    verb = staticmethod(submit_rectification)
    action = Action.RECTIFICATION
    stages = (Stage.RECTIFICATION,)
    template = "cases/rectification.html"
    heading = _("Report the rectification")
    lead = _("For each measure: what was done, when, and the proof. Photos are kept as soon as they arrive.")
    button = _("Submit the rectification")
    done = _("The rectification is submitted. The town reviews it next.")

    signed_sheet = FilesField(
        label=_("Signed sheet"),
        accept=PROOFS,
        help_text=_("The sheet that the supervisors signed by name. A stamp alone does not close a case."),
    )
    signed_by = NamesField(
        label=_("Who signed it?"), help_text=_("The names of the supervisors, apart by a comma."), required=False
    )
    report = forms.CharField(
        label=_("Anything else the reviewer should know"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

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
            for name in ("words", "done_on", "evidence"):
                self.fields[place + name].needed = True
        self.fields["signed_sheet"].needed = self.fields["signed_by"].needed = True

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

    def _proofs(self) -> list[Evidence]:
        return list(Evidence.objects.filter(case=self.case, round=self.case.round).order_by("number"))

    def before_taking(self, request: HttpRequest) -> bool:
        """Keep the files. Goes on to the verb only when every file was taken and more than keeping was asked for."""
        taken = 0
        for measure in self.to_report:
            place = f"reports-{measure.pk}-evidence"
            for upload in self.cleaned_data[place]:
                taken += self._keep(request, place, upload, kind=EvidenceKind.AFTER, measure=measure)
        names = self.cleaned_data["signed_by"]  # a refusal of the first sheet takes them out of there
        for upload in self.cleaned_data["signed_sheet"]:
            taken += self._keep(request, "signed_sheet", upload, kind=EvidenceKind.SIGNED_SHEET, signed_by=names)
        if "keep" in request.POST and not self.errors:
            messages.success(
                request, gettext("%(count)d files are kept. Submit when everything is there.") % {"count": taken}
            )
        return "keep" not in request.POST and not self.errors

    def _keep(self, request: HttpRequest, place: str, upload: UploadedFile, **what: Any) -> int:
        try:
            steps.take(add_evidence, case=self.case, upload=upload, by=self.reader, at=timezone.now(), **what)
        except Refusal as refusal:
            field = refusal.field if refusal.field == "signed_by" else place
            self.add_error(field, f"{upload.name}: {refusal}" if field == place else str(refusal))
            return 0
        return 1

    def words(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "reports": {
                measure.pk: Done(said[f"reports-{measure.pk}-words"], said[f"reports-{measure.pk}-done_on"])
                for measure in self.to_report
            },
            "words": said["report"],
        }


urlpatterns = [path("cases/<str:number>/rectification", case_step(RectificationForm), name="rectification")]
