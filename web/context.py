"""What every page knows: whose page it is, and which doors the navigation shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from casework.rights import OfficeAction
from casework.roles import may_do, posts_held
from casework.stages import DESK_ROLES
from casework.working_time.deadlines import local_day
from web.pages.messages import bell_words, unread


def everywhere(request: HttpRequest) -> dict[str, Any]:
    return {
        "source_url": settings.SOURCE_URL,
        "is_demo": not settings.PRODUCTION,
        "bell": SimpleLazyObject(lambda: bell_words(unread(request)))
        if getattr(request, "user", None) and request.user.is_authenticated
        else "",
        "rights": rights(request) if getattr(request, "user", None) and request.user.is_authenticated else {},
    }


def rights(request: HttpRequest) -> dict[str, Any]:
    """Which parts of the navigation this reader can use; the posts were read already."""
    person, on = request.user, local_day(timezone.now())
    held = posts_held(person, on)
    return {
        "report": may_do(person, OfficeAction.FIND, on),
        "import": may_do(person, OfficeAction.IMPORT, on),
        "villages": may_do(person, OfficeAction.SEE_VILLAGES, on),
        "desk": any(one.role in DESK_ROLES for one in held),
        "analysis": may_do(person, OfficeAction.ANALYSE, on),
        "decide": may_do(person, OfficeAction.DECIDE_RELAPSE, on),
        "look_back": may_do(person, OfficeAction.SEE_LOOK_BACKS, on),
        "burden": may_do(person, OfficeAction.SEE_BURDEN, on),
        "rules": may_do(person, OfficeAction.SET_RULES, on),
        "administer": may_do(person, OfficeAction.ADMINISTER, on),
        "post": f"{held[0].unit_name} · {held[0].role.label}" if held else "",
    }
