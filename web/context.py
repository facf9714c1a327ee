"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def everywhere(request: HttpRequest) -> dict[str, object]:
    return {"source_url": settings.SOURCE_URL, "is_demo": not settings.PRODUCTION}
