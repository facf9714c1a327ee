"""The demo's photos, drawn: pairs of before and after that differ at a glance, and the signed sheets.

A few dozen pictures serve all cases: evidence is stored under its own hash, so a picture that is used again takes no
room. The same scene, phase and variant give the same bytes.
"""

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageEnhance

from flows.demo.pictures import papers, places, rooms
from flows.demo.pictures.brush import photographed

PAIRS = {
    "board": places.board,
    "lane": places.lane,
    "works": rooms.works,
    "cabinet": rooms.cabinet,
    "card": rooms.card,
    "ledger": papers.ledger,
    "minutes": papers.minutes,
    "contract": papers.contract,
    "vouchers": papers.vouchers,
}
SCENES = tuple(PAIRS)
PAPERS = ("ledger", "minutes", "contract", "vouchers")
VARIANTS = 2
SIGNED_SHEETS = 4
OWN = 7  # a variant that no drawn case uses


@cache
def before(scene: str, variant: int) -> bytes:
    """The JPEG of a scene as the inspector found it."""
    random = Random(f"{scene} {variant}")
    return photographed(PAIRS[scene](random, after=False), random, dim=0.2)


@cache
def after(scene: str, variant: int) -> bytes:
    """The JPEG of the same scene, put right: drawn from the same numbers, so it is the same wall and the same table."""
    random = Random(f"{scene} {variant}")
    return photographed(PAIRS[scene](random, after=True), random)


@cache
def passed_on(photo: bytes) -> bytes:
    """The same photo as somebody passes it on: cut a little, darker, saved anew."""
    with Image.open(BytesIO(photo)) as image:
        width, height = image.size
        copy = image.crop((width // 25, height // 30, width - width // 20, height))
        out = BytesIO()
        ImageEnhance.Brightness(copy).enhance(0.85).save(out, "JPEG", quality=60)
    return out.getvalue()


@cache
def signed_sheet(variant: int) -> bytes:
    """The JPEG of a sheet with the supervisors' names by hand."""
    random = Random(f"signed sheet {variant}")
    return photographed(papers.signed_sheet(random), random)
