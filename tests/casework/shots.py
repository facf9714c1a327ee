"""Photos for tests: invented scenes, and copies of them as people make them."""

import io
from datetime import datetime
from random import Random

import numpy
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageEnhance

WIDTH, HEIGHT = 640, 480


def scene(seed: int) -> Image.Image:
    """A sky, a ground, things on it, and the uneven light of a real place."""
    random, noise = Random(seed), numpy.random.default_rng(seed)
    horizon = random.randint(150, 330)
    base = numpy.zeros((HEIGHT, WIDTH, 3))
    base[:horizon] = [random.randint(120, 230) for _ in range(3)]
    base[horizon:] = [random.randint(60, 170) for _ in range(3)]
    light = Image.fromarray((noise.normal(128, 25, (24, 32))).clip(0, 255).astype("uint8"))
    base += numpy.asarray(light.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), dtype=float)[:, :, None] - 128
    image = Image.fromarray(base.clip(0, 255).astype("uint8"))
    draw = ImageDraw.Draw(image)
    for _ in range(random.randint(5, 14)):
        x, y = random.randint(-50, WIDTH), random.randint(60, HEIGHT)
        width, height = random.randint(30, 260), random.randint(30, 220)
        shape = draw.rectangle if random.random() < 0.7 else draw.ellipse
        shape([x, y - height // 2, x + width, y + height // 2], fill=tuple(random.randint(20, 240) for _ in range(3)))
    return image


def altered(image: Image.Image, seed: int) -> Image.Image:
    """Cut by up to a tenth on each side, brightened or darkened, made smaller, and saved anew as a poor JPEG."""
    random = Random(seed)
    how = random.choice(("cut", "light", "size", "all"))
    if how in ("cut", "all"):
        left, top, right, bottom = (random.uniform(0, 0.1) for _ in range(4))
        width, height = image.size
        image = image.crop((int(left * width), int(top * height), int((1 - right) * width), int((1 - bottom) * height)))
    if how in ("light", "all"):
        image = ImageEnhance.Brightness(image).enhance(random.uniform(0.6, 1.4))
        image = ImageEnhance.Contrast(image).enhance(random.uniform(0.8, 1.2))
    if how in ("size", "all"):
        share = random.uniform(0.4, 0.9)
        image = image.resize((int(image.width * share), int(image.height * share)))
    return Image.open(io.BytesIO(jpeg(image, quality=random.randint(25, 80)))).convert("RGB")


def jpeg(
    image: Image.Image,
    *,
    quality: int = 90,
    taken_at: datetime | None = None,
    place: tuple[float, float] | None = None,
    camera: str = "",
) -> bytes:
    """A JPEG with what a phone writes into it: the moment, degrees north and east, its own name."""
    exif = Image.Exif()
    if camera:
        exif[0x0110] = camera
    if taken_at:
        exif.get_ifd(0x8769)[0x9003] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    if place:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (place[0], 0.0, 0.0), "E", (place[1], 0.0, 0.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def upload(image: Image.Image, name: str = "照片.jpg", **data: object) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(image, **data), "image/jpeg")
