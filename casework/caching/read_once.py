"""What was read of a case is not read again while the case stands at the same version: its page, the door and the verb ask
for the same records one after the other.

Every verb takes the case one version further, and what is kept here changes by a verb alone. What is read between a
verb's own writes and its `touch` must not be asked for through here.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from casework.models.case import Case

Value = TypeVar("Value")
_KEPT = "_read_once"


def read_once(case: Case, key: Any, read: Callable[[], Value]) -> Value:
    """The value that `read` gives, for this case at its present version."""
    version, known = case.__dict__.get(_KEPT, (None, {}))
    if version != case.version:
        version, known = case.version, {}
        case.__dict__[_KEPT] = (version, known)
    if key not in known:
        known[key] = read()
    value: Value = known[key]
    return value


def take_over(case: Case, known: Case) -> None:
    """Of a case that was just locked: what its reader has read of it, if nobody has changed it since."""
    if known is not case and known.version == case.version and _KEPT in known.__dict__:
        case.__dict__[_KEPT] = known.__dict__[_KEPT]
