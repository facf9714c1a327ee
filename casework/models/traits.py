"""What a case is about, as its words and its entries name it: derived, and made anew whenever they change.

The columns by which `casework/relapse/comparison.py` finds what came back; `recognition` reads the words.
"""

from django.db import models
from django.db.models import Q

from casework.models.case import Case
from casework.models.case_object import CaseObject
from casework.models.category import Aspect, CatalogueItem
from casework.models.unit import Unit


class CaseTraits(models.Model):
    """One row a case. `said` is another item that the words speak of beside `item`; `fact_on` the day
    that is compared with a strike-off; `is_duty` says that the item's object is the village's own and seldom named.
    `matched_at` is null until earlier cases were looked for.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="traits")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(CatalogueItem, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    said = models.ForeignKey(CatalogueItem, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    object = models.ForeignKey(CaseObject, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    fact_on = models.DateField()
    is_duty = models.BooleanField(default=False)
    thing = models.CharField(max_length=30, blank=True)
    also = models.CharField(max_length=30, blank=True)
    side = models.CharField(max_length=4, blank=True)
    group = models.CharField(max_length=6, blank=True)
    place = models.CharField(max_length=20, blank=True)
    mark = models.CharField(max_length=10, blank=True)
    person = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    size = models.CharField(max_length=16, blank=True)
    period_on = models.DateField(null=True)
    is_older = models.BooleanField(default=False)
    # The numbers of `recognition.meaning`, a byte each, by which texts that say the same in other words find each other.
    meaning = models.BinaryField(null=True)
    matched_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # comparison.py joins along these: the same village and the same item, spoken or entered, or the same aspect.
            models.Index(fields=["village", "item"], name="traits_item"),
            models.Index(fields=["village", "said"], name="traits_said"),
            models.Index(fields=["village", "aspect"], name="traits_aspect"),
            # What is still to be matched.
            models.Index(fields=["case"], condition=Q(matched_at=None), name="traits_unmatched"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.thing}"
