"""How a photo is shown that lies on its side."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from casework.models.evidence import Evidence


class PhotoTurn(models.Model):
    """By how many quarters to the right a photo is turned when it is shown. A way of showing and nothing else: the file,
    its hash and its place in the chain stay as they came in, and the next turn takes the place of this one.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="turn")
    quarters = models.PositiveSmallIntegerField(validators=[MaxValueValidator(3)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(quarters__lte=3), name="photo_is_turned_by_quarters")]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.quarters}"
