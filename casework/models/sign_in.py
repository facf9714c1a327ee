"""How somebody of a village's committee signs in without a password: a link that gives no right, and a one-time code.

Neither a link nor a code stands here: both follow from the row's random number and the server's key
(`casework/offices/sign_in_links.py`, `sign_in_codes.py`). Whoever reads the database alone signs in with nothing.
"""

from django.conf import settings
from django.db import models

from casework.models.unit import Unit


class SignInLink(models.Model):
    """On the papers of a village, or sent to one person of its committee. Withdrawn once; else it stays as it is."""

    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sign_in_links")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="sign_in_links"
    )
    seed = models.CharField(max_length=32)
    handle_sha256 = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.village_id} {self.pk}"


class SignInCode(models.Model):
    """A one-time code of a person: sent by SMS, or given at the desk by `given_by`. Kept for the audit.

    `lasts_until` is the end of the sign-in that was made with it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_in_codes", db_index=False
    )
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sign_in_codes")
    link = models.ForeignKey(SignInLink, on_delete=models.PROTECT, null=True, related_name="codes")
    seed = models.CharField(max_length=32)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    lasts_until = models.DateTimeField(null=True)

    class Meta:
        # The newest code of a person (sign_in_codes.use_code), and how many there were lately.
        indexes = [models.Index(fields=["person", "at"], name="sign_in_codes_of")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
