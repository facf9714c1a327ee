"""Clues of other platforms: taken once, however often and however many at once they are sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict
from casework.lifecycle.clues import report_clue
from casework.lifecycle.reporting import Finding
from casework.models import Clue, CluePlatform
from flows import steps
from flows.starting import start_processes
from flows.submitted import fingerprint


@dataclass(frozen=True)
class Sent:
    """A clue under the number that its sender gave it; `said` is all that was sent, as it came."""

    sender_id: str
    finding: Finding
    said: dict[str, Any]


def known_clue(*, platform: CluePlatform, sender_id: str, said: dict[str, Any]) -> Clue | None:
    """What was taken under this number before. Refuses with Conflict a number that was used for something else."""
    known = Clue.objects.select_related("case").filter(platform=platform, sender_id=sender_id).first()
    if known is not None and known.content != fingerprint(said):
        raise Conflict(
            "id_used",
            _("Another clue was sent under this id before: it is case %(number)s. Give yours an id of its own.")
            % {"number": known.case.number},
            field="id",
        )
    return known


def take_clue(*, platform: CluePlatform, sent: Sent, at: datetime) -> tuple[Clue, bool]:
    """Open a case from a clue, and say whether it is new. The same clue again gives what is there.

    One after the other for each platform, so that twenty at once find the first one's. Refuses what `known_clue` and
    `report_clue` refuse.
    """
    with steps.door():
        CluePlatform.objects.select_for_update(no_key=True).get(pk=platform.pk)
        known = known_clue(platform=platform, sender_id=sent.sender_id, said=sent.said)
        if known is not None:
            return known, False
        case = report_clue(finding=sent.finding, platform=platform, at=at)
        start_processes([case], at=at)
        content = fingerprint(sent.said)
        clue = Clue.objects.create(
            platform=platform, sender_id=sent.sender_id, content=content, said=sent.said, case=case, at=at
        )
        return clue, True
