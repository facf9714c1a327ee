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

__all__ = ["PROBLEMS", "Problem"]
