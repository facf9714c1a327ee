"""What every view is given: somebody who is signed in, and the one moment at which the request is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

# The web server's worker reads this module before the models may be loaded.
if TYPE_CHECKING:
    from casework.models import Person


class Request(HttpRequest):
    """`at` is the moment at which the request came in, `on` its day in China: one of each, however long it takes."""

    user: Person
    at: datetime
    on: date
