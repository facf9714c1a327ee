"""How much a phone holds that the server has not got, as the phone said it last."""

from django.conf import settings
from django.db import models


class PhoneQueue(models.Model):
    """One phone of one person. Overwritten whenever the phone speaks: nothing here is proof of anything."""

    phone = models.UUIDField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="phone_queues")
    unsent = models.PositiveIntegerField()
    refused = models.PositiveIntegerField(default=0)
    unsent_since = models.DateTimeField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phone", "person"], name="one_queue_per_phone_and_person")]
        indexes = [
            # Read by phones.queues.unsent_in.
            models.Index(fields=["unsent_since"], condition=models.Q(unsent__gt=0), name="phone_queues_unsent")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.phone}"
