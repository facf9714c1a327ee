"""Comments on the pages, without a script: written, refused without losing anything, quoted, changed, answered."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Case, Comment, Following, Person
from casework.queries import current_measures
from casework.stages import Stage
from casework.talk.attachments import attach
from casework.talk.commenting import LONGEST, ask_what_is_missing, edit_comment
from casework.talk.reading import PAGE
from tests.cast import Cast
from tests.walk import NOW, case_at, closed, photo, reported, reviewed
from tests.web.comments import comment_shown, page_of, post, say

SignedIn = Callable[[Person], Client]


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


@pytest.fixture
def village(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.willow_head)


class TestWriting:
    def test_a_comment_stands_on_the_case_s_page(self, case: Case, village: Client, cast: Cast) -> None:
        answer = post(village, case, "第一行\n<b>@town_reviewer</b> 第二行")
        comment = Comment.objects.get()
        assert answer["Location"] == f"/cases/{case.number}#comment-{comment.pk}"
        shown = comment_shown(page_of(village, f"/cases/{case.number}"), comment)
        assert '第一行<br>&lt;b&gt;<b class="mention">@town_reviewer</b>&lt;/b&gt; 第二行' in shown
        assert "willow_head" in shown and "上柳村" in shown

    def test_an_empty_page_says_what_stands_here(self, case: Case, village: Client) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("web.pages.case.comments_of", None)  # nothing is asked where there is nothing
            page = page_of(village, f"/cases/{case.number}")
        assert 'id="talk"' in page and '<ol class="comments">' not in page
        assert f'action="/cases/{case.number}/comments"' in page

    def test_about_a_measure_and_as_a_question(self, case: Case, village: Client) -> None:
        measure = current_measures(case)[1]
        page = page_of(village, f"/cases/{case.number}?about={measure.pk}")
        assert f'<option value="{measure.pk}" selected>' in page
        post(village, case, about=str(measure.pk), is_question="on")
        comment = Comment.objects.get()
        assert (comment.measure, comment.is_question) == (measure, True)
        assert "open-question" in comment_shown(page_of(village, f"/cases/{case.number}"), comment)

    def test_a_measure_of_another_case_can_not_be_chosen(self, case: Case, village: Client, cast: Cast) -> None:
        other = current_measures(case_at(Stage.RECTIFICATION, cast))[0]
        assert post(village, case, about=str(other.pk)).status_code == 422
        assert not Comment.objects.exists()

    def test_quoted_by_a_link_that_needs_no_script(self, case: Case, village: Client, cast: Cast) -> None:
        first = say(case, cast.town_reviewer, "签字表缺一人")
        page = page_of(village, f"/cases/{case.number}")
        link = f"/cases/{case.number}/comments?quotes={first.pk}"
        assert f'href="{link}#write"' in page
        form = page_of(village, link)
        assert f'name="quotes" value="{first.pk}"' in form
        assert re.search(r"<blockquote[^>]*data-quoted>.*签字表缺一人", form)
        post(village, case, quotes=str(first.pk))
        assert Comment.objects.latest("pk").quotes == first

    def test_what_is_quoted_stands_in_this_case(self, case: Case, village: Client, cast: Cast) -> None:
        secret = say(reported(cast), cast.county_supervisor, "暗访线索")
        assert "暗访线索" not in page_of(village, f"/cases/{case.number}/comments?quotes={secret.pk}")
        post(village, case, quotes=str(secret.pk))
        assert Comment.objects.latest("pk").quotes is None

    def test_a_second_click_writes_it_once(self, case: Case, village: Client) -> None:
        key = str(uuid4())
        assert [post(village, case, key=key).status_code for _ in range(2)] == [302, 302]
        assert Comment.objects.count() == 1

    def test_of_an_ended_case(self, cast: Cast, village: Client) -> None:
        assert post(village, closed(cast, case_at(Stage.STRIKE_OFF, cast))).status_code == 302

    def test_a_foreign_case_is_not_even_denied(self, case: Case, cast: Cast, signed_in: SignedIn) -> None:
        assert post(signed_in(cast.outsider_head), case).status_code == 404
        assert signed_in(cast.outsider_head).get(f"/cases/{case.number}/readers").status_code == 404
        assert not Comment.objects.exists()


class TestNothingIsLost:
    def test_a_name_that_may_not_see_the_case(self, case: Case, village: Client) -> None:
        words = "@outsider_head 请把芦苇村的做法发来"
        answer = post(village, case, words, is_question="on")
        page = answer.content.decode()
        assert answer.status_code == 422 and not Comment.objects.exists()
        assert f">\n{words}</textarea>" in page and "“@outsider_head”" in page
        assert re.search(r'name="is_question"[^>]*checked', page)

    def test_files_that_arrived_go_along_the_second_time(self, case: Case, village: Client) -> None:
        answer = post(village, case, "@outsider_head", uploads=[photo(5, name="雨棚.jpg")])
        page = answer.content.decode()
        token = re.search(r'name="kept" value="([^"]+)" checked', page)
        assert answer.status_code == 422 and token is not None and "雨棚.jpg" in page
        assert post(village, case, "好", kept=token.group(1), uploads=[photo(5), photo(6)]).status_code == 302
        assert [file["name"] for file in Comment.objects.get().files] == ["雨棚.jpg", "现场.jpg"]

    def test_a_signature_is_of_its_person_and_case(
        self, case: Case, village: Client, cast: Cast, signed_in: SignedIn
    ) -> None:
        page = post(village, case, "@outsider_head", uploads=[photo(5)]).content.decode()
        [token] = re.findall(r'name="kept" value="([^"]+)"', page)
        post(signed_in(cast.town_reviewer), case, "别人的", kept=token)
        post(village, case_at(Stage.RECTIFICATION, cast), "别的案件", kept=token)
        post(village, case, "改过", kept=token[:-1])
        assert [comment.files for comment in Comment.objects.all()] == [[], [], []]

    def test_a_refused_file_is_named_and_the_good_one_kept(self, case: Case, village: Client) -> None:
        files = [photo(5), SimpleUploadedFile("程序.exe", b"MZ" + b"x" * 90)]
        page = post(village, case, "两个文件", uploads=files).content.decode()
        assert "程序.exe" in page and 'name="kept"' in page and "两个文件</textarea>" in page
        assert not Comment.objects.exists()

    def test_six_files(self, case: Case, village: Client) -> None:
        answer = post(village, case, uploads=[photo(colour) for colour in range(6)])
        assert answer.status_code == 422 and answer.content.decode().count('name="kept"') == 6

    def test_too_long(self, case: Case, village: Client) -> None:
        words = "改" * (LONGEST + 1)
        page = post(village, case, words).content.decode()
        assert f"{words}</textarea>" in page and "2001" in page


class TestFiles:
    @pytest.fixture
    def comment(self, case: Case, cast: Cast) -> Comment:
        return say(case, cast.willow_head, files=[attach(photo(5, size=(800, 600), name="雨棚.jpg"))])

    def test_shown_small_large_and_as_it_was(self, case: Case, comment: Comment, village: Client) -> None:
        base = f"/comments/{comment.pk}/files/1"
        assert f'src="{base}/preview/320"' in page_of(village, f"/cases/{case.number}")
        assert village.get(f"{base}/preview/320")["Content-Type"] == "image/webp"
        assert f'href="{base}"' in page_of(village, f"{base}/photo")
        answer = village.get(base)
        assert answer["Content-Type"] == "image/jpeg" and "sandbox" in answer["Content-Security-Policy"]

    @pytest.mark.parametrize("path", ["", "/preview/320", "/photo"])
    def test_who_may_not_see_the_case_gets_none(
        self, path: str, comment: Comment, cast: Cast, signed_in: SignedIn
    ) -> None:
        for who in (cast.outsider_head, cast.poplar_head, cast.volunteer):
            assert signed_in(who).get(f"/comments/{comment.pk}/files/1{path}").status_code == 404

    @pytest.mark.parametrize("path", ["0", "2", "1/preview/321", "99999999999999999999"])
    def test_what_is_not_there(self, path: str, comment: Comment, village: Client) -> None:
        assert village.get(f"/comments/{comment.pk}/files/{path}").status_code == 404

    def test_a_volunteer_sees_previews_and_no_original(self, cast: Cast, signed_in: SignedIn) -> None:
        comment = say(reported(cast, by=cast.volunteer), cast.volunteer, files=[attach(photo(5))])
        client = signed_in(cast.volunteer)
        assert client.get(f"/comments/{comment.pk}/files/1/preview/320").status_code == 200
        assert client.get(f"/comments/{comment.pk}/files/1").status_code == 403
        assert f'href="/comments/{comment.pk}/files/1"' not in page_of(client, f"/comments/{comment.pk}/files/1/photo")


class TestChanging:
    def test_for_ten_minutes_by_who_wrote_it(
        self, case: Case, village: Client, cast: Cast, clock: time_machine.Traveller, signed_in: SignedIn
    ) -> None:
        comment = say(case, cast.willow_head, "雨棚三米")
        address = f"/comments/{comment.pk}/wording"
        assert f'href="{address}"' in page_of(village, f"/cases/{case.number}")
        assert f'href="{address}"' not in page_of(signed_in(cast.willow_member), f"/cases/{case.number}")
        assert "雨棚三米</textarea>" in page_of(village, address)
        assert village.post(address, {"words": "雨棚四米"}).status_code == 302
        shown = comment_shown(page_of(village, f"/cases/{case.number}"), comment)
        assert "雨棚四米" in shown and "雨棚三米" not in shown
        clock.shift(timedelta(minutes=10))
        assert f'href="{address}"' not in page_of(village, f"/cases/{case.number}")
        late = village.post(address, {"words": "雨棚五米"})
        assert late.status_code == 422 and "雨棚五米</textarea>" in late.content.decode()

    def test_who_reads_what_it_said_before(self, case: Case, cast: Cast, signed_in: SignedIn) -> None:
        comment = say(case, cast.willow_head, "雨棚三米")
        edit_comment(comment=comment, words="雨棚四米", by=cast.willow_head, at=NOW)
        address = f"/comments/{comment.pk}/wordings"
        for who in ("county_supervisor", "city_supervisor", "willow_head"):
            client = signed_in(getattr(cast, who))
            assert f'href="{address}"' in page_of(client, f"/cases/{case.number}")
            assert "雨棚三米" in page_of(client, address)
        for who in ("willow_member", "town_reviewer", "inspector"):
            client = signed_in(getattr(cast, who))
            assert f'href="{address}"' not in page_of(client, f"/cases/{case.number}")
            assert client.get(address).status_code == 404


class TestQuestions:
    def test_marked_as_answered_by_whose_turn_it_is(
        self, case: Case, village: Client, cast: Cast, signed_in: SignedIn
    ) -> None:
        question = say(case, cast.town_reviewer, kind="question")
        address = f"/comments/{question.pk}/resolution"
        assert f'action="{address}"' not in page_of(signed_in(cast.inspector), f"/cases/{case.number}")
        assert signed_in(cast.inspector).post(address).status_code == 403
        assert f'action="{address}"' in page_of(village, f"/cases/{case.number}")
        assert village.post(address).status_code == 302
        page = page_of(village, f"/cases/{case.number}")
        assert f'action="{address}"' not in page and "answered" in comment_shown(page, question)

    def test_what_is_missing_is_one_click_of_the_village(
        self, cast: Cast, village: Client, signed_in: SignedIn
    ) -> None:
        case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(1,))
        address = f"/cases/{case.number}/missing"
        assert f'action="{address}"' in page_of(village, f"/cases/{case.number}")
        for who in (cast.town_reviewer, cast.county_supervisor):
            assert f'action="{address}"' not in page_of(signed_in(who), f"/cases/{case.number}")
        assert signed_in(cast.town_reviewer).post(address).status_code == 403
        key = str(uuid4())
        for _click in range(2):
            assert village.post(address, {"key": key}).status_code == 302
        assert village.post(address, {"key": str(uuid4())})["Location"].endswith("#talk")
        question = Comment.objects.get()
        assert question.mentions[0]["unit"] == cast.town.pk
        assert f'action="{address}"' not in page_of(village, f"/cases/{case.number}")  # it waits for its answer
        village.post(f"/comments/{question.pk}/resolution")
        assert f'action="{address}"' in page_of(village, f"/cases/{case.number}")

    def test_returned_again_it_may_be_asked_again(self, cast: Cast, village: Client) -> None:
        case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(1,))
        asked = ask_what_is_missing(case=case, by=cast.willow_head, at=NOW)
        form = f'action="/cases/{case.number}/missing"'
        assert form not in page_of(village, f"/cases/{case.number}")
        Case.objects.filter(pk=case.pk).update(returned_at=asked.at + timedelta(days=3))
        assert form in page_of(village, f"/cases/{case.number}")

    @pytest.mark.parametrize("key", ["", "x", "\u0000"[:0]])
    def test_without_a_key_it_is_asked_all_the_same(self, key: str, case: Case, village: Client) -> None:
        assert village.post(f"/cases/{case.number}/missing", {"key": key}).status_code == 302
        assert Comment.objects.count() == 1


class TestFollowing:
    def test_follow_and_stop(self, case: Case, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.city_supervisor)
        for wanted in ("1", "0", "1"):
            assert f'name="is_on" value="{wanted}"' in page_of(client, f"/cases/{case.number}")
            client.post(f"/cases/{case.number}/following", {"is_on": wanted})
            assert Following.objects.get().is_on == (wanted == "1")

    def test_another_one_s_following_is_not_mine(self, case: Case, cast: Cast, village: Client) -> None:
        Following.objects.create(case=case, person=cast.town_reviewer, at=NOW)
        assert 'name="is_on" value="1"' in page_of(village, f"/cases/{case.number}")


class TestPages:
    def test_more_than_thirty_are_paged_by_key_and_each_is_found_by_its_link(
        self, case: Case, cast: Cast, village: Client
    ) -> None:
        said = [say(case, cast.town_reviewer, f"第{number}条") for number in range(PAGE + 2)]
        page = page_of(village, f"/cases/{case.number}")
        assert page.count('<li class="comment') == PAGE
        earlier = f"/cases/{case.number}/comments?before={said[2].pk}"
        assert f'href="{earlier}"' in page
        assert page_of(village, earlier).count('<li class="comment') == 2
        for one in said:
            address = village.get(f"/comments/{one.pk}")["Location"]
            assert f'id="comment-{one.pk}"' in page_of(village, address.partition("#")[0])

    @pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 40])
    def test_an_unreadable_key_is_no_fault(self, before: str, case: Case, village: Client) -> None:
        assert village.get(f"/cases/{case.number}/comments?before={before}").status_code == 200

    def test_who_may_be_named_is_who_sees_the_case(self, case: Case, village: Client) -> None:
        names = {one["name"] for one in village.get(f"/cases/{case.number}/readers").json()["readers"]}
        assert {"willow_member", "town_reviewer", "柳河镇"} <= names
        assert not names & {"outsider_head", "willow_head"}  # who may not see it, and oneself

    def test_the_timeline_tells_of_steps_alone(self, case: Case, cast: Cast, village: Client) -> None:
        before = page_of(village, f"/cases/{case.number}").count('<li class="event')
        say(case, cast.town_reviewer)
        assert page_of(village, f"/cases/{case.number}").count('<li class="event') == before
