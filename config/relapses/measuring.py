"""How well a model finds what came back in a set that it has not seen: the curve, the intervals, the first three."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy

from casework.relapse.fitting import Numbers, shares
from casework.relapse.matching import MOST_SHOWN, Match, likeliest, only_first_reports, thinned
from casework.relapse.model import SHORTLIST, Model
from config.relapses.learning import ranks
from config.relapses.sets import PAIR_NAMES, Pairs, Set
from oversight.rates import rate

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Counts:
    """Of a set: the relapses, the candidates shown, those that were right, and the relapses whose earlier case was among
    the first three of the list."""

    relapses: int = 0
    shown: int = 0
    right: int = 0
    among_three: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __str__(self) -> str:
        return (
            f"recall {_share(self.right, self.relapses)}, precision {_share(self.right, self.shown)},"
            f" among the first three {_share(self.among_three, self.relapses)}"
        )


def _share(part: int, whole: int) -> str:
    share = rate(part, whole)
    if share.share is None:
        return "-"
    return f"{share.share:.2f} ({share.low:.2f} to {share.high:.2f})"


@dataclass(frozen=True)
class Scored:
    """The shortlisted pairs of a set and their scores."""

    findings: Set
    pairs: Pairs
    scores: Numbers

    def counts(self, threshold: float) -> Counts:
        wanted = self.wanted()
        shown = {(match.case, match.earlier) for match in self.shown(threshold)}
        return Counts(len(wanted), len(shown), len(shown & wanted), len(self.first_three() & wanted))

    def wanted(self) -> set[tuple[int | None, int]]:
        places = {row.finding_no: place for place, row in enumerate(self.findings)}
        return {(place, places[row.earlier]) for place, row in enumerate(self.findings) if row.label == "relapse"}

    def shown(self, threshold: float) -> list[Match]:
        """The candidates, as a city would keep them."""
        matches: dict[int, list[Match]] = {}
        for match in self._matches():
            if match.score >= threshold:
                matches.setdefault(match.case or 0, []).append(match)
        kept = [match for found in matches.values() for match in thinned(found)[:MOST_SHOWN]]
        days = {
            place: (date.fromisoformat(row.found_on), date.fromisoformat(row.closed_on) if row.closed_on else None)
            for place, row in enumerate(self.findings)
        }
        return only_first_reports(kept, [(match.earlier, match.case or 0) for match in kept], days)

    def first_three(self) -> set[tuple[int | None, int]]:
        """What a desk sees at a glance."""
        matches: dict[int, list[Match]] = {}
        for match in self._matches():
            matches.setdefault(match.case or 0, []).append(match)
        return {(match.case, match.earlier) for found in matches.values() for match in likeliest(found)}

    def _matches(self) -> list[Match]:
        return [
            Match(
                case=one,
                earlier=other,
                score=float(score),
                features={},
                found_on=date.fromisoformat(self.findings[other].found_on),
                closed_on=date.fromisoformat(self.findings[other].closed_on),
            )
            for (one, other), score in zip(self.pairs.places.tolist(), self.scores, strict=True)
        ]

    def reliability(self, bounds: Sequence[float]) -> list[tuple[int, int]]:
        """Of the candidates shown, by the band of their score: how many, and how many were right."""
        wanted, bands = self.wanted(), [[0, 0] for _ in bounds]
        for match in self.shown(bounds[0]):
            band = bands[sum(match.score >= bound for bound in bounds) - 1]
            band[0] += 1
            band[1] += (match.case, match.earlier) in wanted
        return [(count, right) for count, right in bands]


def scored(findings: Set, pairs: Pairs, model: Model) -> Scored:
    kept = pairs.shortlisted(ranks(pairs, model.shortlist), SHORTLIST)
    weights = numpy.array([model.weights.get(name, 0.0) for name in PAIR_NAMES])
    return Scored(findings, kept, shares(kept.features() @ weights + model.weights["bias"]))


def curve(found: Sequence[Scored]) -> Mapping[float, Counts]:
    return {threshold: sum((one.counts(threshold) for one in found), Counts()) for threshold in THRESHOLDS}
