"""A photo's page with what is known of it, its turn that changes no byte, and before and after compared."""

import hashlib
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from casework.errors import Invalid, NotAllowed
from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence, Flag, PhotoPrint, PhotoTurn
from casework.proofs.turning import turn_photo
from casework.queries import measures_to_report
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, photo, reported


def add(case: Case, by: object, upload: SimpleUploadedFile, kind: str = "after") -> Evidence:
    measure = measures_to_report(case)[0] if kind == "after" else None
    steps.take(add_evidence, case=case, by=by, at=NOW, kind=kind, upload=upload, measure=measure)
    return case.evidence.latest("number")


def wide() -> SimpleUploadedFile:
    """Red at the left, blue at the right."""
    picture, file = Image.new("RGB", (800, 400), "red"), io.BytesIO()
    picture.paste("blue", (400, 0, 800, 400))
    picture.save(file, "PNG")
    return SimpleUploadedFile("wide.png", file.getvalue())


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person)
    return client


def shown(client: Client, one: Evidence) -> Image.Image:
    body = b"".join(client.get(f"/evidence/{one.pk}/preview/320").streaming_content)
    return Image.open(io.BytesIO(body)).convert("RGB")


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


class TestTurning:
    def test_a_turned_photo_is_shown_turned_and_its_file_stays_as_it_came_in(self, cast: Cast, case: Case) -> None:
        one = add(case, cast.willow_head, wide())
        file = Path(settings.MEDIA_ROOT) / one.stored_as
        before, client = (file.read_bytes(), one.chain), client_of(cast.town_reviewer)
        lying = client.get(f"/evidence/{one.pk}/preview/320")
        assert client.post(f"/evidence/{one.pk}/turn", {"quarters": "1"})["Location"] == f"/evidence/{one.pk}/photo"
        copy = shown(client, one)
        # A quarter to the right: what was left is above.
        assert copy.height == 2 * copy.width
        assert copy.getpixel((50, 20))[0] > 200 and copy.getpixel((50, copy.height - 20))[2] > 200
        assert client.get(f"/evidence/{one.pk}/preview/320")["ETag"] != lying["ETag"]
        assert 'width="400" height="800"' in client.get(f"/evidence/{one.pk}/photo").content.decode()
        one.refresh_from_db()
        assert (file.read_bytes(), one.chain) == before
        assert hashlib.sha256(before[0]).hexdigest() == one.sha256
        sent = b"".join(client.get(f"/evidence/{one.pk}").streaming_content)
        assert sent == before[0]

    def test_turned_on_it_stands_on_its_head_and_comes_round(self, cast: Cast, case: Case) -> None:
        one = add(case, cast.willow_head, wide())
        client = client_of(cast.willow_head)
        for quarters, left in ((2, 2), (3, 0), (0, 0)):
            client.post(f"/evidence/{one.pk}/turn", {"quarters": quarters})
            copy = shown(client, one)
            place = (copy.width // 2, copy.height - 10) if quarters == 3 else (10, copy.height // 2)
            assert copy.getpixel(place)[left] > 200
            page = client.get(f"/evidence/{one.pk}/photo").content.decode()
            assert f'name="quarters" value="{(quarters + 1) % 4}"' in page
        turn = PhotoTurn.objects.get()
        assert (turn.quarters, turn.by) == (0, cast.willow_head)

    @pytest.mark.parametrize("quarters", ["4", "-1", "", "x"])
    def test_no_other_turn_is_taken(self, quarters: str, cast: Cast, case: Case) -> None:
        one = add(case, cast.willow_head, photo(1))
        answer = client_of(cast.willow_head).post(f"/evidence/{one.pk}/turn", {"quarters": quarters}, follow=True)
        assert 'class="message error"' in answer.content.decode() and not PhotoTurn.objects.exists()
        with pytest.raises(Invalid):
            turn_photo(evidence=one, quarters=4, by=cast.willow_head, on=TODAY, at=NOW)

    def test_who_sees_only_previews_turns_nothing(self, cast: Cast) -> None:
        one = add(reported(cast, by=cast.volunteer), cast.volunteer, photo(1), "before")
        client = client_of(cast.volunteer)
        assert f"/evidence/{one.pk}/turn" not in client.get(f"/evidence/{one.pk}/photo").content.decode()
        client.post(f"/evidence/{one.pk}/turn", {"quarters": "1"})
        with pytest.raises(NotAllowed):
            turn_photo(evidence=one, quarters=1, by=cast.volunteer, on=TODAY, at=NOW)
        assert not PhotoTurn.objects.exists()
        assert client_of(cast.outsider_head).post(f"/evidence/{one.pk}/turn", {"quarters": "1"}).status_code == 404


class TestWhatIsKnown:
    def test_who_when_where_and_camera_stand_beside_the_photo(self, cast: Cast, case: Case) -> None:
        one = add(case, cast.willow_head, photo(1))
        PhotoPrint.objects.create(evidence=one, camera="红叶 P40", checked_at=NOW)
        page = client_of(cast.town_reviewer).get(f"/evidence/{one.pk}/photo").content.decode()
        assert f"{cast.willow_head} · {cast.willow}" in page
        assert "红叶 P40" in page and "上报人" not in page

    def test_flags_stand_beside_it_for_reviewers_and_not_for_the_village(self, cast: Cast, case: Case) -> None:
        one, other = add(case, cast.willow_head, photo(1)), add(case, cast.willow_head, photo(2))
        Flag.objects.create(case=case, kind="no_data", evidence=one, about="x", at=NOW)
        words = str(Flag.objects.get().get_kind_display())
        reviewer, village = client_of(cast.town_reviewer), client_of(cast.willow_head)
        assert words in reviewer.get(f"/evidence/{one.pk}/photo").content.decode()
        assert words not in reviewer.get(f"/evidence/{other.pk}/photo").content.decode()
        assert words not in village.get(f"/evidence/{one.pk}/photo").content.decode()

    def test_a_photo_leads_to_the_next_and_the_one_before_but_not_to_a_document(self, cast: Cast, case: Case) -> None:
        after = [add(case, cast.willow_head, photo(n)) for n in (1, 2)]
        before = add(case, cast.inspector, photo(3), "before")
        client = client_of(cast.town_reviewer)
        for one, previous, following in (
            (before, None, after[0]),
            (after[0], before, after[1]),
            (after[1], after[0], None),
        ):
            page = client.get(f"/evidence/{one.pk}/photo")
            assert (page.context["among"].previous, page.context["among"].next) == (previous, following)
            body = page.content.decode()
            assert ('rel="prev"' in body, 'rel="next"' in body) == (previous is not None, following is not None)

    def test_a_photo_of_a_look_back_is_led_to_from_no_other(self, cast: Cast, case: Case) -> None:
        one = add(case, cast.willow_head, photo(1))
        hidden = Evidence.objects.get(pk=one.pk)
        hidden.pk, hidden.number, hidden.kind = None, one.number + 1, "look_back"
        hidden.save()
        page = client_of(cast.willow_head).get(f"/evidence/{one.pk}/photo")
        assert (page.context["among"].total, page.context["among"].next) == (1, None)


class TestComparing:
    def test_the_photo_from_before_stands_beside_the_latest_round(self, cast: Cast, case: Case) -> None:
        client = client_of(cast.town_reviewer)
        assert client.get(f"/cases/{case.number}/comparison").context["left"] is None
        before = [add(case, cast.inspector, photo(n), "before") for n in (1, 2)]
        after = [add(case, cast.willow_head, photo(n)) for n in (3, 4)]
        page = client.get(f"/cases/{case.number}/comparison")
        assert (page.context["left"], page.context["right"]) == (before[0], after[0])
        body = page.content.decode()
        assert body.index(f"/evidence/{before[0].pk}/preview/1600") < body.index(
            f"/evidence/{after[0].pk}/preview/1600"
        )
        assert f'href="/cases/{case.number}/comparison"' in client.get(f"/cases/{case.number}").content.decode()

    def test_another_pair_is_chosen_by_the_address_and_a_foreign_one_is_none(self, cast: Cast, case: Case) -> None:
        before = [add(case, cast.inspector, photo(n), "before") for n in (1, 2)]
        after = [add(case, cast.willow_head, photo(n)) for n in (3, 4)]
        client = client_of(cast.town_reviewer)
        address = f"/cases/{case.number}/comparison?before={before[1].pk}&after={after[1].pk}"
        page = client.get(address)
        assert (page.context["left"], page.context["right"]) == (before[1], after[1])
        crossed = client.get(f"/cases/{case.number}/comparison?before={after[0].pk}&after=x")
        assert (crossed.context["left"], crossed.context["right"]) == (before[0], after[0])
        assert client_of(cast.outsider_head).get(address).status_code == 404
