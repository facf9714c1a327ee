"""The charts of the sheet on paper: open cases by light month by month, and the units below as small multiples on one
scale. No pie, no ranking; the tables say the same.
"""

from collections.abc import Sequence

from oversight.figures.below import UnitRow
from oversight.figures.counting import Standing
from oversight.figures.drawing import Area, Drawing, Line, Words
from oversight.figures.sheet import Sheet

# In units of a drawing.
WIDTH = 600
STACK_HEIGHT, LEFT, TOP, BOTTOM = 190, 34, 26, 22
ACROSS, CELL_HEIGHT, MOST_IN_ONE = 4, 92, 24
GRID, INK, RED = "#dddddd", "#222222", "#c0392b"
# From below to above, so that grey print keeps them apart: each is darker than the one before.
LIGHTS = (
    ("unassigned", "未交办", "#ffffff"),
    ("on_time", "期限内", "#dfe9e4"),
    ("blue", "蓝灯", "#8db4d8"),
    ("yellow", "黄灯", "#e0a800"),
    ("red", "红灯", "#a82315"),
)
STACK_TOLD = "各月末未办结问题，按预警灯分"
SMALL_TOLD = "所属单位各月末未办结（线）和已超期（红）问题数，同一刻度，按行政区划排列，不排名次"


def charts_of(sheet: Sheet) -> tuple[Drawing, ...]:
    """The drawings that say something: none where nothing was ever open."""
    drawn = []
    if any(row.standing.open for row in sheet.rows):
        drawn.append(_by_light(sheet))
    if any(one.open for row in sheet.below for one in row.months):
        scale = max(one.open for row in sheet.below for one in row.months)
        firsts = range(0, len(sheet.below), MOST_IN_ONE)
        drawn += [_small_multiples(sheet.below[first : first + MOST_IN_ONE], scale) for first in firsts]
    return tuple(drawn)


def _by_light(sheet: Sheet) -> Drawing:
    drawing = Drawing(WIDTH, STACK_HEIGHT, STACK_TOLD)
    lights = LIGHTS if sheet.knows_unassigned else LIGHTS[1:]
    bottom, most = STACK_HEIGHT - BOTTOM, _round_up(max(row.standing.open for row in sheet.rows))
    for share in (0, 0.5, 1):
        y = bottom - share * (bottom - TOP)
        drawing.grid.append(Line(((LEFT, y), (WIDTH, y)), GRID, 0.7))
        drawing.words.append(Words((LEFT - 5, y), f"{most * share:g}", 10, "end"))
    step = (WIDTH - LEFT) / len(sheet.rows)
    for place, row in enumerate(sheet.rows):
        left, y = LEFT + step * place + step * 0.14, float(bottom)
        for key, _words, colour in lights:
            height = getattr(row.standing, key) / most * (bottom - TOP)
            if height:
                drawing.bar(left, y - height, left + step * 0.72, y, colour)
                y -= height
        if row.standing.open:
            drawing.words.append(Words((left + step * 0.36, y - 7), str(row.standing.open), 10, "middle"))
        drawing.words.append(Words((left + step * 0.36, bottom + 11), f"{row.month:%y/%m}", 10, "middle"))
    x = float(LEFT)
    for _key, words, colour in lights:
        drawing.bar(x, 4, x + 11, 15, colour)
        drawing.words.append(Words((x + 15, 9.5), words))
        x += 30 + 12 * len(words)
    return drawing


def _small_multiples(rows: Sequence[UnitRow], scale: int) -> Drawing:
    lines = -(-len(rows) // ACROSS)
    drawing = Drawing(WIDTH, lines * CELL_HEIGHT, SMALL_TOLD)
    wide = WIDTH / ACROSS
    for place, row in enumerate(rows):
        left, top = place % ACROSS * wide + 4, place // ACROSS * CELL_HEIGHT
        _one_unit(drawing, row, left, top + 18, wide - 16, scale)
    return drawing


def _one_unit(drawing: Drawing, row: UnitRow, left: float, top: float, width: float, scale: int) -> None:
    height, bottom = CELL_HEIGHT - 40, top + CELL_HEIGHT - 40

    def at(place: int, value: int) -> tuple[float, float]:
        return left + width * place / max(1, len(row.months) - 1), bottom - height * value / max(1, scale)

    open_line = tuple(at(place, one.open) for place, one in enumerate(row.months))
    overdue = tuple(at(place, one.overdue) for place, one in enumerate(row.months))
    if any(one.overdue for one in row.months):
        drawing.areas.append(Area((*overdue, (left + width, bottom), (left, bottom)), RED))
    drawing.grid.append(Line(((left, bottom), (left + width, bottom)), GRID, 0.7))
    drawing.lines.append(Line(open_line, INK, 1.4))
    drawing.words.append(Words((left, top - 9), _short(row.unit.name), 12))
    drawing.words.append(Words((left, bottom + 10), _stands(row.standing), 10))


def _stands(standing: Standing) -> str:
    return f"未办结{standing.open}，超期{standing.overdue}"


def _short(name: str) -> str:
    return name if len(name) <= 10 else f"{name[:9]}…"


def _round_up(value: int) -> int:
    """A scale's end that halves well: 2, 4, 10, 20, 40, 100 …"""
    for step in (10**power for power in range(12)):
        for end in (2 * step, 4 * step, 6 * step, 8 * step, 10 * step):
            if value <= end:
                return end
    return value
