"""A building site, the filing cabinet, the door with its clarity card."""

from random import Random

from PIL import Image, ImageDraw

from flows.demo.pictures.brush import (
    HEIGHT,
    INK,
    SEAL_RED,
    SIZE,
    WIDTH,
    Colour,
    jittered,
    lay,
    line_of_glyphs,
    mixed,
    paragraph,
    press_seal,
    sheet_of_paper,
    surface,
    wood,
)
from flows.demo.pictures.places import blob, bush, sky, stain, wall


def works(random: Random, *, after: bool) -> Image.Image:
    """A culvert: raw earth, gravel and a bare trench before; lined, railed and lit, with its plaque, after."""
    ground = sky(random)
    earth = surface(random, (WIDTH, 480), (150, 122, 90) if not after else (126, 142, 86), rough=0.2)
    ground.paste(earth, (0, 420))
    draw = ImageDraw.Draw(ground)
    if after:
        ground.paste(surface(random, (WIDTH, 92), (196, 194, 188), rough=0.06), (0, 452))
    water = ((470, 540), (730, 540), (1010, HEIGHT), (190, HEIGHT))
    draw.polygon(water, fill=(92, 122, 128) if after else (104, 84, 60))
    lining = surface(random, SIZE, (186, 184, 178), rough=0.08)
    mask = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(mask)
    if after:
        pen.polygon(((400, 540), (474, 540), (200, HEIGHT), (20, HEIGHT)), fill=255)
        pen.polygon(((726, 540), (800, 540), (1180, HEIGHT), (1000, HEIGHT)), fill=255)
        ground.paste(lining, (0, 0), mask)
        draw = ImageDraw.Draw(ground)
        for step in range(1, 6):
            y = 540 + step * step * 14
            share = (y - 540) / 360
            for inner, outer in (((474, 200), (400, 20)), ((726, 1000), (800, 1180))):
                left = inner[0] + (inner[1] - inner[0]) * share
                right = outer[0] + (outer[1] - outer[0]) * share
                draw.line((left, y, right, y), fill=(134, 132, 128), width=3)
        for step in range(9):
            y = 620 + step * 32
            draw.line((520 - step * 28, y, 560 - step * 24, y), fill=(150, 182, 186), width=3)
        railing(ground)
        plaque(ground, random)
    else:
        for _stone in range(90):
            blob(
                draw,
                random,
                (random.uniform(150, 1050), random.uniform(560, 890)),
                random.uniform(6, 20),
                random.choice(STONES),
            )
        for x, radius in ((170, 120), (1030, 140)):
            for number in range(120):
                up = number / 120
                place = (x + random.uniform(-1, 1) * radius * (1.1 - up), 660 - up * radius * 0.8)
                blob(draw, random, place, random.uniform(9, 22), random.choice(STONES))
        draw.polygon(((520, 470), (610, 455), (612, 470), (524, 486)), fill=(196, 160, 92))
        draw.line((700, 380, 700, 560), fill=(210, 80, 40), width=8)
        draw.line((560, 392, 560, 560), fill=(210, 80, 40), width=8)
        draw.line((560, 430, 630, 446, 700, 424), fill=(230, 60, 50), width=4)
    bush(ground, random, (60, 470), 80)
    bush(ground, random, (1150, 470), 86)
    return ground


STONES: tuple[Colour, ...] = ((158, 150, 138), (128, 118, 104), (176, 168, 152), (108, 92, 74))


def railing(ground: Image.Image) -> None:
    draw = ImageDraw.Draw(ground)
    for y in (396, 430):
        draw.line((0, y, WIDTH, y), fill=(226, 228, 228), width=9)
        draw.line((0, y + 5, WIDTH, y + 5), fill=(150, 154, 158), width=3)
    for x in range(30, WIDTH, 120):
        draw.rectangle((x, 380, x + 16, 470), fill=(232, 234, 234))
        draw.rectangle((x + 11, 380, x + 16, 470), fill=(160, 164, 168))
    for x in (210, 930):
        draw.rectangle((x, 120, x + 12, 470), fill=(112, 118, 126))
        draw.line((x + 6, 126, x + 96, 108), fill=(112, 118, 126), width=9)
        draw.polygon(((x + 70, 104), (x + 136, 98), (x + 132, 122), (x + 72, 122)), fill=(238, 226, 160))


def plaque(ground: Image.Image, random: Random) -> None:
    """The board at a finished project: what it cost and who answers for it."""
    plate = surface(random, (300, 200), (232, 234, 236), rough=0.04)
    draw = ImageDraw.Draw(plate)
    line_of_glyphs(draw, random, (62, 16), 6, 26, SEAL_RED, 3)
    for row in range(5):
        line_of_glyphs(draw, random, (22, 62 + row * 26), random.randint(10, 14), 16)
    draw.rectangle((0, 0, 299, 199), outline=(120, 126, 132), width=6)
    ImageDraw.Draw(ground).rectangle((1002, 540, 1014, 700), fill=(120, 126, 132))
    lay(ground, plate, jittered(random, (884, 490, 1132, 654), 5), lift=10)


def cabinet(random: Random, *, after: bool) -> Image.Image:
    """The filing cabinet: loose heaps before; boxes in a row, labelled by year, after."""
    ground = surface(random, SIZE, (206, 204, 198), rough=0.08)
    frame = random.choice(((150, 158, 164), (128, 100, 76), (170, 176, 170)))
    inside = surface(random, (1040, 820), mixed(frame, (0, 0, 0), 0.5), rough=0.1)
    ground.paste(inside, (80, 40))
    draw = ImageDraw.Draw(ground)
    for shelf in range(3):
        floor = 300 + shelf * 270
        x = 110
        while x < 1080:
            if after:
                x = archive_box(ground, random, x, floor, shelf)
            else:
                x = loose_files(ground, random, x, floor)
        draw = ImageDraw.Draw(ground)
        draw.rectangle((80, floor, 1120, floor + 20), fill=frame)
        draw.line((80, floor + 20, 1120, floor + 20), fill=mixed(frame, (0, 0, 0), 0.5), width=5)
    draw.rectangle((66, 26, 1134, 874), outline=frame, width=26)
    draw.rectangle((66, 26, 1134, 874), outline=mixed(frame, (0, 0, 0), 0.4), width=3)
    return ground


def archive_box(ground: Image.Image, random: Random, x: int, floor: int, shelf: int) -> int:
    colour = ((40, 84, 150), (170, 44, 40), (34, 112, 92))[shelf]
    draw = ImageDraw.Draw(ground)
    draw.rectangle((x, floor - 208, x + 74, floor), fill=mixed(colour, (255, 255, 255), random.uniform(0, 0.08)))
    draw.line((x + 74, floor - 208, x + 74, floor), fill=mixed(colour, (0, 0, 0), 0.5), width=4)
    draw.rectangle((x + 14, floor - 186, x + 60, floor - 66), fill=(248, 246, 238))
    for row in range(4):
        line_of_glyphs(draw, random, (x + 26, floor - 180 + row * 28), 1, 22)
    draw.ellipse((x + 26, floor - 48, x + 48, floor - 26), fill=(222, 222, 222), outline=(90, 90, 90), width=3)
    return x + 79


def loose_files(ground: Image.Image, random: Random, x: int, floor: int) -> int:
    draw = ImageDraw.Draw(ground)
    if random.random() < 0.3:
        return x + random.randrange(70, 160)
    width = random.randrange(150, 250)
    top = floor
    for _sheet in range(random.randrange(7, 18)):
        shift, lean = random.uniform(-18, 18), random.uniform(-6, 6)
        colour = random.choice(((236, 230, 214), (214, 196, 158), (242, 240, 236), (186, 158, 116), (206, 214, 220)))
        thick = random.randrange(5, 13)
        left, right = min(x + shift, 1090.0), min(x + width + shift, 1112.0)
        draw.polygon(((left, top - thick + lean), (right, top - thick - lean), (right, top), (left, top)), fill=colour)
        draw.line((left, top, right, top), fill=(96, 86, 74), width=2)
        top -= thick
    return x + width + 30


def card(random: Random, *, after: bool) -> Image.Image:
    """Clarity cards: bundles tied up in a corner before; one posted beside the family's door after."""
    return posted_card(random) if after else bundles(random)


def bundles(random: Random) -> Image.Image:
    ground = wood(random, SIZE, (136, 112, 88))
    for number in range(4):
        left, top = (
            70 + (number % 2) * 540 + random.uniform(-20, 30),
            40 + (number // 2) * 420 + random.uniform(-10, 20),
        )
        for layer in range(3):
            sheet = sheet_of_paper(random, (480, 330), (240, 232, 210))
            draw = ImageDraw.Draw(sheet)
            draw.rectangle((0, 0, 479, 329), outline=(176, 164, 140), width=3)
            if layer == 2:
                line_of_glyphs(draw, random, (130, 26), 5, 38, SEAL_RED, 4)
                paragraph(draw, random, (40, 100, 450, 310), 20)
                draw.rectangle((222, 0, 246, 330), fill=(206, 190, 150))
                draw.rectangle((0, 150, 480, 172), fill=(206, 190, 150))
            rise = layer * 15
            lay(ground, sheet, jittered(random, (left, top - rise, left + 470, top + 330 - rise), 6), lift=6)
    return ground


def posted_card(random: Random) -> Image.Image:
    ground = wall(random)
    stain(ground, random, 2)
    draw = ImageDraw.Draw(ground)
    colour = random.choice(((122, 44, 36), (70, 84, 96), (112, 74, 44)))
    ground.paste(surface(random, (430, 740), colour, rough=0.08), (100, 60))
    draw.rectangle((100, 60, 530, 800), outline=mixed(colour, (0, 0, 0), 0.5), width=16)
    draw.line((315, 70, 315, 790), fill=mixed(colour, (0, 0, 0), 0.5), width=8)
    for left in (150, 350):
        draw.rectangle((left, 200, left + 130, 420), outline=mixed(colour, (0, 0, 0), 0.35), width=6)
        draw.polygon(((left + 65, 232), (left + 130 - 8, 310), (left + 65, 388), (left + 8, 310)), fill=(206, 40, 32))
        line_of_glyphs(draw, random, (left + 40, 284), 1, 52, (244, 206, 110), 5)
    draw.ellipse((286, 470, 306, 530), fill=(212, 186, 110))
    draw.ellipse((324, 470, 344, 530), fill=(212, 186, 110))
    sheet = sheet_of_paper(random, (520, 640), (253, 251, 244))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 0, 520, 110), fill=(170, 36, 32))
    line_of_glyphs(pen, random, (110, 26), 5, 58, (250, 226, 150), 6)
    for row in range(7):
        pen.line((30, 150 + row * 62, 490, 150 + row * 62), fill=(150, 150, 150), width=2)
        if row < 6:
            line_of_glyphs(pen, random, (44, 164 + row * 62), 4, 28)
            line_of_glyphs(pen, random, (230, 164 + row * 62), random.randint(4, 7), 28, INK)
    press_seal(sheet, random, (410, 545), 64)
    pen.rectangle((0, 0, 519, 639), outline=(170, 36, 32), width=8)
    lay(ground, sheet, jittered(random, (640, 130, 1080, 670), 8), lift=10)
    assert ground.size == (WIDTH, HEIGHT)
    return ground
