"""What every road has in common: a letter in plain words goes out, or the road says why not.

A channel's error says whose trouble it is. `Permanent` is the address's: it rests, and shows on the person's page and to
the administrator. `Blocked` is the office's own: the whole channel waits. `Refused` is that of one letter, and `Passing`
of the moment: both are tried again later, and given up in the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Outgoing:
    """One message on its way to one address, in the reader's language and ready to send.

    `identifier` is the same however often the message is sent again, so that the other side can drop a repeat.
    `address` is what the channel's `check_address` took: an e-mail address, a phone number, a work account, a URL.
    `secret` is the address's own secret where it has one (a robot's, a webhook's). `url` is absolute.
    """

    identifier: str
    address: str
    subject: str
    text: str
    url: str = ""
    secret: str = ""
    language: str = "zh-hans"

    def as_text(self, *, largest: int) -> str:
        """Subject, text and link as one text of at most so many bytes; the text gives way, the link stays whole."""
        end = f"\n{self.url}" if self.url else ""
        words = f"{self.subject}\n{self.text}"
        room = largest - len(end.encode())
        if len(words.encode()) > room:
            words = words.encode()[: room - len("…".encode())].decode(errors="ignore") + "…"
        return words + end


class ChannelError(Exception):
    """The message did not get out; the words are for an administrator and name no person.

    `said` is what the other side answered, in its own words. They may quote an address: they are shown to whoever tries
    a channel, and kept nowhere.
    """

    said = ""


def quoting(error: ChannelError, said: Any) -> ChannelError:
    """The error with the answer's own words, on one line."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    error.said = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_QUOTED]
    return error


class Passing(ChannelError):
    """The other side is away, slow or busy: the same message may get through later."""


class Blocked(Passing):
    """The other side refuses the office: its account, its sender, its rate. Nobody gets anything until that is over."""


class Refused(Passing):
    """The other side refuses this one message, or does not say why."""


class Permanent(ChannelError):
    """The other side names this address or account as unknown or switched off: trying again changes nothing."""


@dataclass(frozen=True)
class Setting:
    """One thing that a channel must know. `of_deployment` is its name among the settings of the whole installation."""

    name: str
    of_deployment: str
    label: Any
    help_text: Any = ""
    is_secret: bool = False
    choices: tuple[tuple[str, Any], ...] = ()


class Channel:
    """A road. One file each; `notifications/channels/__init__.py` is the registry.

    `own` holds what an office has set for itself; without it the settings of the installation count.
    """

    code: str
    label: Any  # a translatable word
    # A message to a group (a robot) or a program (a webhook) instead of to a person.
    is_for_units = False
    # What an office may set for itself; empty where it can't.
    setup: tuple[Setting, ...] = ()

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self.own = own

    def value(self, name: str) -> str:
        """A setting by its name in `setup`: the office's own, or the installation's."""
        if self.own is not None:
            return self.own.get(name, "")
        of_deployment = next(setting.of_deployment for setting in self.setup if setting.name == name)
        return str(getattr(settings, of_deployment) or "")

    def check_setup(self, values: Mapping[str, str]) -> None:
        """Refuses with `casework.errors.Invalid` what an office can't set so."""

    def is_configured(self) -> bool:
        """Whether the office has set what this road needs."""
        return True

    def check_address(self, address: str) -> str:
        """The address as it will be used; refuses with `casework.errors.Invalid` what can't be one."""
        raise NotImplementedError

    def send(self, message: Outgoing) -> None:
        """Send it within SECONDS_TO_SEND, or raise one of the errors above."""
        raise NotImplementedError


SECONDS_TO_SEND = 10.0
LONGEST_QUOTED = 300
