"""What the command prints of the sets: each left out in its turn, a new one as unseen, and the model made anew."""

import json
from collections.abc import Sequence
from pathlib import Path

from casework.relapse.matching import THRESHOLD
from casework.relapse.model import FILE, current_model
from config.relapses.items import OWN_WORDS, Read, items_read, sure_of, tell_items, tell_items_by_share
from config.relapses.learning import learned, readings
from config.relapses.measuring import Counts, Scored, curve, scored
from config.relapses.sets import (
    FOLDS,
    counted,
    findings_in,
    left_out,
    pairs_in,
    sets_at_hand,
    things_of,
    words_from,
)
from recognition.learned import WORDS, current_words
from recognition.mentions import all_things

# Below these the check fails: a change has made it worse on words that it has not seen.
LEAST_RECALL, LEAST_PRECISION = 0.79, 0.78


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
    found: dict[str, Scored] = {}
    read: dict[str, list[Read]] = {}
    for fold in FOLDS:
        others = left_out(sets, *fold)
        words, things = words_from(others), things_of(others)
        read.update((name, items_read(sets[name], words)) for name in fold if name in OWN_WORDS)
        # The others are read without them as well: not even their words have a part in the weights.
        model = learned(readings({name: rows for name, rows in sets.items() if name not in fold}))
        found.update(
            (name, scored(sets[name], pairs_in(sets[name], words=words, things=things), model)) for name in fold
        )
    overall = sum((one.counts(THRESHOLD) for one in found.values()), Counts())
    for name, one in found.items():
        print(f"{name}, by what the others teach: {one.counts(THRESHOLD)}")
    tell_items(read)
    everything = [one for each in read.values() for one in each]
    if with_curve:
        tell_curve([*found.values()])
        tell_items_by_share(everything)
    sure = sure_of(everything)
    print(f"left out in {len(FOLDS)} parts, {overall.relapses} relapses in unseen words: {overall}; items: {sure}")
    is_good = overall.right >= LEAST_RECALL * overall.relapses and overall.right >= LEAST_PRECISION * overall.shown
    return 0 if is_good and sure.is_enough else 1


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
