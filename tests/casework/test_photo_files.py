"""Photos of old and new phones are taken; what can't be opened, or is something else as well, is refused."""

import io
import struct
import zlib
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from PIL import Image, ImageFile

from casework.errors import Invalid
from casework.models.evidence import MediaType
from casework.proofs.content import Content, inspect
from casework.proofs.photo_files import MOST_PIXELS
from casework.proofs.previews import small_copies

RUBBISH = bytes(range(256)) * 300


def scene(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    return Image.radial_gradient("L").resize(size).convert(mode)


def photo(form: str = "JPEG", image: Image.Image | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    (image or scene()).save(file, form, **options)
    return file.getvalue()


def look(content: bytes) -> Content:
    return inspect(io.BytesIO(content))


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        look(content)
    assert str(refusal.value)
    return refusal.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("share", [0.03, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97])
def test_a_photo_that_is_cut_off_is_refused(form: str, share: float) -> None:
    image = Image.effect_noise((640, 480), 90).convert("RGB")
    content = photo(form, image)
    look(content)
    assert refused(content[: int(len(content) * share)]) in ("picture_broken", "two_natures")


@pytest.mark.parametrize("form", ["PNG", "WEBP", "HEIF"])
def test_a_library_that_likes_broken_pictures_changes_nothing(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = photo(form, Image.effect_noise((640, 480), 90).convert("RGB"))
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert refused(content[: len(content) // 2]) in ("picture_broken", "two_natures")


@pytest.mark.parametrize("cut", [1, 2, 20])
def test_the_last_bytes_of_a_jpeg_matter(cut: int) -> None:
    assert refused(photo()[:-cut]) == "picture_broken"


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"quality": 100, "subsampling": 0}, {"restart_marker_blocks": 3}]
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_kind_of_jpeg_is_taken_and_previewed(mode: str, options: dict[str, object]) -> None:
    content = photo(image=scene(mode=mode), **options)
    assert (look(content).width, look(content).height) == (640, 480)
    assert small_copies(content, [320])


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (1, 900), (9000, 2)])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_smallest_and_the_thinnest_are_taken(form: str, size: tuple[int, int]) -> None:
    content = photo(form, scene(size))
    assert (look(content).width, look(content).height) == size
    assert small_copies(content, [320, 1600])


def test_a_phone_that_keeps_several_pictures_in_one_file_is_taken() -> None:
    content = photo("MPO", save_all=True, append_images=[scene((320, 240))])
    assert look(content).media_type == MediaType.JPEG
    assert look(content).width == 640


@pytest.mark.parametrize("behind", [b"\x00" * 5000, b"\x00\x00\x00\x18ftypmp42" + RUBBISH, RUBBISH + b"SEFT", photo()])
def test_the_film_and_the_notes_of_a_phone_behind_a_photo_are_fine(behind: bytes) -> None:
    assert look(photo() + behind).media_type == MediaType.JPEG


PAGE = "<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    "content",
    [
        photo() + PAGE.encode("utf-16"),
        photo() + PAGE.encode("utf-16-be"),
        photo() + PAGE.encode() + b"\xff\xd9",
        photo() + RUBBISH + PAGE.upper().encode() + RUBBISH,
        photo() + b"Rar!\x1a\x07\x01\x00" + RUBBISH,
        photo() + b"\x00\x00" + b"7z\xbc\xaf\x27\x1c" + RUBBISH,
        photo() + b"\x7fELF" + RUBBISH,
        photo() + b"%PDF-1.7",
        photo(comment=PAGE),
        photo(comment=PAGE.encode("utf-16")),
    ],
)
def test_a_page_a_program_or_an_archive_in_a_photo_is_refused(content: bytes) -> None:
    assert refused(content) == "two_natures"


def test_a_photo_with_words_and_a_description_is_taken() -> None:
    described = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta>'
    assert look(photo(comment="2026年第三季度", xmp=described, icc_profile=b"x" * 70_000)).width == 640


@pytest.mark.parametrize("turned", range(10))
def test_a_turned_photo_is_measured_upright(turned: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    found = look(photo(exif=exif))
    upright = (480, 640) if turned in (5, 6, 7, 8) else (640, 480)
    assert (found.width, found.height) == upright
    with Image.open(io.BytesIO(small_copies(photo(exif=exif), [320])[0])) as copy:
        assert (copy.width < copy.height) == (turned in (5, 6, 7, 8))
        assert not copy.getexif()


@pytest.mark.parametrize("turned", [1, 3, 6, 8, 42])
def test_a_turned_heic_is_measured_as_it_is_shown(turned: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    content = photo("HEIF", exif=exif)
    found = look(content)
    with Image.open(io.BytesIO(small_copies(content, [320])[0])) as copy:
        assert (copy.width < copy.height) == (found.width < found.height)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of_16_bits(colour: int, channels: int) -> bytes:
    """60 × 40 pixels of one value; colour type 0 is grey, 2 is red, green and blue."""
    row = b"\x00" + struct.pack(">H", 0x4000) * channels * 60
    header = struct.pack(">IIBBBBB", 60, 40, 16, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 40)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("colour", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_a_screenshot_of_16_bits_keeps_its_brightness(colour: int, channels: int) -> None:
    content = png_of_16_bits(colour, channels)
    assert look(content).width == 60
    with Image.open(io.BytesIO(small_copies(content, [320])[0])) as copy:
        assert abs(copy.convert("L").getpixel((30, 20)) - 0x40) < 4


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "1"])
def test_every_kind_of_png_is_previewed(mode: str) -> None:
    assert small_copies(photo("PNG", scene(mode=mode)), [320])


@pytest.mark.parametrize("size", [(12_000, 9_000), (16_320, 12_240)])
def test_a_jpeg_of_108_and_200_million_pixels_is_taken(size: tuple[int, int]) -> None:
    assert look(photo(image=Image.new("L", size))).width == size[0]


@pytest.mark.parametrize(("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_more_pixels_than_a_camera_has_are_refused_unread(form: str, media_type: str, monkeypatch) -> None:
    content = photo(form)
    monkeypatch.setitem(MOST_PIXELS, media_type, 640 * 480)
    assert look(content).width == 640
    monkeypatch.setitem(MOST_PIXELS, media_type, 640 * 480 - 1)
    assert refused(content) == "too_many_pixels"


HERE = {1: "N", 2: (33.0, 34.0, 12.0), 3: "E", 4: (114.0, 1.0, 2.0)}


def place(**changed: object) -> tuple[float | None, float | None]:
    exif = Image.Exif()
    exif[0x8825] = {**HERE, **{int(tag[1:]): value for tag, value in changed.items()}}
    found = look(photo(exif=exif))
    return found.latitude, found.longitude


@pytest.mark.parametrize(
    ("said", "north", "east"),
    [
        ({}, 33.57, 114.0172222),
        ({"_1": "S"}, -33.57, 114.0172222),
        ({"_3": "W"}, 33.57, -114.0172222),
        ({"_1": "s"}, -33.57, 114.0172222),
        ({"_2": (Fraction(33), Fraction(342, 10), Fraction(0))}, 33.57, 114.0172222),
        ({"_2": (0.0, 0.0, 0.0)}, 0.0, 114.0172222),
        ({"_2": (90.0, 0.0, 0.0), "_4": (180.0, 0.0, 0.0)}, 90.0, 180.0),
    ],
)
def test_a_position_on_either_half_of_the_earth(said: dict[str, object], north: float, east: float) -> None:
    assert place(**said) == (pytest.approx(north), pytest.approx(east))


NOTHING = (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "said",
    [
        {"_2": NOTHING, "_4": NOTHING},
        {"_2": (333.0, 34.0, 12.0)},
        {"_2": (90.0, 0.0, 1.0)},
        {"_4": (180.0, 0.0, 1.0)},
        {"_1": ""},
        {"_1": "X"},
        {"_2": (33.0, 75.0, 0.0)},
        {"_2": (33.0, 0.0, 75.0)},
        {"_2": (33.0,)},
    ],
)
def test_what_is_no_position_is_left_out_and_the_photo_taken(said: dict[str, object]) -> None:
    assert place(**said) == (None, None)


def exif_of_rationals(latitude: list[tuple[int, int]]) -> bytes:
    """Tables by hand, since Pillow writes no fraction with a zero below the line."""
    longitude = [(114, 1), (1, 1), (2, 1)]
    entries, data, at = b"", b"", 26 + 2 + 4 * 12 + 4
    for tag, kind, value in ((1, 2, b"N"), (2, 5, latitude), (3, 2, b"E"), (4, 5, longitude)):
        if kind == 2:
            entries += struct.pack("<HHI4s", tag, kind, 2, value)
        else:
            entries += struct.pack("<HHII", tag, kind, 3, at + len(data))
            data += b"".join(struct.pack("<II", *pair) for pair in value)
    first = struct.pack("<HHHII", 1, 0x8825, 4, 1, 26) + b"\x00" * 4
    return b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + first + struct.pack("<H", 4) + entries + b"\x00" * 4 + data


@pytest.mark.parametrize(
    ("latitude", "is_read"),
    [
        ([(33, 1), (34, 1), (12, 1)], True),
        ([(33, 1), (3420, 100), (0, 1)], True),
        ([(33, 1), (34, 1), (0, 0)], False),
        ([(0, 0), (0, 0), (0, 0)], False),
        ([(33, 1), (34, 0), (12, 1)], False),
        ([(4294967295, 1), (34, 1), (12, 1)], False),
    ],
)
def test_a_fraction_with_nothing_below_the_line_is_no_position(latitude: list[tuple[int, int]], is_read: bool) -> None:
    found = look(photo(exif=exif_of_rationals(latitude)))
    assert (found.latitude is not None) == is_read == (found.longitude is not None)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("end", range(0, 130, 7))
def test_tables_that_are_cut_off_or_damaged_never_refuse_a_photo(end: int) -> None:
    whole = exif_of_rationals([(33, 1), (34, 1), (12, 1)])
    assert look(photo(exif=whole[:end])).width == 640
    damaged = whole[: 6 + end] + b"\xff\xff\xff" + whole[9 + end :]
    assert look(photo(exif=damaged)).width == 640


def taken_at(said: object, offset: object = "") -> datetime | None:
    exif = Image.Exif()
    exif[0x8769] = {0x9003: said, **({0x9011: offset} if offset else {})}
    return look(photo(exif=exif)).taken_at


def test_the_time_of_a_camera_with_and_without_a_zone() -> None:
    assert taken_at("2026:02:28 09:30:00") == datetime(2026, 2, 28, 1, 30, tzinfo=UTC)
    assert taken_at("2026:02:28 09:30:00", "+09:00") == datetime(2026, 2, 28, 0, 30, tzinfo=UTC)
    assert taken_at("2026:02:28 09:30:00", "   :  ") == datetime(2026, 2, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "0001:01:01 00:00:00", "1980:01:01 00:00:00",
     "9999:12:31 23:59:59", "2026:02:30 10:00:00", "2026-02-28", "昨天"],
)  # fmt: skip
def test_a_time_that_is_none_is_left_out_and_the_photo_taken(said: str) -> None:
    assert taken_at(said) is None
