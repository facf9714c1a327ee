"""Text without what no document can hold: the one rule for forms, files and rows that come in.

XML 1.0, and with it DOCX and XLSX, has no place for most control characters, for lone halves of surrogate pairs and for
the code points that Unicode keeps free for programs; PostgreSQL refuses NUL. Word's soft line break is one of them.
"""

import re

# Line ends of every kind: Windows, old Macs, Word's soft line break and page break, Unicode's own.
LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
UNWRITABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)


def clean_text(value: str) -> str:
    """The text as every document can hold it: each line end is \\n, what can't be written is left out."""
    return UNWRITABLE.sub("", LINE_ENDS.sub("\n", value))
