"""A form whose token is too old: nothing was done, and nothing that was typed is lost."""

import re

from django.http import HttpResponse
from django.shortcuts import render

from web.middleware import way_back
from web.requests import Request

# What is no word of a person, or nobody's business on a page.
NOT_SHOWN = re.compile(r"csrf|password|^(key|seen_version|rows|next|keep|more|take_back)$")
MOST = 60


def failed(request: Request, reason: str = "") -> HttpResponse:
    """Leads back to the form, which the browser fills again; without scripts the words are there to be copied."""
    words = [
        value.strip()
        for name, values in request.POST.lists()
        if not NOT_SHOWN.search(name)
        for value in values
        if len(value.strip()) > 1 and not value.isdecimal()
    ]
    return render(request, "403_csrf.html", {"back": way_back(request), "kept": words[:MOST]}, status=403)
