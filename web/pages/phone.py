"""The page that works without a network, what its browser can do, its worker and its manifest.

The page holds nothing of anybody, so that it may lie in the worker's cache: what it shows stands in the phone, under the
person who entered it.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix, path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from casework.lifecycle.evidence import MOST_IN_ROUND
from casework.talk.attachments import MOST_FILES
from web.pages.phone_words import words
from web.requests import Request

# What the page is drawn with. Modules name each other by these paths, so they are cached under them.
STYLES = ("styles/base.css", "styles/layout.css", "styles/parts.css", "styles/forms.css", "styles/phone.css")
ENTRANCE = "scripts/phone/main.js"
FOLDER = "scripts/phone"
OTHERS = ("vendor/idb.js", "scripts/signature.js")


@require_GET
@ensure_csrf_cookie
def phone(request: HttpRequest) -> HttpResponse:
    """`language` is for the worker, which keeps the page in both."""
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return unkept(render(request, "phone/phone.html", shell()))
    with translation.override(language):
        return unkept(render(request, "phone/phone.html", shell()))


def shell() -> dict[str, object]:
    return {
        "styles": STYLES,
        "entrance": ENTRANCE,
        "words": words(),
        "most_photos": MOST_IN_ROUND,
        "most_added": MOST_FILES,
    }


def unkept(answer: HttpResponse) -> HttpResponse:
    """Only the worker keeps it: a browser's own cache would give an old page with new scripts."""
    answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer


@require_GET
def check(request: Request) -> HttpResponse:
    return unkept(render(request, "phone/check.html", {"words": words()}))


@require_GET
def worker(request: Request) -> HttpResponse:
    """At the root, because a worker reaches only what lies below it."""
    source = render_to_string(
        "phone/worker.js",
        {
            "version": json.dumps(version()),
            "page": json.dumps(reverse("phone")),
            "languages": json.dumps([code for code, _name in settings.LANGUAGES]),
            "files": json.dumps(files()),
        },
    )
    answer = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def files() -> list[str]:
    """The addresses of what the page needs, beside itself."""
    root = get_script_prefix() + settings.STATIC_URL.lstrip("/")
    modules = [f"{root}{name}" for name in (*modules_of_page(), *OTHERS)]
    return sorted({*map(static, (*STYLES, ENTRANCE, "seal.svg")), *modules, reverse("phone_manifest")})


@lru_cache
def modules_of_page() -> tuple[str, ...]:
    entrance = finders.find(ENTRANCE)
    assert isinstance(entrance, str)
    return tuple(sorted(f"{FOLDER}/{one.name}" for one in Path(entrance).parent.glob("*.js")))


def version() -> str:
    """A hash over all that the worker keeps: another file is another version."""
    sha256 = hashlib.sha256(_files_hash().encode())
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            sha256.update(render_to_string("phone/phone.html", shell()).encode())
    return sha256.hexdigest()[:16]


@lru_cache
def _files_hash() -> str:
    sha256 = hashlib.sha256()
    for name in (*STYLES, *modules_of_page(), *OTHERS):
        found = finders.find(name)
        assert isinstance(found, str)
        sha256.update(Path(found).read_bytes())
    return sha256.hexdigest()


@require_GET
def manifest(request: Request) -> HttpResponse:
    said = {
        "name": _("Work without a network"),
        "short_name": _("Problem rectification"),
        "start_url": reverse("phone"),
        "scope": "/",
        "id": reverse("phone"),
        "display": "standalone",
        "background_color": "#f6f3ec",
        "theme_color": "#f7f5ef",
        "icons": [{"src": static("seal.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


urlpatterns = [
    path("phone", phone, name="phone"),
    path("phone-check", check, name="phone_check"),
    path("service-worker.js", worker, name="phone_worker"),
    path("phone.webmanifest", manifest, name="phone_manifest"),
]
