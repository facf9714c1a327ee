"""Lists of cases that people keep under a name: the filters, not the cases; and how a person looks at lists."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import models

from casework.models.unit import Unit


class SavedList(models.Model):
    """Somebody's own, or with `office` everybody's who holds a post of that unit."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_lists")
    name = models.CharField(max_length=40)
    query = models.JSONField(default=dict)
    office = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # What a page says beside it: whether its reader holds no post of the office that shares it.
    is_elsewhere: bool

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_list_name_is_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def query_string(self) -> str:
        """In one order, whichever the database gave the words back in."""
        return f"?{urlencode(sorted(self.query.items()))}"


class ListSettings(models.Model):
    """How one person looks at lists: the columns in their order, and the list that opens after the sign-in."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_settings")
    columns = models.JSONField(default=list)
    start = models.ForeignKey(SavedList, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.person_id}"
