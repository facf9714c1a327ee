"""A letter as PDF."""

from django.template.loader import render_to_string

from casework.official_paper.numerals import numeral
from casework.official_paper.pdf import set_as_pdf
from casework.values.days_in_words import chinese_day
from notifications.letters.content import LetterContent


def write_pdf(content: LetterContent) -> bytes:
    """The document. Refuses where the server lacks the library that sets the type."""
    return set_as_pdf(html_of(content))


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
