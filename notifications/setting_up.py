"""An office sets up its own channels and tries them: by an administrator of the office or of one above it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.roles import administers
from casework.working_time.deadlines import local_day
from notifications import blocking
from notifications.channels import CHANNELS
from notifications.channels.base import Channel, ChannelError, Outgoing, Setting
from notifications.kept_secrets import lock
from notifications.models import OfficeChannel
from notifications.office_channels import code_of, in_force, road_with

KINDS = tuple(code for code, road in CHANNELS.items() if road.setup)
OFFICE_LEVELS = (UnitLevel.CITY, UnitLevel.COUNTY)
LONGEST = 200
BETWEEN_TRIES = timedelta(seconds=20)


class Trial(NamedTuple):
    """What became of a test: no error when the other side took it. `said` are the other side's own words, if it said any."""

    error: str = ""
    said: str = ""


def require_administrator(person: Person, unit: Unit, at: datetime) -> None:
    if unit.level not in OFFICE_LEVELS or not administers(person, unit, local_day(at)):
        raise NotAllowed("no_channels", _("Channels are set up by the administrator of the county or the city."))


def keep_channel(
    *, unit: Unit, kind: str, values: Mapping[str, str], secret: str, by: Person, at: datetime
) -> OfficeChannel:
    """Put new settings in force. An empty secret keeps the present one, as long as everything else stays as it is: it
    is never sent to another server or account than the one for which it was entered.
    """
    require_administrator(by, unit, at)
    road = CHANNELS[kind]
    before = in_force(unit.pk, kind)
    kept = {setting.name: values.get(setting.name, "").strip() for setting in road.setup if not setting.is_secret}
    secret = secret.strip()
    _check(road, kept, secret, before)
    locked = lock(secret) if secret else before.secret if before is not None else ""
    try:
        with transaction.atomic():
            if before is not None:
                _end(before, by, at)
            row = OfficeChannel.objects.create(unit=unit, channel=kind, values=kept, secret=locked, since=at, by=by)
    except IntegrityError:
        raise Conflict("channel_changed", _("Somebody else has just set up this channel. Load the page again."))
    blocking.unblock(code_of(kind, unit.pk), None)
    return row


def _check(road: Channel, kept: Mapping[str, str], secret: str, before: OfficeChannel | None) -> None:
    refusals: list[Refusal] = []
    for setting in road.setup:
        refusals += _refusals_of(setting, secret if setting.is_secret else kept[setting.name])
    (secret_name,) = (setting.name for setting in road.setup if setting.is_secret)
    if not secret and before is None:
        refusals.append(Invalid("secret_missing", _("Enter what the provider has given you."), field=secret_name))
    elif not secret and before is not None and before.values != kept:
        refusals.append(
            Invalid(
                "secret_again",
                _(
                    "You have changed where the messages go: enter the secret once more. It is not shown or sent elsewhere."
                ),
                field=secret_name,
            )
        )
    if not refusals:
        try:
            road.check_setup(kept)
        except Refusal as refusal:
            refusals += refusal.each()
    refuse(refusals)


def _refusals_of(setting: Setting, value: str) -> list[Refusal]:
    if not value and not setting.is_secret:
        return [Invalid("setting_missing", _("Fill in “%(label)s”.") % {"label": setting.label}, field=setting.name)]
    if len(value) > LONGEST or not value.isprintable():
        return [
            Invalid(
                "setting_unreadable",
                _("At most %(most)d characters on one line.") % {"most": LONGEST},
                field=setting.name,
            )
        ]
    if setting.choices and value not in [choice for choice, _label in setting.choices]:
        return [
            Invalid("setting_unknown", _("This can't be chosen any more. Please choose again."), field=setting.name)
        ]
    return []


def _end(row: OfficeChannel, by: Person, at: datetime) -> None:
    """It stays in the record with its day, and without its secret."""
    if not OfficeChannel.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at, ended_by=by, secret=""):
        raise Conflict("channel_changed", _("Somebody else has just set up this channel. Load the page again."))


def end_channel(*, unit: Unit, kind: str, by: Person, at: datetime) -> None:
    """From now on the installation's own settings count again, where it has any."""
    require_administrator(by, unit, at)
    row = in_force(unit.pk, kind)
    if row is None:
        raise Conflict("channel_ended", _("This channel is not set up any more. Load the page again."))
    _end(row, by, at)
    blocking.unblock(code_of(kind, unit.pk), None)


def try_channel(*, unit: Unit, kind: str, address: str, subject: str, text: str, by: Person, at: datetime) -> Trial:
    """Send one message now, outside any transaction."""
    require_administrator(by, unit, at)
    row = in_force(unit.pk, kind)
    if row is None:
        raise Conflict("channel_ended", _("This channel is not set up any more. Load the page again."))
    road = road_with(row)
    address = CHANNELS[kind].check_address(address.strip())
    rested = Q(tried_at=None) | Q(tried_at__lte=at - BETWEEN_TRIES)
    claimed = OfficeChannel.objects.filter(rested, pk=row.pk).update(tried_at=at, tried_by=by)
    if not claimed:
        raise Conflict("just_tried", _("A test was sent a moment ago. Wait twenty seconds and send the next one."))
    error = _try(road, Outgoing(f"test-{row.pk}-{at.timestamp():.0f}", address, subject, text))
    OfficeChannel.objects.filter(pk=row.pk).update(trial_error=str(error or "")[:300])
    if error is None:
        blocking.unblock(code_of(kind, unit.pk), None)
        return Trial()
    return Trial(str(error), _without_secrets(error.said, road))


def _try(road: Channel, message: Outgoing) -> ChannelError | None:
    try:
        road.send(message)
    except ChannelError as error:
        return error
    return None


def _without_secrets(said: str, road: Channel) -> str:
    """Some providers quote the request in their answer."""
    for setting in road.setup:
        value = road.value(setting.name) if setting.is_secret else ""
        if value:
            said = said.replace(value, "••••")
    return said
