"""The pages of a visit: from the first page to the signature, with few taps; nothing that was said is lost."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from casework.lifecycle.exit import refer_case
from casework.models import Case, Evidence, Person
from casework.stages import Role
from flows import steps
from oversight.models import FoundCase, HeadSignature, ItemAnswer, VisitState
from oversight.visits.making import answer_items
from oversight.visits.queries import lines_of
from oversight.visits.signing import Signature
from tests.cast import Cast
from tests.factories import appoint
from tests.oversight.visiting import STROKES, all_in_order, done_visit, made_visit, planned_visit
from tests.walk import NOW, TODAY, photo, reported
from tests.web.test_queries import queries_of

SignedIn = Callable[[Person], Client]


def report_words(page: str, **changed: Any) -> dict[str, Any]:
    """The report form as it came, with what the inspector typed."""
    hidden = {}
    for piece in page.split("<input")[1:]:
        tag = piece[: piece.index(">")]
        if 'type="hidden"' in tag and 'name="' in tag:
            hidden[tag.split('name="')[1].split('"')[0]] = (
                tag.split('value="')[1].split('"')[0] if "value=" in tag else ""
            )
    chosen = page[page.index('name="item"') :].split("selected")[0].rsplit('value="', 1)[1].split('"')[0]
    village = page[page.index('name="village"') - 60 :].split('value="')[1].split('"')[0]
    return {
        **hidden,
        "village": village,
        "item": chosen,
        "description": "公开栏第三季度财务未更新，最近一期是去年九月。",
        "found_on": str(TODAY),
        "source": "spot_check",
        "photos": [photo(3)],
        **changed,
    }


class TestTaps:
    def test_from_home_to_a_saved_finding_with_a_photo_in_five_taps_and_the_next_in_four(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        visit = planned_visit(cast)
        line = lines_of(visit)[0].pk
        client = signed_in(cast.inspector)
        home = client.get("/").content.decode()
        assert f'action="/visits/{visit.pk}/arrival"' in home
        # 1: "I have arrived", on the first page.
        page = client.post(f"/visits/{visit.pk}/arrival", {"key": uuid4()}, follow=True).content.decode()
        assert f'name="finding" value="{line}"' in page
        # 2: "Finding"; the report's form opens with village and category chosen.
        sent = client.post(f"/visits/{visit.pk}/answers", {"key": uuid4(), "finding": line}, follow=True)
        page = sent.content.decode()
        # 3: the photo, 4: into the field for the words, 5: "Report".
        words = report_words(page)
        assert words["village"] == "上柳村" and words["item"] == str(lines_of(visit)[0].item_id)
        sent = client.post("/cases/new", words)
        assert sent["Location"] == f"/visits/{visit.pk}?line={line}#line-{line}"
        case = Case.objects.get()
        assert (FoundCase.objects.get().case, Evidence.objects.get().kind) == (case, "before")
        # The next one: 1 "Another one here", 2 photo, 3 words, 4 "Report".
        page = client.get(sent["Location"]).content.decode()
        assert case.number in page
        sent = client.post(f"/visits/{visit.pk}/answers", {"key": uuid4(), "finding": line}, follow=True)
        words = report_words(sent.content.decode(), description="公开栏遮雨棚破损，字迹看不清。", photos=[photo(4)])
        assert client.post("/cases/new", words).status_code == 302
        assert FoundCase.objects.count() == 2 and ItemAnswer.objects.get().answer == "finding"

    def test_the_same_report_twice_is_one_case_of_one_item(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = made_visit(cast)
        answer_items(visit=visit, answers={lines_of(visit)[0].pk: "finding"}, by=cast.inspector, at=NOW)
        client = signed_in(cast.inspector)
        page = client.get(f"/cases/new?answer={ItemAnswer.objects.get().pk}").content.decode()
        words = report_words(page)
        for _again in range(2):
            words["photos"] = [photo(3)]
            assert client.post("/cases/new", words)["Location"].startswith(f"/visits/{visit.pk}?line=")
        assert Case.objects.count() == FoundCase.objects.count() == 1


class TestArriving:
    def test_an_odd_position_is_asked_about(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = planned_visit(cast)
        client = signed_in(cast.inspector)
        address = f"/visits/{visit.pk}/arrival"
        asked = client.post(address, {"key": uuid4(), "latitude": "0", "longitude": "0"})
        page = asked.content.decode()
        assert asked.status_code == 422 and 'name="confirmed" value="1"' in page
        visit.refresh_from_db()
        assert visit.state == VisitState.PLANNED
        sure = {"key": uuid4(), "latitude": "0", "longitude": "0", "confirmed": "1"}
        assert client.post(address, sure).status_code == 302
        visit.refresh_from_db()
        assert visit.is_position_odd and visit.place is None

    @pytest.mark.parametrize("odd", [{"latitude": "x"}, {"latitude": "1e400"}, {"key": "1"}, {"longitude": "999"}])
    def test_what_can_not_be_read_is_a_sentence(self, odd: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
        visit = planned_visit(cast)
        sent = signed_in(cast.inspector).post(f"/visits/{visit.pk}/arrival", {"key": str(uuid4()), **odd})
        assert sent.status_code == 422 and "alert" in sent.content.decode()


class TestAnswering:
    def test_several_taps_are_saved_at_once_and_the_end_is_offered(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = made_visit(cast)
        lines = [line.pk for line in lines_of(visit)]
        client, address = signed_in(cast.inspector), f"/visits/{visit.pk}/answers"
        said = {f"line-{pk}": "in_order" for pk in lines[:4]}
        assert client.post(address, {"key": uuid4(), **said})["Location"] == f"/visits/{visit.pk}"
        assert client.get(f"/visits/{visit.pk}").content.decode().count("is-answered") == 4
        said = {f"line-{pk}": "not_applicable" for pk in lines[4:]}
        assert client.post(address, {"key": uuid4(), **said})["Location"] == f"/visits/{visit.pk}/end"

    def test_what_is_refused_keeps_the_taps(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = made_visit(cast)
        line = lines_of(visit)[0].pk
        client, address, key = signed_in(cast.inspector), f"/visits/{visit.pk}/answers", uuid4()
        client.post(address, {"key": key, f"line-{line}": "in_order"})
        used = client.post(address, {"key": key, f"line-{line}": "not_applicable"})
        assert used.status_code == 409 and 'value="not_applicable" checked' in used.content.decode()
        for said in ({"line-0": "in_order"}, {f"line-{line}": "good"}, {}, {"finding": "9" * 30}, {"line-x": "y"}):
            assert client.post(address, {"key": uuid4(), **said}).status_code == 422
        assert client.post(address, {f"line-{line}": "finding"}).status_code == 422  # without a number
        assert ItemAnswer.objects.get().answer == "in_order"

    def test_nobody_else_answers_and_a_done_one_is_a_conflict(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = done_visit(cast)
        said = {"key": uuid4(), f"line-{lines_of(visit)[0].pk}": "finding"}
        assert signed_in(cast.county_supervisor).post(f"/visits/{visit.pk}/answers", said).status_code == 403
        assert signed_in(cast.inspector).post(f"/visits/{visit.pk}/answers", said).status_code == 409
        assert signed_in(cast.outsider_head).post(f"/visits/{visit.pk}/answers", said).status_code == 404


class TestEnding:
    def end(self, **changed: Any) -> dict[str, Any]:
        words = {"key": uuid4(), "outcome": "signed", "name": "柳大山", "strokes": json.dumps(STROKES)}
        return {**words, **changed}

    def test_the_head_signs_with_the_finger_and_the_strokes_are_drawn_again(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        visit = made_visit(cast)
        all_in_order(visit, cast)
        client = signed_in(cast.inspector)
        assert 'value="willow_head"' in client.get(f"/visits/{visit.pk}/end").content.decode()
        page = client.post(f"/visits/{visit.pk}/end", self.end(), follow=True).content.decode()
        assert 'points="40 200 80 60 120 200 160 90 "' in page
        village = signed_in(cast.willow_head)
        assert "40 200 80 60" in village.get(f"/visits/{visit.pk}").content.decode()
        assert f"/visits/{visit.pk}" in village.get(f"/villages/{cast.willow.code}").content.decode()

    @pytest.mark.parametrize(
        "words",
        [
            {"strokes": "[[[1,1]"},
            {"strokes": "[" * 50_000},
            {"strokes": '[[[1,"x"]]]'},
            {"strokes": "[[[1,99999]]]"},
            {"strokes": ""},
            {"name": "", "is_ticked": "on"},
            {"name": "长" * 61},
            {"outcome": "refused", "reason": ""},
            {"outcome": "maybe"},
            {"key": "x"},
        ],
    )
    def test_what_is_refused_keeps_name_and_strokes(
        self, words: dict[str, str], cast: Cast, signed_in: SignedIn
    ) -> None:
        visit = made_visit(cast)
        all_in_order(visit, cast)
        said = self.end(**words)
        sent = signed_in(cast.inspector).post(f"/visits/{visit.pk}/end", said)
        page = sent.content.decode()
        assert (sent.status_code == 422 and "errorlist" in page) or 'class="alert"' in page
        assert "柳大山" in page or "name" in words
        assert "[[[40, 200]" in page or "strokes" in words
        assert not HeadSignature.objects.exists()

    def test_by_name_and_tick_without_scripts(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = made_visit(cast)
        all_in_order(visit, cast)
        said = self.end(strokes="", is_ticked="on")
        assert signed_in(cast.inspector).post(f"/visits/{visit.pk}/end", said).status_code == 302
        assert (HeadSignature.objects.get().name, HeadSignature.objects.get().strokes) == ("柳大山", [])

    def test_what_is_missing_is_named_and_leads_there(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = made_visit(cast)
        first, *others = lines_of(visit)
        answers = {line.pk: "in_order" for line in others[1:]} | {first.pk: "finding"}
        answer_items(visit=visit, answers=answers, by=cast.inspector, at=NOW)
        client = signed_in(cast.inspector)
        for page in (
            client.get(f"/visits/{visit.pk}/end").content.decode(),
            client.post(f"/visits/{visit.pk}/end", self.end()).content.decode(),
        ):
            assert f"#line-{first.pk}" in page and f"#line-{others[0].pk}" in page
            assert f"#line-{others[1].pk}" not in page
        visit.refresh_from_db()
        assert visit.state == VisitState.ARRIVED


class TestReading:
    def test_an_unannounced_visit_is_not_announced(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = planned_visit(cast)
        for person in (cast.willow_head, cast.town_reviewer, cast.outsider_county, cast.volunteer):
            client = signed_in(person)
            assert client.get(f"/visits/{visit.pk}").status_code == 404
            assert f"/visits/{visit.pk}" not in client.get(f"/villages/{cast.willow.code}").content.decode()
        appoint(cast.county_supervisor, Role.TOWN_REVIEWER, cast.town)
        assert signed_in(cast.county_supervisor).get(f"/visits/{visit.pk}").status_code == 404

    def test_the_lists_have_what_waits_first_and_what_is_overdue_marked(self, cast: Cast, signed_in: SignedIn) -> None:
        planned_visit(cast, due_by=TODAY)
        planned_visit(cast, village=cast.elm, due_by=TODAY + timedelta(3))
        done_visit(cast, village=cast.poplar, signature=Signature("refused", reason="不认可"))
        client = signed_in(cast.county_supervisor)
        page = client.get("/visits").content.decode()
        assert page.index("上柳村") < page.index("榆钱村") and "杨树村" not in page
        done = client.get("/visits?show=done").content.decode()
        assert "杨树村" in done and "上柳村" not in done
        assert "榆钱村" in client.get(f"/visits?village={cast.elm.code}").content.decode()

    @pytest.mark.parametrize(
        "odd",
        [
            "show=x&kind=party",
            "after=9999-99-99_1",
            "after=2026-03-02_99999999999999999999999",
            "show=done&after=2026-03-02T10:00:00_3",
            "first=0001-01-01&last=x",
            "inspector=999999999999999999999",
        ],
    )
    def test_odd_words_in_the_address_narrow_nothing(self, odd: str, cast: Cast, signed_in: SignedIn) -> None:
        planned_visit(cast)
        assert signed_in(cast.county_supervisor).get(f"/visits?{odd}").status_code == 200

    def test_pages_follow_one_another(self, cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("web.pages.visits.PAGE", 1)
        for show, visits in (
            ("open", [planned_visit(cast), planned_visit(cast, village=cast.elm)]),
            ("done", [done_visit(cast), done_visit(cast, village=cast.elm)][::-1]),
        ):
            client = signed_in(cast.county_supervisor)
            page = client.get(f"/visits?show={show}")
            assert page.context["visits"] == visits[:1]
            after = page.context["next_key"]
            page = client.get("/visits", {"show": show, "after": after})
            assert (page.context["visits"], page.context["next_key"]) == (visits[1:], "")

    def test_a_referred_case_is_not_named(self, cast: Cast, signed_in: SignedIn) -> None:
        visit = made_visit(cast)
        line = lines_of(visit)[0]
        answer_items(visit=visit, answers={line.pk: "finding"}, by=cast.inspector, at=NOW)
        case = reported(cast)
        FoundCase.objects.create(answer=ItemAnswer.objects.get(), case=case, by=cast.inspector, at=NOW)
        client = signed_in(cast.city_supervisor)
        assert case.number in client.get(f"/visits/{visit.pk}").content.decode()
        referred = {"to": cast.discipline_unit, "reason": "涉嫌截留", "by": cast.city_supervisor, "at": NOW}
        steps.take(refer_case, case=case, **referred)
        assert case.number not in client.get(f"/visits/{visit.pk}").content.decode()

    def test_lists_take_as_many_queries_for_many_visits(self, cast: Cast, signed_in: SignedIn) -> None:
        planned_visit(cast)
        done_visit(cast)
        client, inspector = signed_in(cast.county_supervisor), signed_in(cast.inspector)
        addresses = ("/visits", "/visits?show=done")
        few = [len(queries_of(client, one)) for one in addresses], len(queries_of(inspector, "/"))
        for village in (cast.elm, cast.poplar):
            planned_visit(cast, village=village)
            done_visit(cast, village=village)
        assert ([len(queries_of(client, one)) for one in addresses], len(queries_of(inspector, "/"))) == few


def test_the_burden_meter_counts_who_came(cast: Cast, signed_in: SignedIn) -> None:
    made_visit(cast)
    planned_visit(cast)
    page = signed_in(cast.town_reviewer).get("/burden")
    assert [(one.village, one.visits, one.total) for one, _entered in page.context["burdens"]] == [(cast.willow, 1, 1)]
