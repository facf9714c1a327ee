"""The icon that browsers ask for by its old address where no page has named another: beside a PDF, a download."""

from django.http import HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import path

from web.requests import Request


def icon(request: Request) -> HttpResponse:
    return HttpResponseRedirect(static("seal.svg"))


urlpatterns = [path("favicon.ico", icon, name="icon")]
