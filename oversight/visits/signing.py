"""What the village's head did with the summary: a signature by the finger or by name and tick, or none with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal
from oversight.visits.records import SignatureOutcome

# The field that is signed in, in its own units, whatever the screen; strokes are stored in it and drawn again from it.
SIGNATURE_BOX = (600, 300)
MOST_STROKES, MOST_POINTS = 200, 6000
# A touch by mistake is no signature.
FEWEST_POINTS, LEAST_EXTENT = 6, 20
LONGEST_NAME, LONGEST_REASON = 60, 300

Stroke = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Signature:
    """`is_ticked`: signed by name and tick, where there is no field to sign in."""

    outcome: str
    name: str = ""
    strokes: Sequence[Stroke] = field(default=())
    is_ticked: bool = False
    reason: str = ""


def strokes_of(said: Any) -> list[list[list[int]]] | None:
    """Strokes as a page sends them; None for anything else."""
    width, height = SIGNATURE_BOX
    if not isinstance(said, list) or len(said) > MOST_STROKES:
        return None
    strokes, points = [], 0
    for stroke in said:
        if not isinstance(stroke, list) or not stroke:
            return None
        points += len(stroke)
        if points > MOST_POINTS:
            return None
        for point in stroke:
            if not (isinstance(point, list) and len(point) == 2 and all(type(one) is int for one in point)):
                return None
            if not (0 <= point[0] <= width and 0 <= point[1] <= height):
                return None
        strokes.append(stroke)
    return strokes


def is_drawn(strokes: Sequence[Stroke]) -> bool:
    """Whether it is more than a touch."""
    points = [point for stroke in strokes for point in stroke]
    if len(points) < FEWEST_POINTS:
        return False
    across, down = [point[0] for point in points], [point[1] for point in points]
    return max(max(across) - min(across), max(down) - min(down)) >= LEAST_EXTENT


def signature_refusals(signature: Signature) -> list[Refusal]:
    found: list[Refusal] = []
    if signature.outcome not in SignatureOutcome.values:
        return [Invalid("outcome_unknown", _("Say whether it was signed."), field="outcome")]
    if signature.outcome != SignatureOutcome.SIGNED:
        if not signature.reason.strip():
            found.append(Invalid("words_missing", _("Say why it was not signed."), field="reason"))
    else:
        if not signature.name.strip():
            found.append(Invalid("name_missing", _("Write the name of whoever signs."), field="name"))
        if not signature.is_ticked and not is_drawn(signature.strokes):
            unsigned = _("Let the village's head sign in the field, or tick that it was read and agreed to by name.")
            found.append(Invalid("not_signed", unsigned, field="strokes"))
    if len(signature.name) > LONGEST_NAME or len(signature.reason) > LONGEST_REASON:
        found.append(Invalid("words_long", _("The name or the reason is too long. Shorten it."), field="name"))
    return found
