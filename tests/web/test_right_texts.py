"""Pages say what is true, in the reader's language, and stand beside what they speak of."""

import re
from collections.abc import Callable

from django.test import Client

from casework.changes import LABELS, NOT_TOLD
from casework.escalation.sweeping import sweep
from casework.lifecycle.letters import answer_letter, sign_letter
from casework.models import Case, Letter, Person
from casework.queries import current_measures, letters_to_act_on
from casework.stages import Stage
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import add_working_days, midnight
from flows import steps
from notifications.announcing import announce
from notifications.models import Message
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, rectified, reported, reviewed, screened, verdicts
from tests.web.test_forms import hidden

SignedIn = Callable[[Person], Client]


def letter_to_willow(cast: Cast) -> Letter:
    case = case_at(Stage.RECTIFICATION, cast)
    at = midnight(add_working_days(case.due_on, 1))
    sweep(at=at)
    announce(at=at)
    return Letter.objects.get(addressee=cast.willow)


class TestLetters:
    def test_they_stand_first_on_the_home_page_and_in_the_menu(self, cast: Cast, signed_in: SignedIn) -> None:
        letter = letter_to_willow(cast)
        page = signed_in(cast.willow_head).get("/").content.decode()
        assert page.index(f'href="/letters/{letter.pk}"') < page.index("list-waiting")
        assert "待签收" in page and page.count('class="bell') >= 2
        assert f"/letters/{letter.pk}" not in signed_in(cast.poplar_head).get("/").content.decode()

    def test_a_message_of_a_letter_opens_the_letter(self, cast: Cast, signed_in: SignedIn) -> None:
        letter = letter_to_willow(cast)
        message = Message.objects.get(person=cast.willow_head, event__kind="notice_issued")
        assert signed_in(cast.willow_head).get(f"/messages/{message.pk}")["Location"] == f"/letters/{letter.pk}"

    def test_one_that_is_signed_for_waits_for_an_answer_only_where_one_is_asked_for(self, cast: Cast) -> None:
        letter = letter_to_willow(cast)
        assert letters_to_act_on(cast.willow_head, TODAY).get() == letter
        steps.take(sign_letter, case=letter.case, letter=letter, name="柳大山", by=cast.willow_head, at=NOW)
        assert not letters_to_act_on(cast.willow_head, TODAY).exists()
        at = midnight(add_working_days(letter.case.due_on, 5))
        sweep(at=at)
        to_town = Letter.objects.get(addressee=cast.town)
        signed = {"case": to_town.case, "letter": to_town, "by": cast.town_reviewer, "at": at}
        steps.take(sign_letter, **signed, name="镇长")
        assert letters_to_act_on(cast.town_reviewer, TODAY).get() == to_town
        steps.take(answer_letter, **signed, words="已派人督办")
        assert not letters_to_act_on(cast.town_reviewer, TODAY).exists()


class TestHistory:
    def test_every_field_has_a_chinese_name(self, cast: Cast) -> None:
        tracked = [field for field in Case.history.model.tracked_fields if field.name not in NOT_TOLD]
        labels = {field.name: str(LABELS.get(field.name, field.verbose_name)) for field in tracked}
        assert {name: label for name, label in labels.items() if not re.search("[\u4e00-\u9fff]", label)} == {
            "id": "ID"
        }

    def test_old_and_new_value_stand_under_their_names_and_things_have_theirs(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        case = screened(cast, reported(cast, object_name="西侧明白墙"))
        case.object = case.village.objects_of_cases.create(name="东侧公示栏")
        case.save()
        page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}/history").content.decode()
        assert "原值" in page and "新值" in page and "整改前" not in page
        assert "东侧公示栏" in page and not re.search(r"#\d+", re.sub(r'href="[^"]*"', "", page))


class TestProofBesideTheDecision:
    def test_each_of_the_five_tests_stands_beside_its_own(self, cast: Cast, signed_in: SignedIn) -> None:
        case = case_at(Stage.STRIKE_OFF, cast)
        page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}/closure").content.decode()
        parts = re.findall(r'id="test-(\w+)">(.*?)</fieldset>', page, re.DOTALL)
        told = dict(parts)
        corrective, preventive = current_measures(case)
        assert corrective.what in told["measures_done"] and "/preview/320" in told["measures_done"]
        assert preventive.what in told["cause_removed"]
        assert "签名" in told["violations_dealt_with"]
        assert "town_reviewer" in told["result_meets_rule"]
        assert all(f'name="{name}"' in words for name, words in parts) and len(parts) == 5

    def test_similar_problems_of_the_town_are_shown(self, cast: Cast, signed_in: SignedIn) -> None:
        case = case_at(Stage.STRIKE_OFF, cast)
        other = reported(cast, village=cast.poplar)
        page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}/closure").content.decode()
        assert other.number in page

    def test_the_county_reads_what_the_town_decided(self, cast: Cast, signed_in: SignedIn) -> None:
        case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(1,))
        case = reviewed(rectified(cast, case), cast.town_reviewer)
        page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}/second-review").content.decode()
        assert "照片看不清公示内容" in page and "本轮已有的核查意见" in page

    def test_what_passed_before_is_shown_and_not_asked_again(self, cast: Cast, signed_in: SignedIn) -> None:
        case = rectified(cast, reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(2,)))
        client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
        page = client.get(address).content.decode()
        assert "以前已通过" in page
        second = current_measures(case)[1]
        words = {f"verdicts-{second.pk}-passed": "pass", "signature_visible": "on"}
        client.post(address, {**hidden(client, address), **words})
        assert Case.objects.get(pk=case.pk).stage == Stage.SECOND_REVIEW

    def test_the_pair_shows_each_measure_as_it_was_proved_last(self, cast: Cast, signed_in: SignedIn) -> None:
        case = rectified(cast, reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(2,)))
        after = list(case.evidence.filter(kind="after").order_by("number"))
        page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}").content.decode()
        pair = page[page.index('class="side-by-side"') : page.index('class="facts"')]
        shown = [int(pk) for pk in re.findall(r'href="/evidence/(\d+)/photo"', pair)]
        assert shown == [after[0].pk, after[2].pk]  # the wall of round 1, the register of round 2


def test_a_conflict_gives_the_words_back_as_they_were_read(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    client, address = signed_in(cast.town_reviewer), f"/cases/{case.number}/first-review"
    words = {**hidden(client, address), **{f"verdicts-{pk}-passed": "return" for pk in verdicts(case)}, "on_site": "on"}
    reviewed(case, cast.town_reviewer)
    page = client.post(address, words).content.decode()
    kept = page[page.index('class="kept"') :]
    assert "退回" in kept and "已勾选" in kept and ">return<" not in kept


def test_a_hint_takes_a_long_description(cast: Cast, signed_in: SignedIn) -> None:
    words = {"village_code": cast.willow.code, "description": "明白墙内容空白。" * 2000}
    assert signed_in(cast.inspector).post("/cases/new/hints", words).status_code == 200


def test_the_list_on_paper_has_heads_whole_words_deadlines_measures_and_a_line_to_sign(
    cast: Cast, signed_in: SignedIn
) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    page = signed_in(cast.county_supervisor).get(f"/villages/{cast.willow.code}").content.decode()
    paper = page[page.index("list-on-paper") : page.index("list-panel")]
    for words in (case.description, exact_day(case.due_on), current_measures(case)[1].what, "措施", "签字："):
        assert words in paper
