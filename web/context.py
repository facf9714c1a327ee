"""What every page knows: whose page it is, and which doors the navigation shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from casework.rights import FINDERS, IMPORTERS, LEDGER_READERS, RULE_MAKERS
from casework.roles import holds, posts_held
from casework.stages import DESK_ROLES, Role
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
    on = local_day(timezone.now())
    held = posts_held(request.user, on)
    return {
        "report": holds(request.user, FINDERS, on),
        "import": holds(request.user, IMPORTERS, on),
        "villages": any(one.role not in (Role.ADMINISTRATOR, Role.VOLUNTEER, Role.DEPARTMENT_MEMBER) for one in held),
        "desk": any(one.role in DESK_ROLES for one in held),
        "analysis": holds(request.user, IMPORTERS, on),
        "decide": holds(request.user, IMPORTERS, on),
        "look_back": holds(request.user, [Role.INSPECTOR, *IMPORTERS], on),
        "burden": holds(request.user, LEDGER_READERS, on),
        "rules": holds(request.user, RULE_MAKERS, on),
        "administer": holds(request.user, [Role.ADMINISTRATOR], on),
        "post": f"{held[0].unit_name} · {held[0].role.label}" if held else "",
    }
