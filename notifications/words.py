"""What a message says."""

from typing import NamedTuple


class Words(NamedTuple):
    subject: str
    text: str
    url: str
