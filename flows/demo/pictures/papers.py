"""Papers on a table: a ledger, minutes, a contract, vouchers, and the sheet that the supervisors sign."""

from random import Random

from PIL import Image, ImageDraw

from flows.demo.pictures.brush import (
    BLUE_INK,
    INK,
    SEAL_RED,
    SIZE,
    Colour,
    creases,
    handwriting,
    jittered,
    lay,
    line_of_glyphs,
    mixed,
    paragraph,
    press_seal,
    press_thumb,
    sheet_of_paper,
    wood,
)

TABLES: tuple[Colour, ...] = ((150, 104, 66), (122, 88, 62), (176, 138, 98), (96, 74, 58))
RULE = (120, 140, 150)


def table(random: Random) -> Image.Image:
    return wood(random, SIZE, random.choice(TABLES))


def pen_on(ground: Image.Image, random: Random) -> None:
    """A pen that was put down beside the sheet."""
    pen = Image.new("RGBA", (360, 26), (0, 0, 0, 0))
    draw = ImageDraw.Draw(pen)
    colour = random.choice(((24, 24, 28), (26, 58, 120), (130, 20, 24)))
    draw.rounded_rectangle((20, 4, 340, 22), 9, fill=(*colour, 255))
    draw.rectangle((236, 4, 246, 22), fill=(200, 190, 150, 255))
    draw.polygon(((20, 5), (0, 13), (20, 21)), fill=(210, 205, 190, 255))
    draw.line((28, 8, 330, 8), fill=(*mixed(colour, (255, 255, 255), 0.45), 255), width=2)
    x, y = random.uniform(820, 860), random.uniform(610, 700)
    lay(ground, pen, ((x, y), (x + 290, y - 120), (x + 298, y - 100), (x + 8, y + 20)), lift=7)


def ledger(random: Random, *, after: bool) -> Image.Image:
    """An open account book: rows left empty and struck out before, kept to the last line and sealed after."""
    ground = table(random)
    for side in (0, 1):
        page = sheet_of_paper(random, (640, 860), (249, 246, 228) if after else (236, 228, 200))
        draw = ImageDraw.Draw(page)
        line_of_glyphs(draw, random, (210, 34), 6, 36, mixed(INK, SEAL_RED, 0.5), 3)
        columns = (36, 120, 300, 400, 500, 604)
        for x in columns:
            draw.line((x, 100, x, 820), fill=RULE, width=2)
        for row in range(16):
            draw.line((36, 100 + row * 48, 604, 100 + row * 48), fill=RULE, width=2)
        for x in columns[:-1]:
            line_of_glyphs(draw, random, (x + 14, 112), 2, 24)
        filled = 14 if after else (5 if side == 0 else 1)
        for row in range(1, filled + 1):
            top = 106 + row * 48
            handwriting(draw, random, (44, top), 2, 26)
            handwriting(draw, random, (128, top), random.randint(4, 6), 26)
            handwriting(draw, random, (310, top), 3, 22)
            if after or row % 3:
                handwriting(draw, random, (410, top), 3, 22)
            if after:
                handwriting(draw, random, (510, top), 3, 27, INK)
        if after:
            press_seal(page, random, (470, 735), 78)
        else:
            for row in (2, 4):
                draw.line((50, 124 + row * 48, 590, 118 + row * 48), fill=SEAL_RED, width=5)
            creases(page, random, 4)
        left = 40 + side * 566
        lay(ground, page, jittered(random, (left, 40 + random.uniform(0, 12), left + 560, 866), 7), lift=12)
    if after:
        pen_on(ground, random)
    return ground


def minutes(random: Random, *, after: bool) -> Image.Image:
    """The minutes of a meeting: half a page and no name before; written out and signed by everybody after."""
    ground = table(random)
    page = sheet_of_paper(random, (820, 1080))
    draw = ImageDraw.Draw(page)
    line_of_glyphs(draw, random, (250, 46), 7, 42, SEAL_RED, 4)
    draw.line((60, 116, 760, 116), fill=SEAL_RED, width=4)
    for row in range(18):
        draw.line((60, 176 + row * 48, 760, 176 + row * 48), fill=mixed(RULE, (255, 255, 255), 0.3), width=2)
    for row in range(11 if after else 3):
        handwriting(draw, random, (70 + (44 if row in (0, 5) else 0), 134 + row * 48), random.randint(15, 19), 33)
    if after:
        for number in range(9):
            place = (80 + (number % 3) * 230, 690 + (number // 3) * 92)
            handwriting(draw, random, place, random.choice((2, 3, 3)), 56, random.choice((INK, BLUE_INK)))
            press_thumb(page, random, (place[0] + 188, place[1] + 34))
        press_seal(page, random, (640, 965), 86)
    else:
        creases(page, random, 6)
    lay(ground, page, jittered(random, (250, 14, 930, 890), 22))
    if after:
        pen_on(ground, random)
    else:
        cup(ground, random)
    return ground


def cup(ground: Image.Image, random: Random) -> None:
    """The ring and the cup of a tea that took longer than the meeting."""
    draw = ImageDraw.Draw(ground)
    x, y = random.uniform(980, 1030), random.uniform(150, 240)
    draw.ellipse((x - 92, y - 70, x + 112, y + 118), fill=(60, 42, 30))
    draw.ellipse((x - 100, y - 92, x + 92, y + 92), fill=(222, 226, 224))
    draw.ellipse((x - 84, y - 78, x + 76, y + 76), fill=(150, 94, 40))
    draw.ellipse((x - 74, y - 70, x + 40, y + 30), fill=(168, 112, 52))


def contract(random: Random, *, after: bool) -> Image.Image:
    """A lease: worn, without date, signature or seal before; signed by both sides and sealed after."""
    ground = table(random)
    page = sheet_of_paper(random, (800, 1080), (248, 247, 243) if after else (232, 222, 196))
    draw = ImageDraw.Draw(page)
    line_of_glyphs(draw, random, (215, 60), 7, 48, INK, 5)
    ink = INK if after else mixed(INK, (180, 170, 150), 0.35)
    for top in (160, 330, 500, 640):
        paragraph(draw, random, (80, top, 730, top + 150 if top < 600 else top + 100), 24, ink)
    for x in (80, 430):
        line_of_glyphs(draw, random, (x, 800), 4, 28, ink, 3)
        draw.line((x + 130, 834, x + 280, 834), fill=ink, width=2)
        line_of_glyphs(draw, random, (x, 880), 2, 28, ink, 3)
        draw.line((x + 70, 914, x + 280, 914), fill=ink, width=2)
        if after:
            handwriting(draw, random, (x + 136, 776), 3, 54, INK)
            handwriting(draw, random, (x + 84, 878), 5, 32, INK)
    if after:
        press_seal(page, random, (230, 860), 96)
        press_thumb(page, random, (690, 812), 26)
    else:
        creases(page, random, 9)
        stain = ImageDraw.Draw(page)
        stain.ellipse((520, 560, 700, 730), outline=(176, 142, 96), width=9)
    lay(ground, page, jittered(random, (240, 10, 940, 892), 30 if not after else 14))
    if after:
        pen_on(ground, random)
    return ground


def vouchers(random: Random, *, after: bool) -> Image.Image:
    """White slips and a torn page before; a proper invoice on its voucher, signed and stamped, after."""
    ground = table(random)
    if not after:
        for number in range(5):
            slip = sheet_of_paper(
                random, (420, 300), random.choice(((250, 248, 240), (238, 232, 214), (252, 240, 236)))
            )
            draw = ImageDraw.Draw(slip)
            handwriting(draw, random, (40, 30), random.randint(3, 5), 44)
            for row in range(random.randint(1, 3)):
                handwriting(draw, random, (40, 110 + row * 54), random.randint(4, 7), 36)
            creases(slip, random, 7)
            left, top = 90 + (number % 3) * 345 + random.uniform(-30, 30), 60 + (number // 3) * 400
            turn = random.uniform(-60, 60)
            lay(
                ground,
                slip,
                (
                    (left, top + turn),
                    (left + 330, top - turn),
                    (left + 350 - turn, top + 260),
                    (left - turn, top + 280),
                ),
            )
        return ground
    backing = sheet_of_paper(random, (1000, 720), (226, 234, 220))
    draw = ImageDraw.Draw(backing)
    line_of_glyphs(draw, random, (340, 24), 6, 42, INK, 4)
    draw.rectangle((40, 92, 960, 680), outline=(70, 110, 80), width=4)
    for row in range(1, 8):
        draw.line((40, 92 + row * 73, 960, 92 + row * 73), fill=(110, 150, 118), width=2)
    for x in (330, 600, 700, 800):
        draw.line((x, 92, x, 603), fill=(110, 150, 118), width=2)
    for row in range(7):
        line_of_glyphs(draw, random, (56, 112 + row * 73), 7, 30)
        line_of_glyphs(draw, random, (346, 112 + row * 73), 6, 28)
        handwriting(draw, random, (810, 112 + row * 73), 4, 28)
    for x in (60, 290, 520, 750):
        line_of_glyphs(draw, random, (x, 630), 2, 24)
        handwriting(draw, random, (x + 66, 614), 3, 46, random.choice((INK, BLUE_INK)))
    lay(ground, backing, jittered(random, (90, 150, 1080, 870), 10))
    invoice = sheet_of_paper(random, (760, 470), (252, 250, 246))
    draw = ImageDraw.Draw(invoice)
    line_of_glyphs(draw, random, (190, 26), 8, 38, (150, 60, 40), 4)
    draw.rectangle((30, 110, 730, 400), outline=(150, 60, 40), width=3)
    for y in (180, 300, 350):
        draw.line((30, y, 730, y), fill=(150, 60, 40), width=2)
    for row in range(3):
        line_of_glyphs(draw, random, (46, 122 + row * 62), random.randint(16, 20), 26)
    line_of_glyphs(draw, random, (46, 362), 12, 24)
    draw.ellipse((520, 300, 730, 430), outline=SEAL_RED, width=5)
    line_of_glyphs(draw, random, (556, 350), 6, 22, SEAL_RED, 3)
    lay(ground, invoice, jittered(random, (140, 30, 860, 480), 12))
    return ground


def signed_sheet(random: Random) -> Image.Image:
    """The supervisors' sheet: what was checked, row by row, their names by hand, the date and the seal."""
    ground = table(random)
    page = sheet_of_paper(random, (840, 1120))
    draw = ImageDraw.Draw(page)
    line_of_glyphs(draw, random, (150, 50), 11, 42, INK, 4)
    draw.rectangle((60, 140, 780, 1000), outline=INK, width=3)
    rows = (210, 290, 430, 570, 700, 850)
    for y in rows:
        draw.line((60, y, 780, y), fill=INK, width=2)
    draw.line((220, 140, 220, 1000), fill=INK, width=2)
    for top in (158, 232, 340, 480, 620, 760, 910):
        line_of_glyphs(draw, random, (80, top), 4, 28, INK, 2)
    for box in ((240, 156, 770, 200), (240, 230, 770, 280), (240, 310, 770, 420), (240, 450, 770, 560)):
        paragraph(draw, random, box, 25)
    for row in range(2):
        handwriting(draw, random, (240, 594 + row * 48), random.randint(10, 13), 36, INK)
    for number in range(4):
        place = (250 + (number % 2) * 270, 716 + (number // 2) * 66)
        handwriting(draw, random, place, random.choice((2, 3, 3)), 58, random.choice((INK, BLUE_INK)))
    handwriting(draw, random, (470, 930), 7, 38, INK)
    press_seal(page, random, (600, 905), 92)
    lay(ground, page, jittered(random, (270, 8, 920, 894), 18))
    pen_on(ground, random)
    return ground
