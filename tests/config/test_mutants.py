"""What `make mutants` changes and what it leaves alone, which tests it asks, and when it fails."""

from pathlib import Path

import pytest

from config import mutants
from config.mutation import ROOT, sites
from config.mutation.line_map import LineMap
from config.mutation.sites import ROOMS, Mutant, mutants_of
from config.mutation.trials import Verdict


@pytest.fixture
def changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What becomes of the lines of a module, each change as (operator, the changed line)."""

    def found(code: str) -> set[tuple[str, str]]:
        (tmp_path / "module.py").write_text(code)
        for module in (sites, mutants):
            monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.setitem(ROOMS, "roles", ("module.py",))
        sites._mutants_in.cache_clear()
        return {(mutant.operator, mutants.changed_lines(mutant)[1]) for mutant in mutants_of("roles")}

    yield found
    sites._mutants_in.cache_clear()


def test_signs_words_and_numbers_are_changed(changes) -> None:
    assert changes("def f(a, b):\n    return a < b and not b + 1\n") == {
        ("ReplaceComparisonOperator_Lt_LtE", "return a <= b and not b + 1"),
        ("ReplaceAndWithOr", "return a < b or not b + 1"),
        ("ReplaceUnaryOperator_Delete_Not", "return a < b and b + 1"),
        ("ReplaceBinaryOperator_Add_Sub", "return a < b and not b - 1"),
        ("ChangeNumber", "return a < b and not b + 2"),
        ("ChangeNumber", "return a < b and not b + 0"),
    }


def test_a_table_loses_each_of_its_members_in_turn(changes) -> None:
    assert changes("ENDS = (A, B.c)\n") == {("DropMember", "ENDS = ( B.c,)"), ("DropMember", "ENDS = (A,)")}
    assert {line for _name, line in changes("MOVES = {\n    A: (B,),\n    C: (D,),\n}\n")} == {""}


def test_each_error_that_is_caught_becomes_another_also_one_with_a_dot(changes) -> None:
    found = changes("try:\n    f()\nexcept (A, b.C) as error:\n    g()\nexcept d.E:\n    h()\n")
    assert {line for name, line in found if name == "ReplaceException"} == {
        "except (CosmicRayTestingException, b.C) as error:",
        "except (A, CosmicRayTestingException) as error:",
        "except CosmicRayTestingException:",
    }


def test_membership_is_turned_round(changes) -> None:
    found = changes("def f(a):\n    return a in (B, C)\n")
    assert ("SwapMembership", "return a not in (B, C)") in found
    assert ("DropMember", "return a in (B,)") in found
    assert ("SwapMembership", "return a in b") in changes("def f(a, b):\n    return a not in b\n")


def test_types_words_sizes_and_paths_are_left_alone(changes) -> None:
    code = (
        "from somewhere import _, log\n"
        "BATCH = 500\n"
        "def f(a: int | None, *, b: 'str' = '') -> dict[str, int] | None:\n"
        "    log.info('%d', a + 1)\n"
        "    raise Refusal(_('%(n)d rows') % {'n': g(a, batch_size=500)})\n"
        "    return FOLDER / 'files' / f'{a + 1}', 'mark' + b\n"
    )
    assert changes(code) == set()


def test_a_change_that_is_not_python_is_none(changes) -> None:
    assert ("AddNot", "") in changes("def f(read):\n    while line := read():\n        pass\n")


def test_a_sample_is_the_same_for_the_same_seed_and_even_over_the_rooms() -> None:
    chosen = mutants.sample(["ladder", "audience", "stages"], 6, 1, set())
    assert chosen == mutants.sample(["ladder", "audience", "stages"], 6, 1, set())
    assert chosen != mutants.sample(["ladder", "audience", "stages"], 6, 2, set())
    assert [mutant.room for mutant in chosen] == ["ladder", "audience", "stages"] * 2


def test_a_named_equivalent_is_not_drawn() -> None:
    mutant = mutants.sample(["stages"], 1, 1, set())[0]
    known = {(mutant.module, *mutants.changed_lines(mutant))}
    assert mutant not in mutants.sample(["stages"], 999, 1, known)


def test_every_named_equivalent_is_still_in_the_code() -> None:
    for module, line, becomes in mutants.equivalents():
        lines = [" ".join(each.split()) for each in (ROOT / module).read_text().splitlines()]
        assert all(each in lines for each in line.splitlines()), (module, line)
        assert becomes != line


def test_a_line_that_runs_at_import_asks_the_tests_of_those_who_use_its_name(tmp_path: Path) -> None:
    known = LineMap(tmp_path)
    known.seconds = {"slow": 2.0, "quick": 1.0, "other": 1.0}
    known._texts = {"rooms.py": "ENDS = (1, 2)\nOPEN = others(ENDS)\n", "verbs.py": "if stage in OPEN:\n    end()\n"}
    known._lines = {"rooms.py": {}, "verbs.py": {1: ["slow", "quick"], 2: ["other"]}}
    assert known.tests_of("rooms.py", range(1, 2), frozenset({"ENDS"})) == ["quick", "slow"]
    assert known.tests_of("verbs.py", range(2, 3), frozenset()) == ["other"]
    assert set(known.tests_of("verbs.py", range(3, 4), frozenset())) == {"slow", "quick", "other"}


@pytest.mark.parametrize(("survived", "code"), [(2, 0), (3, 1)])
def test_less_than_four_fifths_noticed_fails(survived: int, code: int) -> None:
    mutant = Mutant("roles", "casework/rights/roles.py", "AddNot", 0, 1, range(1, 2), frozenset())
    outcomes = ["survived"] * survived + ["killed"] * 7 + ["timed out"] * (3 - survived)
    assert mutants.conclude(["roles"], [Verdict(mutant, outcome, 1) for outcome in outcomes]) == code


def test_every_room_is_there_and_has_something_to_change() -> None:
    assert [room for room in ROOMS if not mutants_of(room)] == []
