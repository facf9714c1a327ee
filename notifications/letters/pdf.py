"""A letter as PDF, laid out by WeasyPrint. Nothing is ever fetched: a document is made of its own words alone."""

from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from casework.days_in_words import chinese_day
from casework.errors import Refusal
from notifications.letters.content import LetterContent, numeral


def write_pdf(content: LetterContent) -> bytes:
    """The document. Refuses where the server lacks the library that sets the type."""
    html, fonts, refuse_to_fetch = _typesetter()
    document = html(string=html_of(content), url_fetcher=refuse_to_fetch, base_url=None)
    return bytes(document.write_pdf(font_config=fonts))


def html_of(content: LetterContent) -> str:
    return render_to_string(
        f"documents/{content.kind}.html",
        {
            "letter": content,
            "issued_on": chinese_day(content.issued_on),
            "due_on": chinese_day(content.due_on),
            "requirements": [(numeral(n), words) for n, words in enumerate(content.requirements, start=1)],
        },
    )


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
