"""What people are told: a message a person and event, and its deliveries by the roads that the person has chosen."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models import Case, CaseEvent, OfficeEvent, Unit


class Preference(models.Model):
    """When a person wants to hear of things. Without a row the defaults hold."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    wants_digest = models.BooleanField(_("one digest a day"), default=True)
    digest_at = models.TimeField(_("time of the digest"), default=time(8))
    quiet_from = models.TimeField(_("quiet from"), default=time(21))
    quiet_until = models.TimeField(_("quiet until"), default=time(7))

    def __str__(self) -> str:
        return str(self.person_id)


class Address(models.Model):
    """Where a channel reaches a person. One that is refused for good rests until it is entered anew."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses")
    channel = models.CharField(max_length=20)
    address = models.CharField(_("address"), max_length=300)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="one_address_a_channel")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class Endpoint(models.Model):
    """A unit's group robot or webhook: hears of the steps that are addressed to the unit."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="endpoints", verbose_name=_("unit"))
    channel = models.CharField(_("channel"), max_length=20)
    address = models.CharField(_("address"), max_length=300)
    secret = models.CharField(_("secret"), max_length=200, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("robot or webhook")
        verbose_name_plural = _("robots and webhooks")
        constraints = [models.UniqueConstraint(fields=["unit", "channel", "address"], name="endpoint_is_unique")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.channel}"


class OfficeChannel(models.Model):
    """How an office sends by a channel of its own: one row in force, each earlier one with who ended it and without its
    secret. `secret` is locked (`kept_secrets.py`) and never shown again.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="channels")
    channel = models.CharField(max_length=20)
    values = models.JSONField(default=dict)
    secret = models.TextField(blank=True)
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    tried_at = models.DateTimeField(null=True, blank=True)
    tried_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # What came of the last try: empty when the other side took it.
    trial_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "channel"], condition=Q(ended_at=None), name="one_channel_of_an_office"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.channel} {self.since}"


class BlockedChannel(models.Model):
    """A channel whose other side refuses the office itself: its account, its sender, its rate. Nobody's address is to
    blame, so all that waits for it waits. A robot or webhook is a way of its own. Without a row all is well.
    """

    channel = models.CharField(_("channel"), max_length=20)
    endpoint = models.OneToOneField(Endpoint, on_delete=models.CASCADE, null=True, related_name="blocked")
    since = models.DateTimeField(_("since"))
    error = models.CharField(_("error"), max_length=300)
    next_try = models.DateTimeField(_("next try"))

    class Meta:
        verbose_name = _("blocked channel")
        verbose_name_plural = _("blocked channels")
        constraints = [
            models.UniqueConstraint(fields=["channel"], condition=Q(endpoint=None), name="channel_is_blocked_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.since}"


class Digest(models.Model):
    """What one person is told in one letter. It takes in messages until its first delivery is claimed; then it is
    closed, and the next message opens another.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(closed_at=None), name="one_open_digest_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Message(models.Model):
    """That a person hears of an event. The words are made when they are read, in the reader's language."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    # One of the two: what happened to a case, or at the offices' desk.
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, null=True, related_name="told_to")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    office_event = models.ForeignKey(OfficeEvent, on_delete=models.PROTECT, null=True, related_name="told_to")
    # The unit by whose post the person is told; null for whoever reported the case.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    is_copy = models.BooleanField(default=False)
    is_mentioned = models.BooleanField(default=False)
    digest = models.ForeignKey(Digest, on_delete=models.SET_NULL, null=True, related_name="messages")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "event"], name="one_message_a_person_and_event"),
            models.UniqueConstraint(fields=["person", "office_event"], name="one_message_a_person_and_office_event"),
            models.CheckConstraint(
                condition=Q(event__isnull=False, case__isnull=False, office_event=None)
                | Q(event=None, case=None, office_event__isnull=False),
                name="message_of_one_event",
            ),
        ]
        indexes = [
            # A person's messages, the newest first; keyset on id.
            models.Index(fields=["person", "-id"], name="messages_of_person"),
            # The bell.
            models.Index(fields=["person"], condition=Q(read_at=None), name="unread_messages"),
            # The burden meter: what a village was sent in a month.
            models.Index(fields=["unit", "at"], name="messages_to_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.event_id or self.office_event_id}"


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused")
    PARKED = "parked", _("Given up")
    CANCELLED = "cancelled", _("No longer for this person")


class Delivery(models.Model):
    """One message, digest or step on its way by one channel.

    `due_at` is the next try; while it is being sent, the moment from which another worker may take it over.
    `repeats` counts the tries after which nobody knows whether the one before got through.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="deliveries")
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, related_name="deliveries")
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, null=True, related_name="+")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, null=True, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_of_a_message"),
            models.UniqueConstraint(fields=["digest", "channel"], name="one_delivery_of_a_digest"),
            models.UniqueConstraint(fields=["event", "endpoint"], name="one_delivery_to_an_endpoint"),
            models.CheckConstraint(
                condition=Q(message__isnull=False, digest=None, event=None, endpoint=None)
                | Q(message=None, digest__isnull=False, event=None, endpoint=None)
                | Q(message=None, digest=None, event__isnull=False, endpoint__isnull=False),
                name="delivery_of_one_thing",
            ),
        ]
        indexes = [
            # What a channel has to send now.
            models.Index(
                fields=["channel", "due_at", "id"], condition=Q(state__in=("waiting", "sending")), name="undelivered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

    @property
    def identifier(self) -> str:
        """The same at every try."""
        if self.message_id:
            return f"message-{self.message_id}"
        return f"digest-{self.digest_id}" if self.digest_id else f"event-{self.event_id}-{self.endpoint_id}"
