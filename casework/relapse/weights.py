"""The weights of the reasons, fitted anew to what offices have decided; the present ones are where it starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import MatchWeights, RelapseCandidate, VerdictKind
from casework.relapse.fitting import Numbers, fitted, shares
from casework.relapse.matching import THRESHOLD, current_weights
from casework.relapse.model import current_model

# Fewer verdicts than this say less than the weights that are there; both sides must be among them.
LEAST_VERDICTS = 40
LEAST_OF_EACH = 8
FOLDS = 5
# How firmly the fit holds on to the weights it starts from.
PRIOR = 1.0
BACK = (VerdictKind.RELAPSE, VerdictKind.NEVER)


@dataclass(frozen=True)
class Fit:
    """Precision and recall of the threshold on the same verdicts, before and after; "after" by cross-validation, each
    fifth judged by weights that have not seen it."""

    version: int
    verdicts: int
    before: Mapping[str, float]
    after: Mapping[str, float]
    values: Mapping[str, float]


def refit(*, at: datetime, keep: bool) -> Fit:
    """Fit the weights to every candidate's last verdict. Refuses with Invalid where there are too few verdicts.

    With `keep` the new weights hold from now on, as a version of their own.
    """
    _version, weights = current_weights()
    names = list(weights)
    start = numpy.array([weights[name] for name in names])
    features, labels = _decided(names)
    if len(labels) < LEAST_VERDICTS or min(labels.sum(), (1 - labels).sum()) < LEAST_OF_EACH:
        raise Invalid(
            "too_few_verdicts",
            _("There are %(count)d verdicts; %(least)d are needed, and %(each)d of either side.")
            % {"count": len(labels), "least": LEAST_VERDICTS, "each": LEAST_OF_EACH},
        )
    folds = numpy.arange(len(labels)) % FOLDS
    judged = numpy.zeros(len(labels))
    for fold in range(FOLDS):
        mine = folds == fold
        judged[mine] = shares(features[mine] @ _refitted(features[~mine], labels[~mine], start))
    values = _refitted(features, labels, start)
    newest = MatchWeights.objects.aggregate(last=Max("version"))["last"] or 0
    fit = Fit(
        version=newest + 1,
        verdicts=len(labels),
        before=_measured(shares(features @ start), labels),
        after=_measured(judged, labels),
        values={name: round(float(value), 3) for name, value in zip(names, values, strict=True)},
    )
    if keep:
        MatchWeights.objects.create(
            version=fit.version,
            model_version=current_model().version,
            values=dict(fit.values),
            verdicts=fit.verdicts,
            before=dict(fit.before),
            after=dict(fit.after),
            at=at,
        )
    return fit


def _decided(names: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The reasons of every candidate with a verdict as rows of numbers, and whether it was back."""
    rows, labels = [], []
    # What another model read of a pair are other features.
    candidates = RelapseCandidate.objects.filter(verdicts__isnull=False, model_version=current_model().version)
    candidates = candidates.distinct().prefetch_related("verdicts")
    for candidate in candidates.order_by("pk"):
        last = list(candidate.verdicts.all())[-1]
        rows.append([1.0 if name == "bias" else float(candidate.features.get(name, 0)) for name in names])
        labels.append(float(last.verdict in BACK))
    return numpy.array(rows).reshape(len(rows), len(names)), numpy.array(labels)


def _refitted(features: Numbers, labels: Numbers, start: Numbers) -> Numbers:
    return fitted(features, labels, start=start, firmness=numpy.full(len(start), PRIOR))


def _measured(scores: Numbers, labels: Numbers) -> dict[str, float]:
    shown = scores >= THRESHOLD
    right = float((shown & (labels == 1)).sum())
    return {
        "precision": round(right / max(1.0, float(shown.sum())), 3),
        "recall": round(right / max(1.0, float(labels.sum())), 3),
    }
