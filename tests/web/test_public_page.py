"""The public page in a browser without an account: nothing of it while it is off, and little to load while it is on."""

from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence, Person
from casework.proofs.previews import WIDTHS
from casework.stages import Stage
from casework.talk.attachments import attach
from casework.talk.commenting import write_comment
from flows import steps
from oversight.public_page.limits import MOST_OF_ADDRESS
from oversight.public_page.records import MaskedWord, PublicUse, Release, VillagerStatement
from oversight.public_page.releasing import photos_of, withdraw_release
from oversight.public_page.stating import say_not_fixed
from oversight.suggestions.records import Suggestion
from tests.cast import Cast
from tests.oversight.public_page import released, switched
from tests.walk import NOW, case_at, closed, photo

SignedIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.middleware.timezone.now", lambda: NOW)


@pytest.fixture
def case(cast: Cast) -> Case:
    return closed(cast, case_at(Stage.STRIKE_OFF, cast))


def words_of(answer: Any) -> str:
    return unescape(answer.content.decode())


ADDRESSES = ("/public", "/public/{code}", "/public/not-fixed", "/public/suggestions", "/public/{code}/thanks")


class TestOff:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_every_address_is_not_there_and_sets_no_cookie(self, address: str, cast: Cast, case: Case) -> None:
        released(cast, case)
        answer = Client().get(address.format(code=cast.willow.code))
        assert answer.status_code == 404
        assert not answer.cookies

    def test_what_is_sent_all_the_same_is_not_kept(self, cast: Cast, case: Case) -> None:
        released(cast, case)
        client = Client()
        assert client.post("/public/not-fixed", {"code": case.number, "words": "x"}).status_code == 404
        said = {"city": cast.city.code, "kind": "complaint", "words": "x"}
        assert client.post("/public/suggestions", said).status_code == 404
        assert not VillagerStatement.objects.exists() and not Suggestion.objects.exists()

    def test_turned_on_by_the_city_on_its_page_it_is_there(self, cast: Cast, signed_in: SignedIn) -> None:
        answer = signed_in(cast.city_supervisor).post("/public-page", {"turn_on": "1", "reason": "市政府常务会"})
        assert answer.status_code == 302
        assert Client().get("/public").status_code == 200
        answer = signed_in(cast.county_supervisor).post("/public-page", {"turn_on": "0", "reason": "x"})
        assert answer.status_code == 403 and Client().get("/public").status_code == 200


class TestVillage:
    def test_shows_words_deadline_and_state_and_nothing_else_of_the_case(self, cast: Cast, case: Case) -> None:
        switched(cast)
        released(cast, case, problem="明白墙没有遮雨设施。", measure="加装雨棚。")
        answer = Client().get(f"/public/{cast.willow.code}")
        words = words_of(answer)
        assert "明白墙没有遮雨设施。" in words and "加装雨棚。" in words and case.number in words
        assert case.description not in words and cast.willow_head.name not in words

    def test_sets_no_cookie_runs_no_script_and_tells_search_engines_to_go(self, cast: Cast, case: Case) -> None:
        switched(cast)
        released(cast, case)
        answer = Client().get(f"/public/{cast.willow.code}")
        assert not answer.cookies and "<script" not in words_of(answer)
        assert "noindex" in answer["X-Robots-Tag"] and "noindex" in words_of(answer)
        assert answer["Cache-Control"] == "public, max-age=60"

    def test_a_photo_is_there_while_it_is_released(self, cast: Cast, case: Case) -> None:
        switched(cast)
        shown = released(cast, case, photos=[photos_of(case)[0].pk]).photos.get()
        assert Client().get(f"/public/photos/{shown.pk}")["Content-Type"] == "image/webp"
        withdraw_release(case=case, reason="x", by=cast.county_supervisor, at=NOW)
        assert Client().get(f"/public/photos/{shown.pk}").status_code == 404

    def test_no_copy_that_is_shown_of_a_photo_carries_its_position(self, cast: Cast, signed_in: SignedIn) -> None:
        case, exif = case_at(Stage.RECTIFICATION, cast), Image.Exif()
        exif[0x8825] = {1: "N", 2: (33.0, 34.0, 12.0), 3: "E", 4: (114.0, 1.0, 2.0)}
        file = BytesIO()
        Image.new("RGB", (800, 600), (90, 20, 20)).save(file, "JPEG", exif=exif)
        upload = SimpleUploadedFile("现场.jpg", file.getvalue())
        steps.take(add_evidence, case=case, kind="before", upload=upload, by=cast.county_supervisor, at=NOW)
        kept = Evidence.objects.get(case=case, kind="before")
        assert kept.latitude is not None  # it was there
        said = write_comment(case=case, words="x", files=[attach(upload)], by=cast.willow_head, at=NOW)
        switched(cast)
        shown = released(cast, case, photos=[kept.pk]).photos.get()
        copies = [Client().get(f"/public/photos/{shown.pk}")]
        for address in (f"/evidence/{kept.pk}/preview", f"/comments/{said.pk}/files/1/preview"):
            copies += [signed_in(cast.willow_head).get(f"{address}/{width}") for width in WIDTHS]
        for copy in copies:
            content = b"".join(copy.streaming_content)
            with Image.open(BytesIO(content)) as picture:
                assert not dict(picture.getexif()) and not {"exif", "xmp"} & picture.info.keys()

    def test_takes_as_many_queries_for_five_as_for_one_and_less_than_20_kB(self, cast: Cast, case: Case) -> None:
        switched(cast)
        released(cast, case)
        counts = []
        for more in range(2):
            for _ in range(4 * more):
                released(cast, case_at(Stage.RECTIFICATION, cast))
            with CaptureQueriesContext(connection) as captured:
                answer = Client().get(f"/public/{cast.willow.code}")
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 8
        assert words_of(answer).count("<article") == 5 and len(answer.content) < 20_000

    @pytest.mark.parametrize("code", ["999", "x" * 5000, "%00", "４１"])
    def test_an_address_that_is_none_is_not_there(self, code: str, cast: Cast) -> None:
        switched(cast)
        assert Client().get(f"/public/{code}").status_code in (400, 404)


class TestNotFixed:
    def test_with_a_photo_it_waits_for_the_office_and_nobody_else_sees_it(
        self, cast: Cast, case: Case, signed_in: SignedIn
    ) -> None:
        switched(cast)
        released(cast, case)
        said = {"code": case.number, "words": "雨棚又塌了", "uploads": [photo(7)]}
        answer = Client().post("/public/not-fixed", said, follow=True)
        assert answer.status_code == 200 and not answer.cookies
        statement = VillagerStatement.objects.get()
        assert "雨棚又塌了" not in words_of(Client().get(f"/public/{cast.willow.code}"))
        listed = signed_in(cast.town_reviewer).get("/villager-statements")
        assert "雨棚又塌了" in words_of(listed)
        picture = signed_in(cast.town_reviewer).get(f"/villager-statements/{statement.pk}/photo")
        assert picture["Content-Type"] == "image/webp"
        for who in (cast.willow_head, cast.outsider_county):
            assert signed_in(who).get(f"/villager-statements/{statement.pk}").status_code == 404

    def test_twenty_a_minute_of_one_line_end_in_a_sentence(self, cast: Cast, case: Case) -> None:
        switched(cast)
        released(cast, case)
        client = Client()
        statuses = [
            client.post("/public/not-fixed", {"code": case.number, "words": f"x{n}"}).status_code for n in range(20)
        ]
        assert statuses == [302] * MOST_OF_ADDRESS + [429] * (20 - MOST_OF_ADDRESS)
        assert VillagerStatement.objects.count() == MOST_OF_ADDRESS
        assert "127.0.0.1" not in str(list(PublicUse.objects.values()))

    @pytest.mark.parametrize(
        "said",
        [
            {"code": "", "words": "x"},
            {"code": "QH-2026-999999"},
            {"code": "x" * 100_000},
            {"code": "QH\x00"},
            {"words": "x" * 100_000},
            {"words": "x\x00"},
            {"uploads": "no file"},
        ],
    )
    def test_what_can_not_be_taken_is_answered_with_a_sentence(
        self, said: dict[str, str], cast: Cast, case: Case
    ) -> None:
        switched(cast)
        released(cast, case)
        is_taken = set(said) == {"uploads"}
        answer = Client().post("/public/not-fixed", {"code": case.number, **said})
        assert answer.status_code in ((302,) if is_taken else (400, 413, 422))
        assert VillagerStatement.objects.count() == is_taken

    def test_a_document_instead_of_a_photo_is_refused_and_the_words_stay(self, cast: Cast, case: Case) -> None:
        switched(cast)
        released(cast, case)
        upload = photo(3, name="材料.jpg")
        upload.file.seek(0)
        upload.file.write(b"%PDF-1.4 ")
        answer = Client().post("/public/not-fixed", {"code": case.number, "words": "还没修", "uploads": [upload]})
        assert answer.status_code == 422 and "还没修" in words_of(answer)
        assert not VillagerStatement.objects.exists()

    def test_a_large_photo_without_a_sign_in_is_read_only_while_a_page_is_on(self, cast: Cast, case: Case) -> None:
        released(cast, case)
        large = {"code": case.number, "uploads": [photo(1, size=(64, 48))], "words": "x" * 70_000}
        assert Client().post("/public/not-fixed", large).status_code == 413
        switched(cast)
        assert Client().post("/public/not-fixed", large).status_code == 422

    def test_accepted_on_the_page_a_look_back_is_planned(self, cast: Cast, case: Case, signed_in: SignedIn) -> None:
        switched(cast)
        released(cast, case)
        statement = say_not_fixed(code=case.number, words="x", at=NOW)
        client = signed_in(cast.town_reviewer)
        assert client.post(f"/villager-statements/{statement.pk}/dismissal", {"reason": "x"}).status_code == 403
        assert client.post(f"/villager-statements/{statement.pk}/acceptance").status_code == 302
        assert case.look_backs.get().opens_on == NOW.date()
        assert client.post(f"/villager-statements/{statement.pk}/acceptance").status_code == 409


class TestReleasing:
    def test_a_name_in_the_words_is_shown_and_nothing_is_released(
        self, cast: Cast, case: Case, signed_in: SignedIn
    ) -> None:
        Person.objects.filter(pk=cast.willow_head.pk).update(name="周德顺")
        client = signed_in(cast.county_supervisor)
        said = {"problem": "周德顺没有公示", "measure": "", "is_read": "on"}
        answer = client.post(f"/cases/{case.number}/release", said)
        assert answer.status_code == 422 and "周德顺没有公示" in words_of(answer)
        assert not Release.objects.exists()
        said["problem"] = "账目没有公示"
        assert client.post(f"/cases/{case.number}/release", said).status_code == 302
        assert "账目没有公示" in words_of(client.get("/releases"))
        assert client.post(f"/cases/{case.number}/release/withdrawal", {"reason": "y"}).status_code == 302
        assert "账目没有公示" not in words_of(client.get("/releases"))

    def test_unread_it_is_not_released(self, cast: Cast, case: Case, signed_in: SignedIn) -> None:
        answer = signed_in(cast.county_supervisor).post(f"/cases/{case.number}/release", {"problem": "x"})
        assert answer.status_code == 422 and not Release.objects.exists()

    def test_a_word_is_put_on_the_list_and_taken_off(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.county_supervisor)
        assert client.post("/public-page/words", {"words": "老李家"}).status_code == 302
        assert client.post("/public-page/words", {"words": "老李家"}).status_code == 409
        word = MaskedWord.objects.get()
        assert client.post(f"/public-page/words/{word.pk}/end").status_code == 302
        assert "老李家" not in words_of(client.get("/public-page"))
        word.refresh_from_db()
        assert word.ended_by == cast.county_supervisor


class TestSuggestions:
    def test_whoever_is_signed_in_reads_the_answer_on_the_same_page(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.willow_head)
        assert client.post("/suggestions", {"kind": "suggestion", "words": "字再大一点"}).status_code == 302
        said = Suggestion.objects.get()
        office = signed_in(cast.city_supervisor)
        assert "字再大一点" in words_of(office.get("/received-suggestions"))
        answer = office.post(f"/received-suggestions/{said.pk}", {"words": "下个版本改"})
        assert answer.status_code == 302
        assert "下个版本改" in words_of(client.get("/suggestions"))
        assert "下个版本改" not in words_of(signed_in(cast.poplar_head).get("/suggestions"))
        assert office.post(f"/received-suggestions/{said.pk}", {"words": "再答"}).status_code == 409

    def test_the_same_twice_is_refused_and_the_words_stay(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.willow_head)
        said = {"kind": "complaint", "words": "太慢了"}
        assert client.post("/suggestions", said).status_code == 302
        answer = client.post("/suggestions", said)
        assert answer.status_code == 409 and "太慢了" in words_of(answer)
        assert Suggestion.objects.count() == 1

    def test_without_an_account_it_reaches_the_city_while_the_page_is_on(self, cast: Cast) -> None:
        switched(cast)
        said = {"city": cast.city.code, "kind": "complaint", "words": "看不懂"}
        answer = Client().post("/public/suggestions", said)
        assert answer.status_code == 302 and not answer.cookies
        made = Suggestion.objects.get()
        assert (made.by, made.city) == (None, cast.city)

    @pytest.mark.parametrize(
        "said", [{"city": "999"}, {"city": "%00"}, {"kind": "x"}, {"words": "x" * 100_000}, {"words": "\x00"}]
    )
    def test_odd_words_of_strangers_are_refused_in_a_sentence(self, said: dict[str, str], cast: Cast) -> None:
        switched(cast)
        answer = Client().post(
            "/public/suggestions", {"city": cast.city.code, "kind": "complaint", "words": "x", **said}
        )
        assert answer.status_code in (400, 413, 422)
        assert not Suggestion.objects.exists()

    @pytest.mark.parametrize("who", ["county_supervisor", "willow_head", "administrator"])
    def test_others_do_not_read_what_was_received(self, who: str, cast: Cast, signed_in: SignedIn) -> None:
        assert signed_in(getattr(cast, who)).get("/received-suggestions").status_code == 403
