"""What the group robots have in common: a unit's own address, given out by its group."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from notifications.channels.base import Blocked, Channel, Outgoing, Passing, Permanent, Refused
from notifications.channels.http import post_json

KEY = re.compile(r"[A-Za-z0-9_\-]+")


class Robot(Channel):
    is_for_units = True
    path: str
    gone: tuple[int, ...]
    busy: tuple[int, ...]
    too_many: tuple[int, ...]
    largest: int

    def host(self) -> str:
        raise NotImplementedError

    def is_own(self, address: str) -> bool:
        """Whether an address belongs to this kind of robot: all of it but the key is given."""
        beginning = f"{self.host()}{self.path}"
        return address.startswith(beginning) and bool(KEY.fullmatch(address.removeprefix(beginning)))

    def signed(self, message: Outgoing) -> str:
        """The address to post to."""
        return message.address

    def check_address(self, address: str) -> str:
        if not self.is_own(address):
            raise Invalid(
                "robot_elsewhere",
                _("Copy the robot's address from its group; it begins with %(beginning)s.")
                % {"beginning": f"{self.host()}{self.path}"},
                field="address",
            )
        return address

    def send(self, message: Outgoing) -> None:
        if not self.is_own(message.address):
            raise Permanent("this is no address of such a robot")
        answer: Any = post_json(
            self.signed(message), {"msgtype": "text", "text": {"content": message.as_text(largest=self.largest)}}
        )
        code = answer.get("errcode") if isinstance(answer, dict) else None
        if code is None:
            # A proxy's page is an answer too, and no proof that the group has read anything.
            raise Passing("the answer is none of such a robot")
        if code in self.gone:
            raise Permanent(f"the robot is no longer there (errcode {code})")
        if code in self.too_many:
            raise Blocked(f"too many at once (errcode {code})")
        if code in self.busy:
            raise Passing(f"busy (errcode {code})")
        if code:
            # A keyword or signature that it wants, words that it doesn't: its group can mend that.
            raise Refused(f"the message is refused (errcode {code})")
