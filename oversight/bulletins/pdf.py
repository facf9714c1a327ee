"""A bulletin as PDF."""

from django.template.loader import render_to_string

from casework.official_paper.pdf import set_as_pdf
from casework.values.days_in_words import chinese_day
from oversight.bulletins.chart import chart_of
from oversight.bulletins.content import ANNEX_COLUMNS, BulletinContent
from oversight.bulletins.docx import NOT_NUMBERED

# Rows of the annex and of the chart that leave room for the imprint on the same page.
MOST_ROWS = 26


def write_pdf(content: BulletinContent) -> bytes:
    """The document. Refuses where the server lacks the library that sets the type."""
    return set_as_pdf(html_of(content))


def html_of(content: BulletinContent) -> str:
    chart = chart_of(content)
    return render_to_string(
        "documents/bulletin.html",
        {
            "letter": content,
            "number": content.number or NOT_NUMBERED,
            "issued_on": chinese_day(content.issued_on) if content.issued_on else "    年  月  日",
            "columns": ANNEX_COLUMNS,
            "chart": chart,
            "fits": len(content.annex) + (len(chart.rows) if chart else 0) <= MOST_ROWS,
        },
    )
