"""The Chinese face with which a picture is drawn, where the server has one: boxes say nothing."""

from functools import cache
from typing import Any, Protocol

from PIL import ImageFont

# Where systems keep a Chinese face; the first that is there and draws a Chinese character is taken.
FACES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSerifCJK-Regular.ttc",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "simhei.ttf",
    "msyh.ttc",
    "simsun.ttc",
)


class Face(Protocol):
    def getmask(self, text: str) -> Any: ...


@cache
def chinese_face() -> ImageFont.FreeTypeFont | None:
    for name in FACES:
        try:
            face = ImageFont.truetype(name, 40)
        except OSError:
            continue
        if _draws_chinese(face):
            return face
    return None


def _draws_chinese(face: Face) -> bool:
    """Whether a character is drawn as itself, and not as the box of one that is missing."""
    return bytes(face.getmask("县")) != bytes(face.getmask("\uffff"))
