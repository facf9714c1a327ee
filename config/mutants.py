"""`make mutants`: small changes to the code, one at a time, and whether the tests notice each.

    python -m config.mutants --sample 60 --seed 1              the usual sample, evenly from all rooms
    python -m config.mutants --sample 100 --room ladder        more of one room

Which tests run which line is learned first, by a run of the suite that takes minutes; `make test ARGS=--learn` learns it
by the way, and it is kept until a file changes.
Fails when less than 80 % of the changes are noticed, those aside that `tests/equivalent_mutants.toml` says nobody could
notice.
"""

import argparse
import difflib
import random
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator

from config.mutation import ROOT
from config.mutation.line_map import LineMap
from config.mutation.sites import ROOMS, Mutant, mutants_of
from config.mutation.trials import CannotTry, Verdict, try_all

EQUIVALENTS = ROOT / "tests" / "equivalent_mutants.toml"
FLOOR = 0.8
Change = tuple[str, str, str]


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    began = time.monotonic()
    lines = LineMap()
    lines.bring_up_to_date()
    learned = time.monotonic()
    rooms = options.room or list(ROOMS)
    verdicts = []
    try:
        for verdict in try_all(sample(rooms, options.sample, options.seed, equivalents()), lines):
            verdicts.append(verdict)
            if verdict.outcome == "survived":
                print(described(verdict), flush=True)
    except CannotTry as reason:
        print(reason, file=sys.stderr)
        return 2
    print(f"Learned in {(learned - began) / 60:.1f} minutes, tried in {(time.monotonic() - learned) / 60:.1f}.")
    return conclude(rooms, verdicts)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="config.mutants")
    parser.add_argument("--sample", type=int, default=60, help="how many changes are tried, over all rooms")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", action="append", choices=ROOMS, help="only this room; may be given several times")
    return parser.parse_args(arguments)


def equivalents() -> set[Change]:
    """The changes that nobody could notice, each with its reason in the file."""
    with EQUIVALENTS.open("rb") as file:
        return {(each["module"], each["line"], each["becomes"]) for each in tomllib.load(file).get("equivalent", ())}


def sample(rooms: list[str], size: int, seed: int, known: set[Change]) -> list[Mutant]:
    """As many of each room, as far as a room has them; the same for the same seed and code."""
    drawn = {room: _shuffled(room, seed, known) for room in rooms}
    chosen: list[Mutant] = []
    while drawn and len(chosen) < size:
        for room in list(drawn)[: size - len(chosen)]:
            mutant = next(drawn[room], None)
            if mutant is None:
                del drawn[room]
            else:
                chosen.append(mutant)
    return chosen


def _shuffled(room: str, seed: int, known: set[Change]) -> Iterator[Mutant]:
    mutants = mutants_of(room)
    random.Random(f"{room} {seed}").shuffle(mutants)
    for mutant in mutants:
        before, after = changed_lines(mutant)
        if before != after and (mutant.module, before, after) not in known:
            yield mutant


def changed_lines(mutant: Mutant) -> tuple[str, str]:
    """The line as it is and as it becomes, without indentation; several where the change takes several."""
    changes = list(_diff(mutant))
    before, after = ("\n".join(" ".join(line[1:].split()) for line in changes if line[0] == sign) for sign in "-+")
    return before, after


def _diff(mutant: Mutant) -> Iterator[str]:
    before = (ROOT / mutant.module).read_text().splitlines()
    for line in list(difflib.unified_diff(before, mutant.code().splitlines(), n=0, lineterm=""))[2:]:
        if not line.startswith("@@"):
            yield line


def described(verdict: Verdict) -> str:
    mutant = verdict.mutant
    head = f"\nsurvived {verdict.tests} tests: {mutant.module}:{mutant.line} ({mutant.operator})"
    return "\n".join([head, *_diff(mutant)])


def conclude(rooms: list[str], verdicts: list[Verdict]) -> int:
    outcomes = ("killed", "survived", "timed out")
    print(f"\n{'':14}" + "".join(f"{outcome:>11}" for outcome in outcomes))
    for room in rooms:
        counts = Counter(verdict.outcome for verdict in verdicts if verdict.mutant.room == room)
        print(f"{room:14}" + "".join(f"{counts[outcome]:11}" for outcome in outcomes))
    noticed = sum(verdict.outcome != "survived" for verdict in verdicts)
    share = noticed / len(verdicts) if verdicts else 1.0
    print(f"\nNoticed: {noticed} of {len(verdicts)}, {share:.0%}; the floor is {FLOOR:.0%}.")
    return 0 if share >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
