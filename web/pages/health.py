"""Whether the program is well: its database answers."""

from django.db import connection
from django.http import JsonResponse
from django.urls import path

from web.requests import Request


def health(request: Request) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


urlpatterns = [path("health", health, name="health")]
