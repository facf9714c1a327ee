"""The weights of a model, learned from sets of labelled findings as if none had been seen by the lists that read it."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy

from casework.relapse.comparison import FEATURES
from casework.relapse.fitting import Numbers, fitted_with_signs
from casework.relapse.model import BY_HAND, SHORTLIST, Model, sign_of
from config.relapses.sets import (
    NOTHING,
    PAIR_NAMES,
    Finding,
    Pairs,
    Set,
    left_out,
    pairs_in,
    things_of,
    words_from,
)

# How firmly a weight is held at nought, on features of one spread.
FIRMNESS = 2.0
# How much a pair counts by how its set was read: with the things that the others name, with no thing known, and typed
# without a category.
READINGS = {"things": 0.4, "no things": 0.4, "no category": 0.2}
# Nearly the same sentence again: of each set so many are made, and they count so much together with their pairs.
AGAIN_SHARE, AGAIN_COUNT = 0.25, 0.5
SEED = 13


def readings(sets: Mapping[str, Set]) -> dict[str, dict[str, Pairs]]:
    """Each set's pairs, read in each way by what the other sets teach."""
    found: dict[str, dict[str, Pairs]] = {}
    for name, findings in sets.items():
        others = left_out(sets, name)
        found[name] = read_in_each_way(findings, others, others)
    return found


def read_in_each_way(findings: Set, others: Sequence[Finding], learned_from: Sequence[Finding]) -> dict[str, Pairs]:
    words, things = words_from(learned_from), things_of(others)
    again = [*findings, *nearly_the_same_again(findings)]
    new = len(findings)
    return {
        "things": pairs_in(findings, words=words, things=things),
        "no things": pairs_in(findings, words=words, things=NOTHING),
        "no category": pairs_in(findings, words=words, things=things, has_categories=False),
        "again": _of_those_from(pairs_in(again, words=words, things=things), new),
    }


def _of_those_from(pairs: Pairs, first: int) -> Pairs:
    kept = pairs.places[:, 0] >= first
    return Pairs(pairs.places[kept], pairs.compared[kept], pairs.told[kept], pairs.labels[kept])


def nearly_the_same_again(findings: Set) -> list[Finding]:
    """Struck-off cases told again in nearly the same words: practice.md calls it the strongest sign there is, and those who
    write sets take care to vary their words."""
    chance = random.Random(SEED)
    came_back = {row.earlier for row in findings}
    made = []
    for row in findings:
        if not row.closed_on or row.finding_no in came_back or chance.random() > AGAIN_SHARE:
            continue
        found_on = date.fromisoformat(row.closed_on) + timedelta(days=chance.randrange(25, 300))
        made.append(
            replace(
                row,
                finding_no=f"{row.finding_no} again",
                label="relapse",
                earlier=row.finding_no,
                found_on=found_on.isoformat(),
                closed_on="",
                description=_edited(row.description, chance),
            )
        )
    return made


def _edited(words: str, chance: random.Random) -> str:
    clauses = [clause for clause in re.split(r"[,,。;;]", words) if clause]
    if len(clauses) > 1 and chance.random() < 0.3:
        clauses.pop(chance.randrange(len(clauses)))
    if len(clauses) > 1 and chance.random() < 0.2:
        chance.shuffle(clauses)
    words = ",".join(clauses)
    words = re.sub(r"\d+(?!号)", lambda match: str(max(1, int(match[0]) + chance.randrange(-3, 9))), words)
    for _ in range(chance.randrange(3)):
        places = [place for place, sign in enumerate(words) if sign in "的了已也就还都是有被把在里"]
        if places:
            cut = chance.choice(places)
            words = words[:cut] + words[cut + 1 :]
    return chance.choice(("", "", "又", "再次", "仍")) + words


@dataclass(frozen=True)
class _Rows:
    features: Numbers
    labels: Numbers
    counts: Numbers


def learned(read: Mapping[str, Mapping[str, Pairs]], version: int = 1) -> Model:
    """A model from these sets: first the weights that rank for the shortlist, then those of everything."""
    shortlist = _weights(_rows(read, None), [*FEATURES])
    rows = _rows(read, shortlist)
    weights = _weights(rows, [*PAIR_NAMES])
    middle = (rows.counts @ rows.features) / rows.counts.sum()
    return Model(
        version=version,
        weights={**weights, **BY_HAND},
        shortlist={**shortlist, **BY_HAND},
        middle={name: round(float(value), 3) for name, value in zip(PAIR_NAMES, middle, strict=True)},
    )


def ranks(pairs: Pairs, shortlist: Mapping[str, float]) -> Numbers:
    return numpy.asarray(pairs.compared @ numpy.array([shortlist.get(name, 0.0) for name in FEATURES]))


def _rows(read: Mapping[str, Mapping[str, Pairs]], shortlist: Mapping[str, float] | None) -> _Rows:
    features, labels, counts = [], [], []
    for ways in read.values():
        for way, pairs in ways.items():
            if shortlist is not None:
                pairs = pairs.shortlisted(ranks(pairs, shortlist), SHORTLIST)
            # Another cycle of the same problem is neither right nor wrong.
            clear = pairs.labels != 2
            features.append(pairs.compared[clear] if shortlist is None else pairs.features()[clear])
            labels.append((pairs.labels[clear] == 1).astype(float))
            counts.append(numpy.full(int(clear.sum()), READINGS.get(way, AGAIN_COUNT)))
    return _Rows(numpy.vstack(features), numpy.concatenate(labels), numpy.concatenate(counts))


def _weights(rows: _Rows, names: Sequence[str]) -> dict[str, float]:
    """On the features' own scales; those that are nought are left out."""
    total = rows.counts.sum()
    middle = (rows.counts @ rows.features) / total
    spread = numpy.sqrt(rows.counts @ (rows.features - middle) ** 2 / total)
    used = [n for n, name in enumerate(names) if spread[n] > 0 and name not in BY_HAND]
    scaled = numpy.column_stack([numpy.ones(len(rows.labels)), (rows.features[:, used] - middle[used]) / spread[used]])
    firmness = numpy.full(len(used) + 1, FIRMNESS)
    firmness[0] = 1e-3
    signs = [0, *(sign_of(names[n]) for n in used)]
    fitted = fitted_with_signs(scaled, rows.labels, signs, firmness=firmness, counts=rows.counts)
    weights = fitted[1:] / spread[used]
    bias = float(fitted[0] - weights @ middle[used])
    return {
        "bias": round(bias, 4),
        **{names[n]: round(float(weight), 4) for n, weight in zip(used, weights, strict=True) if weight},
    }
