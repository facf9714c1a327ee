"""Files on the pages: looked at before any lock, shown as large as a screen, and never an error of ours."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle import evidence as verbs
from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence, PhotoPrint
from casework.proofs import uploads
from casework.proofs.previews import SCREEN
from casework.stages import Stage
from casework.tasks import make_previews
from flows import steps
from tests.casework.test_content import docx, pdf
from tests.cast import Cast
from tests.walk import NOW, case_at, photo, rectified, reported

UNTRIED = AssertionError("a file was looked at")


def add(case: Case, by: object, upload: SimpleUploadedFile, kind: str = "after") -> Evidence:
    steps.take(add_evidence, case=case, by=by, at=NOW, kind=kind, upload=upload)
    return case.evidence.latest("number")


def picture(form: str = "JPEG", size: tuple[int, int] = (2400, 1800)) -> SimpleUploadedFile:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    Image.radial_gradient("L").resize(size).convert("RGB").save(file, form, exif=exif)
    return SimpleUploadedFile(f"photo.{form.lower()}", file.getvalue())


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise UNTRIED

    monkeypatch.setattr(uploads, "run_limited", never)


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestBeforeTheDoor:
    @pytest.mark.django_db(transaction=True)
    def test_a_file_is_looked_at_and_stored_while_no_transaction_is_open(
        self, cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = []
        for name in ("run_limited", "store"):
            call = getattr(uploads, name)
            monkeypatch.setattr(
                uploads, name, lambda *a, call=call: (seen.append(connection.in_atomic_block), call(*a))[1]
            )
        add(case, cast.willow_head, photo(1))
        assert seen == [False, False]

    def test_who_may_not_has_no_file_looked_at(self, cast: Cast, case: Case, untouched: None) -> None:
        with pytest.raises(NotAllowed):
            add(case, cast.outsider_head, photo(1))

    def test_at_another_stage_no_file_is_looked_at(self, cast: Cast, case: Case, untouched: None) -> None:
        case.stage = Stage.FIRST_REVIEW
        with pytest.raises(Conflict):
            add(case, cast.willow_head, photo(1))

    def test_the_lock_asks_again(self, cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        """The step was submitted while the file was looked at: nothing is added behind the reviewer's back."""
        received = verbs.receive(case=case, kind="after", upload=photo(7), by=cast.willow_head, at=NOW)
        monkeypatch.setitem(steps.BEFORE_THE_DOOR, "add_evidence", ("upload", lambda **_: received))
        moved = rectified_elsewhere(cast, case, monkeypatch)
        before = case.evidence.count()
        with pytest.raises(Conflict):
            add(moved, cast.willow_head, photo(7))
        assert case.evidence.count() == before


def rectified_elsewhere(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> Case:
    with monkeypatch.context() as meanwhile:
        meanwhile.setitem(steps.BEFORE_THE_DOOR, "add_evidence", ("upload", verbs.receive))
        return rectified(cast, case)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_is_shown_as_large_as_a_screen_and_its_original_is_a_click_further(
    form: str, cast: Cast, case: Case
) -> None:
    one = add(case, cast.willow_head, picture(form))
    client = client_of(cast.town_reviewer)
    assert f'href="/evidence/{one.pk}/photo"' in client.get(f"/cases/{case.number}").content.decode()
    page = client.get(f"/evidence/{one.pk}/photo").content.decode()
    assert f'src="/evidence/{one.pk}/preview/{SCREEN}"' in page and f'href="/evidence/{one.pk}"' in page
    shown = b"".join(client.get(f"/evidence/{one.pk}/preview/{SCREEN}").streaming_content)
    with Image.open(io.BytesIO(shown)) as copy:
        assert (copy.format, copy.size, dict(copy.getexif())) == ("WEBP", (1600, 1200), {})


def test_who_may_not_see_the_original_is_not_led_to_it(cast: Cast) -> None:
    case = reported(cast, by=cast.volunteer)
    one = add(case, cast.volunteer, photo(1), "before")
    page = client_of(cast.volunteer).get(f"/evidence/{one.pk}/photo")
    assert page.status_code == 200 and f'href="/evidence/{one.pk}"' not in page.content.decode()


def test_a_foreigner_and_a_document_have_no_page_of_a_photo(cast: Cast, case: Case) -> None:
    one = add(case, cast.willow_head, photo(1))
    paper = add(case, cast.willow_head, SimpleUploadedFile("a.pdf", pdf().getvalue()))
    assert client_of(cast.outsider_head).get(f"/evidence/{one.pk}/photo").status_code == 404
    assert client_of(cast.town_reviewer).get(f"/evidence/{paper.pk}/photo").status_code == 404


def test_both_previews_are_made_from_one_look(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    one = add(case, cast.willow_head, picture())
    looks, call = [], uploads.run_limited
    monkeypatch.setattr(uploads, "run_limited", lambda look, *a: (looks.append(look.__name__), call(look, *a))[1])
    make_previews(one.pk)
    make_previews(one.pk)
    assert looks[:2] == ["small_copies", "small_and_grey"] and "small_copies" not in looks[2:]


@pytest.mark.parametrize("content", [None, b"", b"\xff\xd8\xff\xe0 half"])
def test_a_photo_that_cannot_be_opened_any_more_is_not_found_and_no_error(
    content: bytes | None, cast: Cast, case: Case
) -> None:
    one = add(case, cast.willow_head, picture())
    path = Path(settings.MEDIA_ROOT) / one.stored_as
    path.unlink() if content is None else path.write_bytes(content)
    client = client_of(cast.town_reviewer)
    assert client.get(f"/evidence/{one.pk}/preview/320").status_code == 404
    assert client.get(f"/evidence/{one.pk}/photo").status_code == 200
    make_previews(one.pk)
    assert PhotoPrint.objects.get(evidence=one).hash is None


@pytest.mark.parametrize("kind", ["before"])
def test_where_a_photo_is_asked_for_a_document_is_refused(kind: str, cast: Cast, case: Case) -> None:
    for file in (docx(), pdf()):
        with pytest.raises(Invalid) as refusal:
            add(case, cast.inspector, SimpleUploadedFile("a", file.getvalue()), kind)
        assert (refusal.value.code, refusal.value.field) == ("not_a_photo", "upload")


def test_a_refused_file_leaves_nothing_in_the_storage(cast: Cast, case: Case) -> None:
    with pytest.raises(Invalid):
        add(case, cast.willow_head, SimpleUploadedFile("a.jpg", picture().read()[:-2000]))
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.jpg"))
