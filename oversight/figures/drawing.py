"""A drawing of lines, areas and words, drawn on the server: as SVG for the PDF, as PNG for the DOCX."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageDraw

from casework.official_paper.faces import chinese_face

SCALE = 3  # pixels of the PNG to a unit of the drawing
Point = tuple[float, float]


@dataclass(frozen=True)
class Area:
    points: tuple[Point, ...]
    colour: str
    edge: str = ""

    @property
    def path(self) -> str:
        return _path(self.points)


@dataclass(frozen=True)
class Line:
    points: tuple[Point, ...]
    colour: str
    width: float = 1.0

    @property
    def path(self) -> str:
        return _path(self.points)


@dataclass(frozen=True)
class Words:
    """`anchor` is start, middle or end; `at` lies on the middle of the letters' height."""

    at: Point
    text: str
    size: int = 11
    anchor: str = "start"


@dataclass
class Drawing:
    """Grid lines lie below, then areas, lines and words. `told` says it in words, for those who don't see it."""

    width: float
    height: float
    told: str
    grid: list[Line] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def bar(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        self.areas.append(Area(corners, colour, edge="#555555"))


def png_of(drawing: Drawing) -> bytes | None:
    """The drawing as a picture; None where the server has no face with Chinese characters."""
    face = chinese_face()
    if face is None:
        return None
    picture = Image.new("RGB", (round(drawing.width * SCALE), round(drawing.height * SCALE)), "white")
    draw = ImageDraw.Draw(picture)

    def trace(line: Line) -> None:
        draw.line(_scaled(line.points), fill=line.colour, width=max(1, round(line.width * SCALE)), joint="curve")

    for line in drawing.grid:
        trace(line)
    for area in drawing.areas:
        draw.polygon(_scaled(area.points), fill=area.colour, outline=area.edge or None)
    for line in drawing.lines:
        trace(line)
    anchors = {"start": "lm", "middle": "mm", "end": "rm"}
    for one in drawing.words:
        font = face.font_variant(size=one.size * SCALE)
        draw.text(_scaled([one.at])[0], one.text, fill="black", font=font, anchor=anchors[one.anchor])
    file = BytesIO()
    picture.save(file, "PNG", dpi=(300, 300))
    return file.getvalue()


def _scaled(points: Sequence[Point]) -> list[Point]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
