"""Evidence: kept untouched, chained, previewed without metadata, and verified (promises 31, 33, 37, 38)."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.lifecycle.evidence import add_evidence
from casework.models import Case, CaseEvent, Evidence
from casework.queries import current_measures
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, case_at, photo, rectified, reported


def add(case: Case, by: object, **words: Any) -> Evidence:
    words = {"kind": "after", "upload": photo(1), **words}
    steps.take(add_evidence, case=case, by=by, at=NOW, **words)
    return Evidence.objects.filter(case=case).latest("number")


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


def test_a_file_is_kept_untouched_under_its_hash(cast: Cast, case: Case) -> None:
    upload = photo(5, name="整改后 照片.jpg")
    content = upload.read()
    one = add(case, cast.willow_head, upload=upload, measure=current_measures(case)[0])
    assert one.stored_as == f"evidence/{one.sha256[:2]}/{one.sha256[2:4]}/{one.sha256}.jpg"
    with default_storage.open(one.stored_as) as file:
        assert file.read() == content
    assert (one.name, one.size, one.uploaded_by, one.number) == ("整改后 照片.jpg", len(content), cast.willow_head, 1)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("a\x00b.jpg", "ab.jpg"),
        ("..\\..\\windows\\x.jpg", "x.jpg"),
        ("照" * 300 + ".jpg", "照" * 255),
        ("", "file"),
    ],
)
def test_the_name_is_only_shown(name: str, shown: str, cast: Cast, case: Case) -> None:
    upload = photo(3)
    upload._name = name  # what a hostile browser sends, past Django's own cleaning
    one = add(case, cast.willow_head, upload=upload)
    assert one.name == shown
    assert one.stored_as.startswith("evidence/") and ".." not in one.stored_as


def test_the_same_file_twice_is_one_record(cast: Cast, case: Case) -> None:
    measure = current_measures(case)[0]
    add(case, cast.willow_head, upload=photo(1), measure=measure)
    add(case, cast.willow_head, upload=photo(1), measure=measure)
    assert Evidence.objects.filter(case=case).count() == 1
    assert CaseEvent.objects.filter(case=case, kind="evidence_added").count() == 1


def test_a_signed_sheet_needs_the_names(cast: Cast, case: Case) -> None:
    with pytest.raises(Invalid) as refusal:
        add(case, cast.willow_head, kind="signed_sheet", signed_by=[" "])
    assert (refusal.value.code, refusal.value.field) == ("signers_missing", "signed_by")


def test_a_file_of_21_MB_is_refused_unread(cast: Cast, case: Case) -> None:
    with pytest.raises(Invalid) as refusal:
        add(case, cast.willow_head, upload=SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * 21 * 1024 * 1024))
    assert refusal.value.code == "file_too_large"


def test_the_twenty_first_file_of_a_round_is_refused(cast: Cast, case: Case) -> None:
    for number in range(20):
        add(case, cast.willow_head, upload=photo(number))
    with pytest.raises(Invalid) as refusal:
        add(case, cast.willow_head, upload=photo(99))
    assert refusal.value.code == "too_many_files"


@pytest.mark.parametrize("who", ["poplar_head", "town_reviewer", "county_supervisor", "inspector", "outsider_head"])
def test_only_the_responsible_prove(who: str, cast: Cast, case: Case) -> None:
    with pytest.raises(NotAllowed):
        add(case, getattr(cast, who))
    assert not Evidence.objects.exists()


def test_proof_comes_during_the_rectification_only(cast: Cast) -> None:
    case = rectified(cast, case_at(Stage.RECTIFICATION, cast))
    with pytest.raises(Conflict):
        add(case, cast.willow_head, upload=photo(200))


def test_the_reporter_adds_photos_of_the_problem_and_no_proof(cast: Cast) -> None:
    case = reported(cast, by=cast.volunteer)
    assert add(case, cast.volunteer, kind="before").kind == "before"
    with pytest.raises(Refusal):
        add(case, cast.volunteer, kind="after")
    with pytest.raises(NotAllowed):
        add(case, cast.town_reviewer, kind="before")


def test_a_full_disk_leaves_no_record(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", full)
    with pytest.raises(Refusal) as refusal:
        add(case, cast.willow_head)
    assert refusal.value.status == 503
    assert not Evidence.objects.exists()


class TestServing:
    @pytest.fixture
    def with_position(self, cast: Cast, case: Case) -> Evidence:
        exif = Image.Exif()
        exif[0x8825] = {1: "N", 2: (33.0, 34.0, 12.0), 3: "E", 4: (114.0, 1.0, 2.0)}
        exif[0x0112] = 6
        file = io.BytesIO()
        Image.new("RGB", (800, 600), (90, 20, 20)).save(file, "JPEG", exif=exif)
        return add(case, cast.willow_head, upload=SimpleUploadedFile("现场.jpg", file.getvalue()))

    def client(self, person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def test_a_picture_is_shown_and_runs_nothing(self, cast: Cast, with_position: Evidence) -> None:
        answer = self.client(cast.town_reviewer).get(f"/evidence/{with_position.pk}")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("inline")
        assert "sandbox" in answer["Content-Security-Policy"]
        again = self.client(cast.town_reviewer).get(
            f"/evidence/{with_position.pk}", headers={"If-None-Match": answer["ETag"]}
        )
        assert again.status_code == 304

    def test_anything_else_is_a_download(self, cast: Cast, case: Case) -> None:
        from tests.casework.test_content import pdf

        one = add(case, cast.willow_head, kind="document", upload=SimpleUploadedFile("合同.pdf", pdf().getvalue()))
        answer = self.client(cast.town_reviewer).get(f"/evidence/{one.pk}")
        assert answer["Content-Disposition"].startswith("attachment")
        assert self.client(cast.town_reviewer).get(f"/evidence/{one.pk}/preview/320").status_code == 404

    @pytest.mark.parametrize("width", [320, 1600])
    def test_a_preview_is_upright_and_carries_no_metadata(
        self, width: int, cast: Cast, with_position: Evidence
    ) -> None:
        answer = self.client(cast.town_reviewer).get(f"/evidence/{with_position.pk}/preview/{width}")
        with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as preview:
            assert preview.format == "WEBP"
            assert preview.height > preview.width
            assert preview.width <= width
            assert not dict(preview.getexif())
            assert "exif" not in preview.info and "xmp" not in preview.info

    def test_the_original_with_its_position_is_not_for_volunteers(self, cast: Cast) -> None:
        case = reported(cast, by=cast.volunteer)
        one = add(case, cast.volunteer, kind="before")
        assert self.client(cast.volunteer).get(f"/evidence/{one.pk}").status_code == 403
        assert self.client(cast.volunteer).get(f"/evidence/{one.pk}/preview/320").status_code == 200

    def test_previews_are_asked_for_in_the_background(
        self,
        cast: Cast,
        case: Case,
        woken: list[tuple[str, list[object]]],
        django_capture_on_commit_callbacks: Callable[..., Any],
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            one = add(case, cast.willow_head)
        assert woken == [("casework.tasks.make_previews", [one.pk])]

    def test_an_upload_survives_a_dead_broker(
        self,
        cast: Cast,
        case: Case,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Callable[..., Any],
    ) -> None:
        from celery import current_app

        def dead(*_: object, **__: object) -> None:
            raise ConnectionError

        monkeypatch.setattr(current_app, "send_task", dead)
        with django_capture_on_commit_callbacks(execute=True):
            add(case, cast.willow_head)
        assert Evidence.objects.count() == 1
