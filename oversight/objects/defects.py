"""What may be wrong with a wall: items of the catalogue, each with what is required then."""

from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.models import CatalogueItem


class Defect(NamedTuple):
    """The code of a catalogue item, and the required action that a report of it begins with."""

    code: str
    label: str | Promise
    required_action: str | Promise


DEFECTS = {
    one.code: one
    for one in (
        Defect(
            "openness-badly-placed",
            _("Badly placed"),
            _(
                "Move the wall to where everybody of the group passes by and can read it without hindrance, and hand in "
                "a photo of the new place."
            ),
        ),
        Defect(
            "openness-not-weatherproof",
            _("Not weatherproof"),
            _(
                "Fit a roof and a cover against wind and rain, put up again what has become unreadable, and hand in "
                "photos from near and from afar."
            ),
        ),
        Defect(
            "openness-idle",
            _("Idle"),
            _(
                "Put up what is to be published now, name who renews it at least once a quarter, and hand in a photo of "
                "the full wall."
            ),
        ),
    )
}


def defect_items() -> QuerySet[CatalogueItem]:
    """The items of the catalogue that stand for these defects; an office may have taken one out of use."""
    return CatalogueItem.objects.filter(code__in=DEFECTS)
