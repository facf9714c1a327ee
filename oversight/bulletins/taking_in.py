"""Rectification opinions (整改意见) are taken into a bulletin while it is drafted; they are printed in their order."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.models import Person
from oversight.bulletins.drafting import draft_to_change
from oversight.bulletins.records import Bulletin
from oversight.opinions.issuing import put_into_bulletin
from oversight.opinions.queries import opinions_in_no_bulletin
from oversight.opinions.records import Opinion


@transaction.atomic
def take_in_opinions(*, bulletin: Bulletin, opinions: Collection[int], by: Person, at: datetime) -> list[Opinion]:
    """Give these opinions of the mechanism, by their keys, a place in the bulletin; for good, for one bulletin only."""
    bulletin = draft_to_change(bulletin.pk, by, at)
    wanted = set(opinions)
    if not wanted:
        raise Invalid("none_chosen", _("Tick the opinions that this bulletin takes in."), field="opinion")
    found = list(opinions_in_no_bulletin(bulletin.mechanism).filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise Conflict("in_a_bulletin", _("One of these opinions stands in a bulletin already. Open the page again."))
    put_into_bulletin(opinions=found, bulletin_key=bulletin.pk)
    return found
