"""What is found in the demo's villages: a text for each kind of problem, with the measures that fit it."""

from flows.demo.problems import conduct, decisions, money, openness, works
from flows.demo.problems.shape import Problem

PROBLEMS: tuple[Problem, ...] = (
    *decisions.PROBLEMS,
    *openness.PROBLEMS,
    *money.PROBLEMS,
    *works.PROBLEMS,
    *conduct.PROBLEMS,
)


def problem_of(item: str, number: int = 0) -> Problem:
    """The text of a catalogue item; an item may have several."""
    return [problem for problem in PROBLEMS if problem.item == item][number]


__all__ = ["PROBLEMS", "Problem", "problem_of"]
