"""A photo that was turned before it was sent is shown turned; its bytes are those that came, and no turn breaks anything."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from casework.errors import Invalid
from casework.lifecycle.evidence import add_evidence, receive
from casework.models import Case, Evidence, Person, PhotoTurn
from casework.queries import measures_to_report
from casework.stages import Stage
from flows import steps
from tests.casework.test_file_limits import small_pdf
from tests.cast import Cast
from tests.oversight.public_page import released, switched
from tests.walk import NOW, TODAY, case_at, photo
from tests.web.phones import begun, entry, posted, sent
from tests.web.test_phones import emergency

SignedIn = Callable[[Person], Client]
KEY = "6f1f2d0e-6a3c-4a5e-9c39-0d2b8a1f4c11"


def wide(name: str = "宽.jpg") -> SimpleUploadedFile:
    return photo(7, size=(800, 400), name=name)


def report(client: Client, cast: Cast, photos: list[SimpleUploadedFile], **said: Any) -> Any:
    place = {"village": cast.willow.name, "village_code": cast.willow.code, "found_on": TODAY.isoformat()}
    words = {"description": "公示栏空白", "source": "spot_check", "severity": "2", "key": KEY}
    return client.post("/cases/new", {**place, **words, "photos": photos, **said})


def turns() -> list[int]:
    found = Evidence.objects.order_by("number").select_related("turn")
    return [one.turn.quarters if hasattr(one, "turn") else 0 for one in found]


def size_of(client: Client, address: str) -> tuple[int, int]:
    return Image.open(io.BytesIO(b"".join(client.get(address).streaming_content))).size


class TestAReport:
    def test_each_photo_has_its_own_turn_and_is_shown_by_it_with_its_bytes_as_they_came(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        lying, client = wide(), signed_in(cast.inspector)
        content = lying.read()
        lying.seek(0)
        assert report(client, cast, [photo(1), lying], **{"photos-quarters": ["0", "1"]}).status_code == 302
        one = Evidence.objects.get(name=lying.name)
        assert turns() == [0, 1] and one.turn.by == cast.inspector
        assert (Path(settings.MEDIA_ROOT) / one.stored_as).read_bytes() == content
        assert one.sha256 == hashlib.sha256(content).hexdigest() and (one.width, one.height) == (800, 400)
        for width in (320, 1600):
            across, down = size_of(client, f"/evidence/{one.pk}/preview/{width}")
            assert down == 2 * across
        assert f"/evidence/{one.pk}/preview/1600?turned=1" in client.get(f"/evidence/{one.pk}/photo").content.decode()

    @pytest.mark.parametrize("said", ["4", "-1", "x", "", "9" * 40, "1.5", "²"])
    def test_what_is_no_turn_leaves_the_photo_as_it_is(self, said: str, cast: Cast, signed_in: SignedIn) -> None:
        answer = report(signed_in(cast.inspector), cast, [photo(1), photo(2)], **{"photos-quarters": [said, "3"]})
        assert answer.status_code == 302 and turns() == [0, 3]

    def test_turns_without_files_and_more_turns_than_files_are_none(self, cast: Cast, signed_in: SignedIn) -> None:
        said = {"photos-quarters": ["2", "1", "1"]}
        assert report(signed_in(cast.inspector), cast, [photo(1)], **said).status_code == 302
        assert turns() == [2]

    def test_whoever_reports_turns_their_own_photo_though_originals_are_not_theirs_to_see(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        said = {"photos-quarters": ["3"], "source": "station"}
        assert report(signed_in(cast.volunteer), cast, [photo(1)], **said).status_code == 302
        assert turns() == [3]


class TestMorePhotos:
    def test_photos_that_are_added_later_keep_their_turn(self, cast: Cast, signed_in: SignedIn) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        said = {"key": KEY, "seen_version": case.version, "photos": [photo(1)], "photos-quarters": ["1"]}
        assert signed_in(cast.county_supervisor).post(f"/cases/{case.number}/photos", said).status_code == 302
        assert turns() == [1]


class TestTheVerb:
    def test_no_other_turn_is_taken(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        given: dict[str, Any] = {"case": case, "kind": "document", "by": cast.willow_head, "at": NOW}
        with pytest.raises(Invalid):
            receive(upload=photo(1), quarters=4, **given)
        with pytest.raises(Invalid):
            steps.take(add_evidence, upload=photo(1), quarters=-1, **given)
        assert not Evidence.objects.exists()
        steps.take(add_evidence, upload=photo(1), quarters=2, **given)
        assert PhotoTurn.objects.get().quarters == 2


class TestTheRectification:
    @pytest.fixture
    def case(self, cast: Cast) -> Case:
        return case_at(Stage.RECTIFICATION, cast)

    def post(self, client: Client, case: Case, **said: Any) -> Any:
        case.refresh_from_db()
        return client.post(f"/cases/{case.number}/rectification", {"key": KEY, "seen_version": case.version, **said})

    def test_a_photo_that_arrived_is_turned_on_the_form_and_what_was_typed_stays(
        self, cast: Cast, case: Case, signed_in: SignedIn
    ) -> None:
        measure, client = measures_to_report(case)[0], signed_in(cast.willow_head)
        place = f"reports-{measure.pk}-"
        self.post(client, case, **{f"{place}evidence": [wide()], f"{place}evidence-quarters": ["1"], "keep": "1"})
        one = case.evidence.get()
        assert turns() == [1]
        for quarters in (2, 3, 0, 1):
            page = self.post(client, case, turn=str(one.pk), **{f"{place}words": "雨棚已装好"}).content.decode()
            assert turns() == [quarters]
            assert "雨棚已装好" in page and f"/evidence/{one.pk}/preview/320?turned={quarters}" in page
        assert case.evidence.get().sha256 == one.sha256

    @pytest.mark.parametrize("said", ["0", "x", "", "9" * 40])
    def test_what_is_no_photo_of_this_form_is_not_turned(
        self, said: str, cast: Cast, case: Case, signed_in: SignedIn
    ) -> None:
        client, measure = signed_in(cast.willow_head), measures_to_report(case)[0]
        self.post(client, case, **{f"reports-{measure.pk}-evidence": [photo(1)], "keep": "1"})
        assert self.post(client, case, turn=said).status_code in (200, 422)
        assert not PhotoTurn.objects.exists()

    def test_a_document_is_refused_with_a_sentence(self, cast: Cast, case: Case, signed_in: SignedIn) -> None:
        client = signed_in(cast.willow_head)
        said = {"case": case, "kind": "signed_sheet", "signed_by": ["王二"], "by": cast.willow_head, "at": NOW}
        steps.take(add_evidence, upload=SimpleUploadedFile("单.pdf", small_pdf()), quarters=1, **said)
        answer = self.post(client, case, turn=str(case.evidence.get().pk))
        assert answer.status_code == 422 and "四分之一" in answer.content.decode()
        assert not PhotoTurn.objects.exists()


class TestAPhone:
    def send(self, client: Client, said: dict[str, Any], picture: SimpleUploadedFile) -> None:
        assert posted(client, said).status_code == 200
        key = said["files"][0]["key"].lower()
        begun(client, key, said["files"][0]["size"])
        sent(client, key, picture.read())

    def test_a_turn_travels_in_the_entry_and_the_photo_is_shown_by_it(self, cast: Cast, signed_in: SignedIn) -> None:
        picture = wide()
        said = entry(cast, [picture])
        said["files"][0] |= {"quarters": 3, "key": said["files"][0]["key"].upper()}
        self.send(signed_in(cast.inspector), said, picture)
        assert turns() == [3] and Evidence.objects.get().sha256 == said["files"][0]["sha256"]

    @pytest.mark.parametrize("quarters", [0, 4, -1, True, 1.0, "1", None, [1], 10**400])
    def test_what_is_no_turn_leaves_the_photo_as_it_is(self, quarters: Any, cast: Cast, signed_in: SignedIn) -> None:
        picture = wide()
        said = entry(cast, [picture])
        said["files"][0]["quarters"] = quarters
        self.send(signed_in(cast.inspector), said, picture)
        assert turns() == [0]

    def test_an_emergency_file_keeps_it(self, cast: Cast, signed_in: SignedIn) -> None:
        picture = wide()
        said = entry(cast, [picture])
        said["files"][0]["quarters"] = 1
        answer = signed_in(cast.city_supervisor).post("/phones/emergency", {"file": emergency(cast, (said, [picture]))})
        assert answer.status_code == 302 and turns() == [1]


def test_the_public_page_shows_it_turned(cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    steps.take(add_evidence, case=case, kind="before", upload=wide(), by=cast.county_supervisor, quarters=1, at=NOW)
    switched(cast)
    shown = released(cast, case, photos=[case.evidence.get().pk]).photos.get()
    across, down = size_of(Client(), f"/public/photos/{shown.pk}")
    assert down == 2 * across
