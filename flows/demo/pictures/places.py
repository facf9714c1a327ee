"""Places in a village: the clarity wall, a lane, a building site, the filing cabinet, the door with its card."""

import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from flows.demo.pictures.brush import (
    HEIGHT,
    INK,
    SEAL_RED,
    SIZE,
    WIDTH,
    Colour,
    creases,
    glyph,
    grain,
    jittered,
    lay,
    line_of_glyphs,
    mixed,
    paragraph,
    press_seal,
    sheet_of_paper,
    surface,
)

PLASTERS: tuple[Colour, ...] = ((214, 206, 190), (202, 208, 206), (222, 204, 178), (196, 190, 184))
LEAVES: tuple[Colour, ...] = ((58, 96, 52), (80, 120, 58), (44, 82, 58), (104, 134, 62))


def wall(random: Random) -> Image.Image:
    """A plastered wall above a darker band and the yard."""
    ground = surface(random, SIZE, random.choice(PLASTERS), rough=0.14)
    band = surface(random, (WIDTH, 150), random.choice(((120, 118, 112), (142, 96, 76), (96, 112, 118))), rough=0.1)
    ground.paste(band, (0, 690))
    yard = surface(random, (WIDTH, 120), (168, 162, 152), rough=0.18)
    ground.paste(yard, (0, 800))
    draw = ImageDraw.Draw(ground)
    draw.line((0, 800, WIDTH, 800), fill=(70, 66, 62), width=6)
    for x in range(random.randrange(40, 200), WIDTH, 330):
        draw.line((x, 806, x * 1.4 - 240, HEIGHT), fill=(140, 134, 124), width=3)
    return ground


def stain(ground: Image.Image, random: Random, count: int) -> None:
    """Rain streaks, and plaster that has come off."""
    mask = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(mask)
    for _number in range(count):
        x, top = random.randrange(WIDTH), random.randrange(0, 300)
        draw.polygon(
            (
                (x, top),
                (x + random.randrange(14, 46), top),
                (x + random.randrange(6, 26), top + random.randrange(160, 460)),
            ),
            fill=random.randrange(40, 90),
        )
    ground.paste((74, 66, 54), (0, 0), mask.filter(ImageFilter.GaussianBlur(9)))
    draw = ImageDraw.Draw(ground)
    for _number in range(count // 3):
        blob(
            draw,
            random,
            (random.randrange(WIDTH), random.randrange(520, 680)),
            random.randrange(24, 60),
            (158, 110, 84),
        )


def blob(draw: ImageDraw.ImageDraw, random: Random, centre: tuple[float, float], radius: float, colour: Colour) -> None:
    """A patch with a ragged edge."""
    points = []
    for step in range(14):
        angle = step / 14 * math.tau
        reach = radius * random.uniform(0.6, 1.15)
        points.append((centre[0] + math.cos(angle) * reach, centre[1] + math.sin(angle) * reach * 0.7))
    draw.polygon(points, fill=colour)


def bush(ground: Image.Image, random: Random, centre: tuple[float, float], radius: int) -> None:
    draw = ImageDraw.Draw(ground)
    for _leaf in range(radius * 2):
        angle, reach = random.uniform(0, math.tau), radius * math.sqrt(random.random())
        x, y = centre[0] + math.cos(angle) * reach, centre[1] + math.sin(angle) * reach * 0.72
        side = random.uniform(7, 16)
        draw.ellipse((x - side, y - side * 0.7, x + side, y + side * 0.7), fill=random.choice(LEAVES))


def board(random: Random, *, after: bool) -> Image.Image:
    """A clarity wall: rusty, torn and nearly empty before; under a rain canopy, complete and sealed after."""
    ground = wall(random)
    base = random.choice(((28, 84, 148), (150, 32, 30), (24, 104, 84)))
    if not after:
        stain(ground, random, 14)
    colour = base if after else mixed(base, (150, 140, 128), 0.5)
    panel = surface(random, (1000, 560), colour, rough=0.05 if after else 0.2)
    draw = ImageDraw.Draw(panel)
    head = (250, 226, 140) if after else mixed(colour, (225, 214, 190), 0.6)
    x = 500.0 - 4.5 * 62
    for number in range(8):
        if after or number not in (2, 5):
            glyph(draw, random, x + number * 72, 26, 58, head, 6)
    for number in range(8):
        left, top = 34 + (number % 4) * 236, 112 + (number // 4) * 220
        draw.rectangle((left, top, left + 220, top + 204), outline=mixed(colour, (0, 0, 0), 0.25), width=2)
        if after or number in (1, 6):
            notice(panel, random, left + 10, top + 8, after=after)
        elif random.random() < 0.7:
            scrap = random.choice(((left + 12, top + 10), (left + 160, top + 14), (left + 20, top + 150)))
            blob(draw, random, (scrap[0] + 18, scrap[1] + 14), 24, (214, 206, 186))
    frame = mixed((176, 182, 188), (130, 72, 36), 0.0 if after else 0.55)
    draw.rectangle((0, 0, 999, 559), outline=frame, width=14)
    corners = jittered(random, (110, 150, 1090, 690), 8 if after else 20)
    for x in (190, 980):
        ImageDraw.Draw(ground).rectangle((x, 660, x + 26, 812), fill=frame)
    lay(ground, panel, corners, lift=18)
    if after:
        canopy(ground, random)
    else:
        for _number in range(3):
            blob(
                ImageDraw.Draw(ground),
                random,
                (random.randrange(WIDTH), random.randrange(820, 880)),
                22,
                (222, 216, 202),
            )
        bush(ground, random, (random.choice((70, 1130)), 770), 110)
    return ground


def notice(panel: Image.Image, random: Random, left: int, top: int, *, after: bool) -> None:
    """A sheet behind the glass: a table or a text."""
    sheet = sheet_of_paper(random, (200, 188), (252, 251, 246) if after else (222, 208, 170))
    draw = ImageDraw.Draw(sheet)
    line_of_glyphs(draw, random, (46, 10), 6, 17, SEAL_RED if after else mixed(INK, (200, 180, 150), 0.4), 2)
    if random.random() < 0.55:
        for row in range(8):
            draw.line((12, 40 + row * 17, 188, 40 + row * 17), fill=(120, 120, 120), width=1)
            if row < 7:
                line_of_glyphs(draw, random, (16, 43 + row * 17), random.randint(9, 12), 11, INK, 1)
        for x in (12, 70, 130, 188):
            draw.line((x, 40, x, 159), fill=(120, 120, 120), width=1)
    else:
        paragraph(draw, random, (14, 40, 190, 170), 12, INK, 1)
    if after:
        press_seal(sheet, random, (158, 152), 24)
    else:
        creases(sheet, random, 5)
        draw.polygon(((200, 188), (200, 90), (130, 188)), fill=(96, 104, 112))
    panel.paste(sheet, (left, top))


def canopy(ground: Image.Image, random: Random) -> None:
    """The new roof over the board that keeps the rain off, and its shadow."""
    shade = Image.new("L", SIZE, 0)
    ImageDraw.Draw(shade).polygon(((90, 150), (1110, 150), (1090, 236), (110, 236)), fill=110)
    ground.paste((14, 14, 18), (0, 0), shade.filter(ImageFilter.GaussianBlur(16)))
    draw = ImageDraw.Draw(ground)
    tile = random.choice(((92, 98, 104), (136, 58, 44), (60, 96, 120)))
    draw.polygon(((130, 62), (1070, 62), (1140, 152), (60, 152)), fill=tile)
    for step in range(33):
        share = step / 32
        line = (130 + 940 * share, 62, 60 + 1080 * share, 152)
        draw.line(line, fill=mixed(tile, (255, 255, 255) if step % 2 else (0, 0, 0), 0.22), width=5)
    draw.rectangle((60, 150, 1140, 164), fill=mixed(tile, (0, 0, 0), 0.4))


def sky(random: Random) -> Image.Image:
    """A village lane's background: sky, hills, houses, the lane running away."""
    top, low = random.choice((((150, 186, 216), (224, 232, 232)), ((176, 188, 196), (226, 224, 216))))
    ground = Image.composite(
        Image.new("RGB", SIZE, low), Image.new("RGB", SIZE, top), Image.linear_gradient("L").resize(SIZE)
    )
    clouds = grain(random, SIZE, 190).point(lambda value: max(0, value - 140))
    ground.paste((250, 250, 250), (0, 0), clouds)
    draw = ImageDraw.Draw(ground)
    for level, colour in ((360, (140, 164, 168)), (400, (104, 138, 118))):
        points = [
            (float(x), level - 60 * abs(math.sin(x / 210 + level)) - random.uniform(0, 14))
            for x in range(0, WIDTH + 41, 40)
        ]
        draw.polygon([(0, HEIGHT), *points, (WIDTH, HEIGHT)], fill=colour)
    ground.paste(surface(random, (WIDTH, HEIGHT - 440), (146, 150, 98), rough=0.2), (0, 440))
    return ground


def house(ground: Image.Image, random: Random, left: int, width: int, top: int, bottom: int) -> None:
    walls = surface(
        random, (width, bottom - top), random.choice(((232, 226, 214), (226, 208, 184), (212, 216, 214))), rough=0.07
    )
    ground.paste(walls, (left, top))
    draw = ImageDraw.Draw(ground)
    roof = random.choice(((112, 60, 48), (84, 88, 96), (104, 84, 72)))
    draw.polygon(
        ((left - 26, top), (left + 40, top - 74), (left + width - 40, top - 74), (left + width + 26, top)), fill=roof
    )
    for step in range(0, width - 70, 18):
        draw.line(
            (left + 40 + step, top - 74, left - 8 + step * (width + 20) // (width - 70), top),
            fill=mixed(roof, (0, 0, 0), 0.25),
            width=3,
        )
    draw.rectangle((left + width // 2 - 34, bottom - 118, left + width // 2 + 34, bottom), fill=(116, 44, 36))
    draw.rectangle((left + width // 2 - 22, bottom - 104, left + width // 2 + 22, bottom - 70), fill=(206, 60, 44))
    for x in (left + 36, left + width - 96):
        draw.rectangle((x, top + 40, x + 60, top + 106), fill=(92, 118, 134), outline=(238, 238, 234), width=6)
        draw.line((x + 30, top + 40, x + 30, top + 106), fill=(238, 238, 234), width=5)


def lane(random: Random, *, after: bool) -> Image.Image:
    """A lane: heaps of rubbish and standing water before; swept, with bins and planted edges, after."""
    ground = sky(random)
    house(ground, random, 40, 350, 300, 520)
    house(ground, random, 830, 330, 290, 530)
    draw = ImageDraw.Draw(ground)
    asphalt = surface(random, SIZE, (176, 174, 170) if after else (142, 128, 108), rough=0.12)
    mask = Image.new("L", SIZE, 0)
    ImageDraw.Draw(mask).polygon(((548, 440), (660, 440), (1130, HEIGHT), (60, HEIGHT)), fill=255)
    ground.paste(asphalt, (0, 0), mask)
    if after:
        for step in range(7):
            y, half = 470.0 + step * step * 9, 2 + step * 1.4
            draw.polygon(
                (
                    (604 - half, y),
                    (604 + half, y),
                    (600 + half * 1.5, y + 10 + step * 7),
                    (600 - half * 1.5, y + 10 + step * 7),
                ),
                fill=(240, 236, 220),
            )
        for share in (0.15, 0.32, 0.52, 0.76):
            for side in (-1, 1):
                y = 470 + 430 * share
                bush(ground, random, (604 + side * (90 + 560 * share), y), int(26 + 54 * share))
                flowers(ground, random, (604 + side * (90 + 560 * share), y), 22 + 46 * share)
        for number, colour in enumerate(((44, 120, 70), (40, 92, 160))):
            bin_of(ground, (860 + number * 96, 540), colour)
    else:
        for _number in range(3):
            x, y = random.uniform(380, 820), random.uniform(620, 840)
            draw.ellipse((x - 110, y - 22, x + 110, y + 26), fill=(112, 112, 108))
            draw.ellipse((x - 84, y - 14, x + 60, y + 12), fill=(158, 168, 174))
        heap(ground, random, (300, 700), 170)
        heap(ground, random, (910, 640), 130)
        for _piece in range(50):
            x, y = random.uniform(80, 1120), random.uniform(560, 890)
            blob(draw, random, (x, y), random.uniform(5, 15), random.choice(RUBBISH))
    return ground


RUBBISH: tuple[Colour, ...] = (
    (226, 226, 222),
    (58, 58, 62),
    (190, 60, 50),
    (70, 110, 168),
    (206, 178, 70),
    (128, 100, 72),
)


def heap(ground: Image.Image, random: Random, centre: tuple[float, float], radius: int) -> None:
    draw = ImageDraw.Draw(ground)
    draw.ellipse(
        (centre[0] - radius, centre[1] + radius * 0.1, centre[0] + radius, centre[1] + radius * 0.5), fill=(70, 62, 52)
    )
    for number in range(150):
        up = number / 150
        x = centre[0] + random.uniform(-1, 1) * radius * (1 - up * 0.8)
        y = centre[1] + radius * (0.36 - up * 0.72) + random.uniform(-10, 10)
        blob(draw, random, (x, y), random.uniform(8, radius / 6), random.choice(RUBBISH))


def flowers(ground: Image.Image, random: Random, centre: tuple[float, float], reach: float) -> None:
    draw = ImageDraw.Draw(ground)
    for _flower in range(int(reach) // 2):
        x, y = centre[0] + random.uniform(-reach, reach), centre[1] + random.uniform(-reach * 0.6, reach * 0.5)
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=random.choice(((232, 88, 96), (246, 206, 84), (244, 236, 240))))


def bin_of(ground: Image.Image, place: tuple[int, int], colour: Colour) -> None:
    draw = ImageDraw.Draw(ground)
    x, y = place
    draw.ellipse((x - 10, y + 112, x + 92, y + 138), fill=(92, 88, 80))
    draw.polygon(((x, y + 18), (x + 80, y + 18), (x + 72, y + 126), (x + 8, y + 126)), fill=colour)
    draw.rounded_rectangle((x - 6, y, x + 86, y + 22), 7, fill=mixed(colour, (0, 0, 0), 0.3))
    draw.ellipse((x + 24, y + 48, x + 56, y + 80), fill=(236, 240, 236))
