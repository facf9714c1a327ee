"""The chart of a bulletin: each unit's share struck off with its interval, beside the share of all. What differs by
chance alone lies across the line, and nobody is ranked. Drawn here as SVG for pages and PDF, and as PNG for DOCX.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from casework.official_paper.faces import chinese_face
from oversight.bulletins.content import BulletinContent

# In units of the drawing.
WIDTH, ROW, LABELS, FIGURES, TOP, BOTTOM = 600, 24, 130, 90, 10, 26
SCALE = 3  # pixels of the PNG to a unit
CAPTION = "各县区期内问题办结率（点）及95%置信区间（线），竖线为全部问题的办结率"


@dataclass(frozen=True)
class Row:
    """A unit as it is drawn, in units of the drawing."""

    label: str
    figures: str
    y: int
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Chart:
    rows: tuple[Row, ...]
    usual: float
    usual_words: str
    height: int
    ticks: tuple[tuple[float, str], ...]
    caption: str = CAPTION
    width: int = WIDTH
    label_end: int = LABELS - 8
    plot_begin: int = LABELS
    plot_end: int = WIDTH - FIGURES
    plot_bottom: int = 0


def chart_of(content: BulletinContent) -> Chart | None:
    """The drawing; None where fewer than two units can be compared, which a sentence says better."""
    if len(content.points) < 2:
        return None
    rows = tuple(
        Row(
            label=point.unit,
            figures=f"{point.part}/{point.whole}",
            y=TOP + ROW // 2 + ROW * number,
            x=_x(point.share),
            low=_x(point.low),
            high=_x(point.high),
        )
        for number, point in enumerate(content.points)
    )
    bottom = TOP + ROW * len(rows)
    return Chart(
        rows=rows,
        usual=_x(content.usual),
        usual_words=f"{round(content.usual * 100)}%",
        height=bottom + BOTTOM,
        ticks=tuple((_x(share / 100), f"{share}%") for share in (0, 25, 50, 75, 100)),
        plot_bottom=bottom,
    )


def _x(share: float) -> float:
    return round(LABELS + share * (WIDTH - LABELS - FIGURES), 1)


def png_of(chart: Chart) -> bytes | None:
    """The drawing as a picture; None where the server has no face with Chinese characters: boxes say nothing."""
    face = chinese_face()
    if face is None:
        return None
    picture = Image.new("RGB", (chart.width * SCALE, chart.height * SCALE), "white")
    draw = ImageDraw.Draw(picture)
    font, small = face.font_variant(size=13 * SCALE), face.font_variant(size=11 * SCALE)

    def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> None:
        ends = (x1 * SCALE, y1 * SCALE, x2 * SCALE, y2 * SCALE)
        draw.line(ends, fill=colour, width=max(1, round(width * SCALE)))

    def words(x: float, y: float, text: str, anchor: str, face: ImageFont.FreeTypeFont) -> None:
        draw.text((x * SCALE, y * SCALE), text, fill="black", font=face, anchor=anchor)

    for x, text in chart.ticks:
        line(x, TOP, x, chart.plot_bottom, "#dddddd", 0.7)
        words(x, chart.plot_bottom + 12, text, "mm", small)
    line(chart.usual, TOP, chart.usual, chart.plot_bottom, "#d0021b", 1.2)
    for row in chart.rows:
        words(chart.label_end, row.y, row.label, "rm", font)
        words(chart.plot_end + 10, row.y, row.figures, "lm", font)
        line(row.low, row.y, row.high, row.y, "#555555", 1.6)
        draw.ellipse(
            ((row.x - 4) * SCALE, (row.y - 4) * SCALE, (row.x + 4) * SCALE, (row.y + 4) * SCALE), fill="#222222"
        )
    file = BytesIO()
    picture.save(file, "PNG", dpi=(300, 300))
    return file.getvalue()
