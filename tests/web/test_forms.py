"""Forms as people fill them in: refusals keep the words, conflicts say what happened, a second click does nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from casework.lifecycle.pausing import pause_case
from casework.models import Case, Evidence, Person, Plan
from casework.queries import current_measures
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.factories import item
from tests.walk import NOW, TODAY, case_at, photo, reviewed, verdicts

SignedIn = Callable[[Person], Client]
HIDDEN = re.compile(r'name="(key|seen_version|rows)" value="([^"]*)"')


def hidden(client: Client, address: str) -> dict[str, str]:
    """What the form itself carries: its key and the version that its reader saw."""
    page = client.get(address)
    assert page.status_code == 200
    return dict(HIDDEN.findall(page.content.decode()))


def plan_words(**changes: Any) -> dict[str, Any]:
    return {
        "measures-0-kind": "corrective",
        "measures-0-what": "在西侧明白墙加装雨棚",
        "measures-0-who": "柳大山",
        "measures-0-due_on": (TODAY + timedelta(days=5)).isoformat(),
        "measures-1-kind": "preventive",
        **changes,
    }


def test_a_plan_is_handed_in(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.PLANNING, cast)
    client, address = signed_in(cast.willow_head), f"/cases/{case.number}/plan"
    answer = client.post(address, {**hidden(client, address), **plan_words()})
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.number}")
    assert Case.objects.get(pk=case.pk).stage == Stage.RECTIFICATION
    assert [measure.what for measure in current_measures(case)] == ["在西侧明白墙加装雨棚"]


def test_an_empty_phrase_is_refused_beside_its_field_and_the_words_are_kept(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.PLANNING, cast)
    client, address = signed_in(cast.willow_head), f"/cases/{case.number}/plan"
    words = plan_words(**{"measures-1-what": "进一步加强管理", "measures-1-who": "李小琴"})
    answer = client.post(address, {**hidden(client, address), **words})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“进一步加强管理”还不是一条措施" in page
    assert "在西侧明白墙加装雨棚" in page
    assert page.index('id="id_measures-1-what_error"') > page.index('name="measures-0-due_on"')
    assert not Plan.objects.exists()


def test_one_more_row_is_offered_without_handing_in(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.PLANNING, cast)
    client, address = signed_in(cast.willow_head), f"/cases/{case.number}/plan"
    answer = client.post(address, {**hidden(client, address), **plan_words(), "more": "1"})
    assert 'name="measures-2-what"' in answer.content.decode()
    assert "在西侧明白墙加装雨棚" in answer.content.decode()
    assert not Plan.objects.exists()


def test_a_double_click_does_nothing_twice(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.PLANNING, cast)
    client, address = signed_in(cast.willow_head), f"/cases/{case.number}/plan"
    words = {**hidden(client, address), **plan_words()}
    first, second = client.post(address, words), client.post(address, words)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Plan.objects.filter(case=case).count() == 1
    assert "没有重复办理" in client.get(f"/cases/{case.number}").content.decode()


def test_a_form_from_an_older_state_says_who_changed_what_and_keeps_the_words(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.PLANNING, cast)
    client, address = signed_in(cast.willow_head), f"/cases/{case.number}/plan"
    words = {**hidden(client, address), **plan_words()}
    steps.take(pause_case, case=case, by=cast.county_supervisor, at=NOW, reason="等待鉴定结果")
    answer = client.post(address, words)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "county_supervisor" in page and "等待鉴定结果" in page
    assert "在西侧明白墙加装雨棚" in page
    assert not Plan.objects.exists()
    again = client.post(address, {**words, **dict(HIDDEN.findall(page))})
    assert again.status_code == 302
    assert Plan.objects.filter(case=case).count() == 1


def test_a_step_that_somebody_else_did_gives_the_words_back_to_copy(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
    form = hidden(client, address)
    reviewed(case, cast.town_reviewer)
    words = {f"verdicts-{pk}-passed": "return" for pk in verdicts(case)}
    answer = client.post(address, {**form, **words, "words_of_reviewer": "现场看过,雨棚没有装"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "现场看过,雨棚没有装" in page
    assert "核查通过" in page


def test_a_return_needs_its_reason_beside_the_measure(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
    first, second = verdicts(case)
    words = {f"verdicts-{first}-passed": "return", f"verdicts-{second}-passed": "pass"}
    answer = client.post(address, {**hidden(client, address), **words})
    assert answer.status_code == 422
    assert f'id="id_verdicts-{first}-reason_error"' in answer.content.decode()
    words[f"verdicts-{first}-reason"] = "照片看不清"
    assert client.post(address, {**hidden(client, address), **words}).status_code == 302
    assert Case.objects.get(pk=case.pk).round == 2


def test_the_signature_must_be_ticked(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
    words = {f"verdicts-{pk}-passed": "pass" for pk in verdicts(case)}
    answer = client.post(address, {**hidden(client, address), **words})
    assert answer.status_code == 422
    assert Case.objects.get(pk=case.pk).stage == Stage.FIRST_REVIEW
    answer = client.post(address, {**hidden(client, address), **words, "signature_visible": "on"})
    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).stage == Stage.SECOND_REVIEW


def test_files_stay_when_the_words_are_still_missing(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    client, address = signed_in(cast.willow_head), f"/cases/{case.number}/rectification"
    first = current_measures(case)[0]
    files = {
        f"reports-{first.pk}-evidence": [photo(1), photo(2)],
        "signed_sheet": [photo(3)],
        "signed_by": "李小琴、王二",
    }
    answer = client.post(address, {**hidden(client, address), **files})
    assert answer.status_code == 422
    kept = Evidence.objects.filter(case=case)
    assert [(one.kind, one.measure_id) for one in kept] == [
        ("after", first.pk),
        ("after", first.pk),
        ("signed_sheet", None),
    ]
    assert kept[2].signed_by == ["李小琴", "王二"]
    assert answer.content.decode().count("/preview/320") >= 3


def test_a_bad_file_is_named_and_the_good_ones_stay(cast: Cast, signed_in: SignedIn) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    case = case_at(Stage.RECTIFICATION, cast)
    client, address = signed_in(cast.willow_head), f"/cases/{case.number}/rectification"
    first = current_measures(case)[0]
    bad = SimpleUploadedFile("整改后.jpg", b"MZ\x90\x00this is a program", "image/jpeg")
    answer = client.post(
        address, {**hidden(client, address), f"reports-{first.pk}-evidence": [photo(1), bad], "keep": "1"}
    )
    assert answer.status_code == 422
    assert "整改后.jpg" in answer.content.decode()
    assert Evidence.objects.filter(case=case).count() == 1


def test_all_five_tests_are_needed(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.STRIKE_OFF, cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/closure"
    ticks = dict.fromkeys(["measures_done", "violations_dealt_with", "result_meets_rule", "similar_looked_for"], "on")
    assert client.post(address, {**hidden(client, address), **ticks}).status_code == 422
    answer = client.post(address, {**hidden(client, address), **ticks, "cause_removed": "on"}, follow=True)
    assert "QH销〔2026〕1号" in answer.content.decode()


def test_a_referrer_is_led_home_because_the_case_is_out_of_sight(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/referral"
    words = {"to": cast.discipline_unit.pk, "reason": "疑似套取补贴"}
    answer = client.post(address, {**hidden(client, address), **words})
    assert answer["Location"] == "/"


class TestReport:
    def words(self, client: Client, **changes: Any) -> dict[str, Any]:
        return {
            **hidden(client, "/cases/new"),
            "village": "上柳村",
            "description": "村部公示栏三季度财务未公开",
            "item": item(2).pk,
            "found_on": TODAY.isoformat(),
            "source": "spot_check",
            **changes,
        }

    def test_a_problem_is_reported_with_its_photos(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.inspector)
        answer = client.post("/cases/new", self.words(client, photos=[photo(1), photo(2)]))
        case = Case.objects.get()
        assert answer["Location"] == f"/cases/{case.number}"
        assert (case.village, case.stage, case.evidence.count()) == (cast.willow, Stage.SCREENING, 2)

    def test_a_second_click_opens_no_second_case(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.inspector)
        words = self.words(client)
        client.post("/cases/new", words)
        client.post("/cases/new", words)
        assert Case.objects.count() == 1

    def test_two_villages_of_one_name_are_offered_to_choose(self, cast: Cast, signed_in: SignedIn) -> None:
        cast.elm.name = "上柳村"
        cast.elm.save()
        client = signed_in(cast.inspector)
        answer = client.post("/cases/new", self.words(client))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'value="{cast.elm.code}"' in page and "榆林镇" in page
        client.post("/cases/new", self.words(client, village_code=cast.elm.code))
        assert Case.objects.get().village == cast.elm

    def test_a_village_of_another_county_is_refused(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.county_supervisor)
        answer = client.post("/cases/new", self.words(client, village="芦苇村", village_code=cast.reed.code))
        assert answer.status_code == 422
        assert not Case.objects.exists()

    def test_a_day_to_come_is_refused_with_a_sentence(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.inspector)
        answer = client.post("/cases/new", self.words(client, found_on=(TODAY + timedelta(days=1)).isoformat()))
        assert answer.status_code == 422
        assert "发现日期还没有到" in answer.content.decode()

    @pytest.mark.parametrize("words", ["柳", "上柳", "柳河 柳"])
    def test_the_picker_finds_a_village_by_its_parts(self, words: str, cast: Cast, signed_in: SignedIn) -> None:
        found = signed_in(cast.inspector).get("/units", {"for": "report", "words": words}).json()["units"]
        assert cast.willow.code in {one["code"] for one in found}
        assert all("柳河镇" in one["above"] or "柳" in one["name"] for one in found)


def test_two_sheets_without_the_signers_names_are_refused_in_words(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    data = {"key": str(uuid4()), "seen_version": case.version, "signed_by": "", "signed_sheet": [photo(1), photo(2)]}
    answer = signed_in(cast.willow_head).post(f"/cases/{case.number}/rectification", data)
    assert answer.status_code == 422


def test_what_only_the_verb_asks_for_is_not_called_optional(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.PLANNING, cast)
    assert 'class="optional"' not in signed_in(cast.willow_head).get(f"/cases/{case.number}/plan").content.decode()
    case = case_at(Stage.ASSIGNMENT, cast)
    page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}/assignment").content.decode()
    assert 'class="optional"' in page
