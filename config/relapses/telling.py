"""What the command prints of the sets: each left out in its turn, a new one as unseen, and the model made anew."""

import json
from collections.abc import Sequence
from pathlib import Path

from casework.relapse.matching import THRESHOLD
from casework.relapse.model import FILE, Model, current_model
from config.relapses.learning import learned, readings
from config.relapses.measuring import Counts, Scored, curve, scored
from config.relapses.sets import (
    counted,
    findings_in,
    left_out,
    of_one_writer,
    pairs_in,
    sets_at_hand,
    things_of,
    words_from,
)
from recognition.learned import WORDS, current_words
from recognition.mentions import all_things

# Below these the check fails: a change has made it worse on words that it has not seen.
LEAST_RECALL, LEAST_PRECISION = 0.8, 0.8


def learn() -> int:
    sets = sets_at_hand()
    # Read as it is: a file of another form is what is made anew here.
    version = json.loads(FILE.read_text(encoding="utf-8"))["version"] + 1 if FILE.exists() else 1
    model = learned(readings(sets), version)
    WORDS.write_text(
        json.dumps(counted(row for rows in sets.values() for row in rows), indent=1) + "\n", encoding="utf-8"
    )
    FILE.write_text(json.dumps(model.as_data(), indent=1) + "\n", encoding="utf-8")
    print(f"version {version}: {len(model.weights)} weights from {', '.join(sets)}")
    return 0


def each_left_out(*, with_curve: bool) -> int:
    sets = sets_at_hand()
    found = []
    models: dict[tuple[str, ...], Model] = {}
    for name, findings in sets.items():
        writer = of_one_writer(name)
        others = left_out(sets, *writer)
        if writer not in models:
            # The others are read without it as well: not even its words have a part in the weights.
            models[writer] = learned(readings({other: rows for other, rows in sets.items() if other not in writer}))
        pairs = pairs_in(findings, words=words_from(others), things=things_of(others))
        found.append(scored(findings, pairs, models[writer]))
    overall = sum((one.counts(THRESHOLD) for one in found), Counts())
    for name, one in zip(sets, found, strict=True):
        print(f"{name}, by what the others teach: {one.counts(THRESHOLD)}")
    if with_curve:
        tell_curve(found)
    print(f"left out one by one, {overall.relapses} relapses in unseen words: {overall}")
    is_good = overall.right >= LEAST_RECALL * overall.relapses and overall.right >= LEAST_PRECISION * overall.shown
    return 0 if is_good else 1


def unseen(path: Path, *, with_curve: bool) -> int:
    findings = findings_in(path)
    one = scored(findings, pairs_in(findings, words=current_words(), things=all_things()), current_model())
    if with_curve:
        tell_curve([one])
    counted = one.counts(THRESHOLD)
    print(f"{path.name}: {len(findings)} findings, {counted.relapses} relapses: {counted}; {counted.shown} shown")
    return 0


def tell_curve(found: Sequence[Scored]) -> None:
    for threshold, counts in curve(found).items():
        print(f"  from {threshold:.1f} on: {counts}")
    bounds = (0.4, 0.5, 0.7, 0.9)
    bands = [one.reliability(bounds) for one in found]
    for place, bound in enumerate(bounds):
        count, right = (sum(band[place][part] for band in bands) for part in (0, 1))
        print(f"  scored {bound:.1f} and more, below the next: {count} shown, {right} right")
