"""A page of ours set as PDF by WeasyPrint. Nothing is ever fetched: a document is made of its own words alone."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal


def set_as_pdf(html: str) -> bytes:
    """The document. Refuses where the server lacks the library that sets the type."""
    typeset, fonts, refuse_to_fetch = _typesetter()
    document = typeset(string=html, url_fetcher=refuse_to_fetch, base_url=None)
    return bytes(document.write_pdf(font_config=fonts))


@cache
def _typesetter() -> tuple[Any, Any, Any]:
    try:
        # Imported when the first document is asked for: without Pango the import itself fails.
        from weasyprint import HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise Refusal(
            "no_pango",
            _("This server lacks the Pango library, so it can make no PDF. Take the DOCX, or ask the administrator."),
        ) from error

    class RefuseToFetch(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise ValueError("a document fetches nothing")

    return HTML, FontConfiguration(), RefuseToFetch()
