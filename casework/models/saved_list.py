"""A list of cases that a person keeps under a name: the filters, not the cases."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import models


class SavedList(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_lists")
    name = models.CharField(max_length=40)
    query = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_list_name_is_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def query_string(self) -> str:
        return f"?{urlencode(self.query)}"
