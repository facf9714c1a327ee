"""What a person chooses: by which roads, when one digest, when quiet."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, Refusal, refuse
from casework.models import Person
from notifications.channels import CHANNELS
from notifications.channels.base import Channel
from notifications.models import Address, Preference
from notifications.office_channels import kind_of, through_offices


def personal_channels(person: Person, on: date) -> list[Channel]:
    """The roads to a person: those that the installation has set up, and those of an office above their posts."""
    roads = [road for road in CHANNELS.values() if not road.is_for_units]
    own = {
        kind_of(code)
        for _person, code in through_offices([(person.pk, road.code) for road in roads], on)
        if "@" in code
    }
    return [road for road in roads if road.is_configured() or road.code in own]


def choose_roads(
    *,
    person: Person,
    addresses: Mapping[str, str],
    wants_digest: bool,
    digest_at: time,
    quiet_from: time,
    quiet_until: time,
    at: datetime,
) -> None:
    """Keep a person's addresses by channel (an empty one is taken away) and times. Refuses what can't be an address.

    Entering an address anew wakes one that rested because it was refused.
    """
    refusals: list[Refusal] = []
    checked: dict[str, str] = {}
    for code, words in addresses.items():
        if not words.strip():
            continue
        try:
            checked[code] = CHANNELS[code].check_address(words.strip())
        except Refusal as refusal:
            refusals.append(Invalid(refusal.code, refusal.sentence, field=code))
    if quiet_from == quiet_until and quiet_from != time(0):
        refusals.append(Invalid("quiet_all_day", _("Quiet hours begin and end at the same time."), field="quiet_until"))
    refuse(refusals)
    with transaction.atomic():
        Address.objects.filter(person=person).exclude(channel__in=checked).delete()
        for code, address in checked.items():
            Address.objects.update_or_create(
                person=person, channel=code, defaults={"address": address, "failed_at": None, "error": ""}
            )
        Preference.objects.update_or_create(
            person=person,
            defaults={
                "wants_digest": wants_digest,
                "digest_at": digest_at,
                "quiet_from": quiet_from,
                "quiet_until": quiet_until,
            },
        )
