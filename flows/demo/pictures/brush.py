"""What every demo picture is made of: surfaces, sheets, strokes that look like writing, seals, and a camera's faults.

Everything is drawn from one `Random`, so a picture is the same bytes on every machine with the same Pillow.
"""

import math
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 900
SIZE = (WIDTH, HEIGHT)
INK = (38, 40, 48)
BLUE_INK = (34, 54, 120)
SEAL_RED = (196, 38, 34)
PAPER = (247, 244, 234)

Colour = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with this share of the other one in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def grain(random: Random, size: tuple[int, int], cell: int) -> Image.Image:
    """Soft grey clouds whose lumps are about `cell` pixels wide."""
    small = (max(2, size[0] // cell + 2), max(2, size[1] // cell + 2))
    return Image.frombytes("L", small, random.randbytes(small[0] * small[1])).resize(size, Image.Resampling.BICUBIC)


def surface(random: Random, size: tuple[int, int], colour: Colour, *, rough: float = 0.12) -> Image.Image:
    """A plastered wall, a sheet, a floor: one colour with clouds in it."""
    coarse = Image.blend(grain(random, size, 160), grain(random, size, 24), 0.4)
    dark = Image.new("RGB", size, mixed(colour, (0, 0, 0), rough))
    light = Image.new("RGB", size, mixed(colour, (255, 255, 255), rough))
    return Image.composite(light, dark, coarse)


def wood(random: Random, size: tuple[int, int], colour: Colour) -> Image.Image:
    """A table top: the clouds drawn out along the boards."""
    small = (6, size[1] // 3)
    streaks = Image.frombytes("L", small, random.randbytes(small[0] * small[1]))
    streaks = streaks.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(1.2))
    table = Image.composite(
        Image.new("RGB", size, mixed(colour, (255, 238, 205), 0.16)),
        Image.new("RGB", size, mixed(colour, (40, 20, 8), 0.2)),
        streaks,
    )
    draw = ImageDraw.Draw(table)
    for y in range(random.randrange(60, 200), size[1], random.randrange(190, 260)):
        draw.line((0, y, size[0], y), fill=mixed(colour, (20, 10, 4), 0.6), width=3)
    return table


def glyph(draw: ImageDraw.ImageDraw, random: Random, x: float, y: float, side: float, ink: Colour, weight: int) -> None:
    """A square of strokes with the rhythm of a printed character; it says nothing."""
    left, right, top, bottom = x + side * 0.08, x + side * 0.9, y + side * 0.08, y + side * 0.92
    middle = x + side * random.uniform(0.35, 0.65)
    for share in sorted(random.sample((0.06, 0.28, 0.5, 0.72, 0.94), random.randint(2, 3))):
        level = top + (bottom - top) * share
        start = left if random.random() < 0.7 else middle - side * 0.1
        draw.line((start, level, right, level), fill=ink, width=weight)
    shape = random.random()
    if shape < 0.45:
        draw.line((middle, top, middle, bottom), fill=ink, width=weight)
    if shape > 0.3:
        draw.line((left + side * 0.1, top + side * 0.1, left + side * 0.1, bottom), fill=ink, width=weight)
    if shape > 0.62:
        draw.line((right - side * 0.06, top, right - side * 0.06, bottom), fill=ink, width=weight)
    if random.random() < 0.5:
        draw.line((middle, y + side * 0.5, left, bottom), fill=ink, width=weight)
        draw.line((middle, y + side * 0.5, right, bottom), fill=ink, width=weight)


def line_of_glyphs(
    draw: ImageDraw.ImageDraw, random: Random, place: Point, count: int, side: float, ink: Colour = INK, weight: int = 2
) -> None:
    """A line of printed characters, with a comma's gap here and there."""
    x, y = place
    for _number in range(count):
        if random.random() > 0.07:
            glyph(draw, random, x, y, side, ink, weight)
        x += side * 1.14


def paragraph(
    draw: ImageDraw.ImageDraw, random: Random, box: Box, side: float, ink: Colour = INK, weight: int = 2
) -> None:
    """Printed text that fills a box: the first line indented, the last one short."""
    left, top, right, bottom = box
    most = int((right - left) / (side * 1.14))
    lines = int((bottom - top) / (side * 1.6))
    for number in range(lines):
        indent = 2 if number == 0 else 0
        count = most - indent if number < lines - 1 else max(3, random.randint(most // 4, most - 2))
        line_of_glyphs(draw, random, (left + indent * side * 1.14, top + number * side * 1.6), count, side, ink, weight)


def handwriting(
    draw: ImageDraw.ImageDraw, random: Random, place: Point, count: int, side: float, ink: Colour = BLUE_INK
) -> None:
    """Characters by hand: strokes that lean, swell and run into each other."""
    x, y = place
    for _number in range(count):
        lean = random.uniform(-0.08, 0.08)
        for _stroke in range(random.randint(4, 6)):
            start = (x + side * random.uniform(0.05, 0.6), y + side * random.uniform(0.05, 0.85))
            turn = random.choice((0.0, 0.05, math.pi / 2, math.pi * 0.75, math.pi * 0.28)) + lean
            long = side * random.uniform(0.3, 0.75)
            bend = random.uniform(-0.25, 0.25)
            points = [
                (
                    start[0] + math.cos(turn + bend * step / 6) * long * step / 6,
                    start[1] + math.sin(turn + bend * step / 6) * long * step / 6,
                )
                for step in range(7)
            ]
            draw.line(points, fill=ink, width=max(2, round(side / random.uniform(11, 15))), joint="curve")
        x += side * random.uniform(0.92, 1.08)
        y += random.uniform(-0.04, 0.03) * side


def star(centre: Point, radius: float) -> list[Point]:
    return [
        (
            centre[0] + math.sin(math.pi * n / 5) * radius * (1 if n % 2 == 0 else 0.4),
            centre[1] - math.cos(math.pi * n / 5) * radius * (1 if n % 2 == 0 else 0.4),
        )
        for n in range(10)
    ]


def press_seal(sheet: Image.Image, random: Random, centre: Point, radius: int) -> None:
    """A round red seal with a star, inked unevenly, as a village office presses it."""
    side = radius * 2 + 8
    mask = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((4, 4, side - 4, side - 4), outline=235, width=max(3, radius // 14))
    draw.polygon(star((side / 2, side / 2), radius * 0.33), fill=235)
    for number in range(11):
        angle = math.pi * (0.78 + 1.44 * number / 10)
        at = (side / 2 + math.cos(angle) * radius * 0.74, side / 2 + math.sin(angle) * radius * 0.74)
        letter = Image.new("L", (radius // 4 + 4, radius // 4 + 4), 0)
        pen = ImageDraw.Draw(letter)
        for stroke in range(3):
            pen.line((2, 3 + stroke * radius // 11, radius // 4, 3 + stroke * radius // 11), fill=235, width=2)
        pen.line((radius // 8, 2, radius // 8, radius // 4), fill=235, width=2)
        turned = letter.rotate(-math.degrees(angle) - 90, expand=True)
        mask.paste(turned, (round(at[0] - turned.width / 2), round(at[1] - turned.height / 2)), turned)
    uneven = grain(random, (side, side), 14).point(lambda value: 150 + value * 105 // 255)
    mask = ImageChops.multiply(mask, uneven).rotate(random.uniform(-18, 18))
    sheet.paste(SEAL_RED, (round(centre[0] - side / 2), round(centre[1] - side / 2)), mask)


def press_thumb(sheet: Image.Image, random: Random, centre: Point, radius: int = 22) -> None:
    """A fingerprint in red ink beside a name."""
    mask = Image.new("L", (radius * 2, radius * 2 + 12), 0)
    draw = ImageDraw.Draw(mask)
    for ring in range(2, radius, 4):
        draw.ellipse((radius - ring, radius + 4 - ring, radius + ring, radius + 8 + ring), outline=190, width=2)
    mask = mask.rotate(random.uniform(-30, 30))
    sheet.paste(SEAL_RED, (round(centre[0] - radius), round(centre[1] - radius)), mask)


def sheet_of_paper(random: Random, size: tuple[int, int], colour: Colour = PAPER) -> Image.Image:
    return surface(random, size, colour, rough=0.025)


def creases(sheet: Image.Image, random: Random, count: int) -> None:
    """Folds and wear on a sheet that nobody looked after."""
    lines = Image.new("L", sheet.size, 128)
    draw = ImageDraw.Draw(lines)
    for _number in range(count):
        a = (random.uniform(0, sheet.width), random.uniform(0, sheet.height))
        turn = random.uniform(0, math.tau)
        b = (a[0] + math.cos(turn) * sheet.width, a[1] + math.sin(turn) * sheet.height)
        draw.line((a, b), fill=random.choice((90, 170)), width=random.randint(3, 7))
        draw.polygon((a, b, (b[0] + random.uniform(-260, 260), b[1] + 120)), fill=random.choice((118, 136)))
    soft = lines.filter(ImageFilter.GaussianBlur(4)).convert("RGB")
    sheet.paste(ImageChops.add(sheet, soft, scale=1, offset=-128))


def lay(ground: Image.Image, piece: Image.Image, corners: tuple[Point, Point, Point, Point], *, lift: int = 14) -> None:
    """Put a flat piece on the ground as a camera sees it: corners clockwise from the upper left, with its shadow."""
    margin = lift * 3 + 2
    left, top = (round(min(corner[axis] for corner in corners)) - margin for axis in (0, 1))
    right, bottom = (round(max(corner[axis] for corner in corners)) + margin for axis in (0, 1))
    size = (right - left, bottom - top)
    upper_left, upper_right, lower_right, lower_left = ((x - left, y - top) for x, y in corners)
    matrix = perspective((upper_left, upper_right, lower_right, lower_left), piece.size)
    mask = piece.getchannel("A") if piece.mode == "RGBA" else Image.new("L", piece.size, 255)
    bicubic = Image.Resampling.BICUBIC
    seen = piece.convert("RGB").transform(size, Image.Transform.PERSPECTIVE, matrix, bicubic)
    mask = mask.transform(size, Image.Transform.PERSPECTIVE, matrix, bicubic)
    if lift:
        shade = ImageChops.offset(mask, lift // 2, lift).filter(ImageFilter.BoxBlur(lift))
        ground.paste((22, 18, 16), (left, top), shade.point(lambda value: value * 115 // 255))
    ground.paste(seen, (left, top), mask)


def perspective(corners: tuple[Point, Point, Point, Point], size: tuple[int, int]) -> list[float]:
    """The eight coefficients that Pillow wants: from each place on the ground back to the flat piece."""
    width, height = size
    flat = ((0, 0), (width, 0), (width, height), (0, height))
    rows = []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return solved(rows)


def solved(rows: list[list[float]]) -> list[float]:
    """Gauss–Jordan with pivoting; each row ends with its right-hand side."""
    count = len(rows)
    for column in range(count):
        best = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(count):
            if row != column and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[count] for row in rows]


def jittered(random: Random, box: Box, by: float) -> tuple[Point, Point, Point, Point]:
    """The corners of a box as a hand that isn't quite steady frames them."""
    left, top, right, bottom = box

    def near(x: float, y: float) -> Point:
        return x + random.uniform(-by, by), y + random.uniform(-by, by)

    return near(left, top), near(right, top), near(right, bottom), near(left, bottom)


def photographed(picture: Image.Image, random: Random, *, dim: float = 0.0) -> bytes:
    """The picture as a phone takes it: light from one side, darker corners, some noise; as a JPEG."""
    side = Image.linear_gradient("L").rotate(random.choice((0, 90, 180, 270))).resize(SIZE)
    glow = ImageChops.invert(Image.radial_gradient("L")).resize(SIZE)
    light = Image.blend(side, glow, 0.62).point(lambda value: round((0.72 - dim * 0.3) * 255 + value * 0.30))
    picture = ImageChops.multiply(picture, Image.merge("RGB", (light, light, light)))
    small = (WIDTH * 2 // 3, HEIGHT * 2 // 3)
    noise = Image.frombytes("L", small, random.randbytes(small[0] * small[1])).resize(SIZE, Image.Resampling.BILINEAR)
    noise = noise.point(lambda value: value // 20)
    picture = ImageChops.add(picture, Image.merge("RGB", (noise, noise, noise)), 1, -5)
    file = BytesIO()
    picture.filter(ImageFilter.BoxBlur(0.6)).save(file, "JPEG", quality=70, optimize=True)
    return file.getvalue()
