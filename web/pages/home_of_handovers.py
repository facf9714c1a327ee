"""Home of whoever takes part in a handover: what the new holder takes over comes first while it waits for that signature,
then what waits for another; once it is signed, what is to be done comes first.
"""

from typing import Any

from casework.rights.held_posts import holds
from casework.stages import RESPONSIBLE_ROLES
from oversight.handover.queries import taken_over_by, to_sign
from oversight.models import HandoverLine, HandoverPack
from web.requests import Request

# Of each handover of the new holder so many lines; the rest stands on its page.
MOST_LINES = 8


def handovers_at_home(request: Request, most: int) -> dict[str, Any]:
    """The packs of the posts that this person holds with their lines, until all three have signed, and those that wait
    for this person's signature. One query; of a village or department two, and one more for each that it takes over.
    """
    person, on = request.user, request.on
    waiting = list(to_sign(person, on)[: most + 1])
    taken: list[Any] = []
    if holds(person, RESPONSIBLE_ROLES, on):
        taken = list(taken_over_by(person, on).select_related("witness_unit")[:most])
    return {
        "taken_over": [(pack, *lines_of(pack)) for pack in taken if not pack.is_received],
        "received": [(pack, *lines_of(pack)) for pack in taken if pack.is_received],
        "handovers_to_sign": [pack for pack in waiting if pack.pk not in {one.pk for one in taken}],
        "own_handovers": {pack.pk for pack in waiting},
        "on": on,
    }


def lines_of(pack: HandoverPack) -> tuple[list[HandoverLine], int]:
    """The first lines, and how many there are."""
    lines = list(pack.lines.all())
    return lines[:MOST_LINES], len(lines)
