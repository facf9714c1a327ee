"""The shape of a problem text.

Words in braces are filled in per case: {month} and {quarter} before the finding, {year}, {group} of villagers, {n} a
small number, {sum} of money, {village}.
"""

from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """Who does a measure; the story puts the person's name behind it."""

    SECRETARY = "村党支部书记"
    HEAD = "村监委主任"
    MEMBER = "村监委委员"
    CLERK = "村报账员"
    DIRECTOR = "村委会副主任"


@dataclass(frozen=True)
class Task:
    """A measure and, once it is done, the report on it."""

    who: Who
    what: str
    done: str


@dataclass(frozen=True)
class Problem:
    """One problem of a catalogue item: the photo's scene, its object, the words, corrective tasks, and a preventive one."""

    item: str
    scene: str
    object: str
    description: str
    required: str
    tasks: tuple[Task, ...]
    prevention: Task
