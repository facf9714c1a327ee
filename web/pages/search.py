"""Search on every page: what is typed may be a number, a place, a person or words; the kinds stand apart."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from casework.search.finding import find
from web.requests import Request


def search(request: Request) -> HttpResponse:
    return render(request, "search/search.html", _found(request))


def results(request: Request) -> HttpResponse:
    """The results alone, for the field that asks while somebody types."""
    return render(request, "search/found.html", _found(request))


def _found(request: Request) -> dict[str, object]:
    words = request.GET.get("words", "").strip()
    return {"words": words, "found": find(words, by=request.user, on=request.on)}


urlpatterns = [path("search", search, name="search"), path("search/results", results, name="search_results")]
