"""Where the words stand in a text that was found."""

import re
from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
AROUND = 18  # characters before the first hit
LENGTH = 60


@register.filter
def hits(text: str, words: Sequence[str]) -> SafeString:
    """A piece of the text around the first hit, with each hit marked."""
    spoken = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    found = re.search(spoken, text, re.IGNORECASE) if spoken else None
    begins = max(found.start() - AROUND, 0) if found else 0
    piece = " ".join(text[begins : begins + LENGTH].split())
    parts = re.split(f"({spoken})", piece, flags=re.IGNORECASE) if spoken else [piece]
    # Split by a group, the hits are every second part.
    marked = format_html_join("", "{}", ((_hit(part) if n % 2 else part,) for n, part in enumerate(parts)))
    return format_html("{}{}{}", "…" if begins else "", marked, "…" if begins + LENGTH < len(text) else "")


def _hit(part: str) -> SafeString:
    return format_html("<mark>{}</mark>", part)
