"""The measures of a case with what was reported, proved and decided on each of them, round by round."""

from dataclasses import dataclass, field

from casework.models import Case, Evidence, Measure, MeasureReport, MeasureVerdict
from casework.models.measure import MeasureKind


@dataclass
class MeasureInRounds:
    """A measure with its reports and verdicts, the latest first, and its proofs in their order."""

    measure: Measure
    reports: list[MeasureReport] = field(default_factory=list)
    proofs: list[Evidence] = field(default_factory=list)
    verdicts: list[MeasureVerdict] = field(default_factory=list)

    def latest_proofs(self) -> list[Evidence]:
        """Those of the round in which it was proved last: what it looks like now."""
        return [one for one in self.proofs if one.round == self.proofs[-1].round]

    def earlier_proofs(self) -> list[Evidence]:
        return [one for one in self.proofs if one.round != self.proofs[-1].round]


def measures_in_rounds(case: Case, evidence: list[Evidence]) -> tuple[list[MeasureInRounds], list[Measure]]:
    """The measures of the latest plan with all that belongs to them, and the measures of earlier plans."""
    measures = list(Measure.objects.filter(plan__case=case).select_related("plan").order_by("-plan__number", "number"))
    latest = [one for one in measures if one.plan_id == measures[0].plan_id]
    found = {one.pk: MeasureInRounds(one) for one in latest}
    if found:
        for report in (
            MeasureReport.objects.filter(submission__case=case)
            .select_related("submission")
            .order_by("-submission__round")
        ):
            found[report.measure_id].reports.append(report)
        for verdict in (
            MeasureVerdict.objects.filter(review__case=case, review__undone=None, measure__in=latest)
            .select_related("review__by")
            .order_by("-review__at", "-review_id")
        ):
            found[verdict.measure_id].verdicts.append(verdict)
        for one in evidence:
            if one.measure_id in found:
                found[one.measure_id].proofs.append(one)
    return list(found.values()), [one for one in measures if one.pk not in found]


def after_photos(measures: list[MeasureInRounds]) -> list[Evidence]:
    """What it looks like now: of each measure the last photo of its own last round, what puts right before what keeps."""
    photos = []
    for each in sorted(measures, key=lambda one: one.measure.kind != MeasureKind.CORRECTIVE):
        images = [one for one in each.latest_proofs() if one.is_image] if each.proofs else []
        for image in images[-1:]:
            image.shows = each.measure
            photos.append(image)
    return photos
