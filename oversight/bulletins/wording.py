"""What the rules on lighter burdens say of a document's words: how long it may be, and to whom it may give orders.

The rules of 2024: a special-task document has at most 4,000 characters, a year no more documents than the one before,
and a coordinating body directs no party committee and no government. Pointed out, and never forbidden.
"""

import re
from collections.abc import Iterable

MOST_CHARACTERS = 4000
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
# 村党组织 and 党委书记 are no addressees; 县区党委政府 is one.
ADDRESSED = re.compile(r"(?:党委(?!书记|会)|党工委|人民政府|(?<!人民)(?<!电子)政府(?!网站|采购|信息)|管委会)")
ORDERS = re.compile(r"(?:要|须|必须|务必|应当|应该|严禁|不得|不准|责令|确保|请于|限于?)")


def length_of(texts: Iterable[str]) -> int:
    """Characters as an office counts them: without spaces and line ends."""
    return sum(len("".join(text.split())) for text in texts)


def orders_in(text: str) -> list[str]:
    """The sentences that tell a party committee or a government what it has to do."""
    return [
        sentence.strip()
        for sentence in SENTENCE.findall(text)
        if (addressed := ADDRESSED.search(sentence)) and ORDERS.search(sentence, addressed.end())
    ]
