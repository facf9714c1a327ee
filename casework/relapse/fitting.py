"""Weights fitted to what people decided: logistic regression by Newton's method, held to where it starts from."""

from collections.abc import Sequence

import numpy
from numpy.typing import NDArray

Numbers = NDArray[numpy.float64]

ROUNDS = 30
CLOSE = 1e-6


def shares(weighed: Numbers) -> Numbers:
    return numpy.asarray(1 / (1 + numpy.exp(-numpy.clip(weighed, -50, 50))))


def fitted(
    features: Numbers, labels: Numbers, *, start: Numbers, firmness: Numbers, counts: Numbers | None = None
) -> Numbers:
    """The weights at which the labels are likeliest, `firmness` being how firmly each holds on to where it started;
    `counts` is how much each row counts."""
    counts = numpy.ones(len(labels)) if counts is None else counts
    weights = start.copy()
    for _ in range(ROUNDS):
        likely = shares(features @ weights)
        slope = features.T @ (counts * (likely - labels)) + firmness * (weights - start)
        bend = (features * (counts * likely * (1 - likely))[:, None]).T @ features + numpy.diag(firmness)
        step = numpy.linalg.solve(bend, slope)
        weights = weights - step
        if numpy.abs(step).max(initial=0.0) < CLOSE:
            break
    return weights


def fitted_with_signs(
    features: Numbers, labels: Numbers, signs: Sequence[int], *, firmness: Numbers, counts: Numbers | None = None
) -> Numbers:
    """The same from nought, where a weight may only be of its sign (1, -1; 0 is either): one that would be of the other
    is left out, so that a reason never speaks against what it says."""
    wanted, live = numpy.array(signs), numpy.ones(len(signs), dtype=bool)
    while True:
        weights = numpy.zeros(len(signs))
        start = numpy.zeros(int(live.sum()))
        weights[live] = fitted(features[:, live], labels, start=start, firmness=firmness[live], counts=counts)
        wrong = live & (weights * wanted < 0)
        if not wrong.any():
            return weights
        # The worst first: what it stood for may be said by the others.
        live[numpy.argmin(numpy.where(wrong, weights * wanted, 0.0))] = False
