"""The public page: off until the city says so, and nothing on it that names anybody."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.lifecycle.exit import refer_case
from casework.models import Case, LookBack
from casework.models.evidence import EvidenceKind
from casework.models.look_back import LookBackState
from casework.stages import Stage
from casework.watch.look_back_clock import sweep_look_backs
from flows import steps
from oversight.public_page.limits import MOST_OF_ADDRESS, MOST_OF_CASE, TooOften, count_address
from oversight.public_page.masking import mask, mask_numbers
from oversight.public_page.queries import is_on, public_releases, units_below
from oversight.public_page.records import MaskedWord, PublicUse, Release, VillagerStatement
from oversight.public_page.releasing import Shown, photos_of, proposed, release_case, withdraw_release
from oversight.public_page.stating import accept_statement, dismiss_statement, say_not_fixed, take_photo
from oversight.public_page.switching import add_masked_word, end_masked_word, switch_public_page
from tests.cast import Cast
from tests.oversight.public_page import released, switched
from tests.walk import NOW, case_at, closed, photo, reported


def closed_case(cast: Cast) -> Case:
    return closed(cast, case_at(Stage.STRIKE_OFF, cast))


class TestSwitch:
    def test_is_off_until_the_city_turns_it_on_and_keeps_who_when_and_why(self, cast: Cast) -> None:
        assert not is_on(cast.city)
        row = switched(cast)
        assert is_on(cast.city) and (row.by, row.at, row.reason) == (cast.city_supervisor, NOW, "x")
        switch_public_page(city=cast.city, turn_on=False, reason="y", by=cast.city_supervisor, at=NOW)
        assert not is_on(cast.city)

    def test_a_county_does_not_turn_it_on(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            switch_public_page(city=cast.city, turn_on=True, reason="x", by=cast.county_supervisor, at=NOW)

    def test_what_is_on_is_not_turned_on_again(self, cast: Cast) -> None:
        switched(cast)
        with pytest.raises(Conflict):
            switched(cast)


class TestMasking:
    @pytest.mark.parametrize(
        "number",
        [
            "13812345678",
            "138 1234 5678",
            "138-1234-5678",
            "１３８１２３４５６７８",
            "41110219630412001X",
            "0395-3131234",
            "6222020200112233445",
            "+86 138 1234 5678",
            "3131234",
            "（0395）3131234",
        ],
    )
    def test_numbers_of_phones_cards_and_accounts_go(self, number: str) -> None:
        masked = mask_numbers(f"电话{number}，请联系")
        assert not any(sign.isdecimal() for sign in masked.text) and masked.found
        assert masked.text.startswith("电话") and masked.text.endswith("，请联系")

    @pytest.mark.parametrize(
        "words",
        ["2026-03-02公示", "2026年3月2日至2026年3月12日", "12.5万元", "第3季度（2026）", "2026-03-02 2026-03-12"],
    )
    def test_days_and_amounts_stay_as_they_are(self, words: str) -> None:
        assert mask_numbers(words).text == words

    def test_names_of_people_in_the_system_and_listed_words_go(self, cast: Cast) -> None:
        cast.willow_head.name = "周德顺"
        cast.willow_head.save()
        word = add_masked_word(city=cast.city, words="低保户老李", by=cast.county_supervisor, at=NOW)
        masked = mask("周德顺未通知低保户老李", city=cast.city)
        assert masked.text == "某某未通知某某"
        assert set(masked.found) == {"周德顺", "低保户老李"}
        end_masked_word(word=word, by=cast.city_supervisor, at=NOW)
        assert "低保户老李" in mask("低保户老李", city=cast.city).text

    def test_a_word_stands_on_the_list_once_and_is_taken_off_once(self, cast: Cast) -> None:
        word = add_masked_word(city=cast.city, words="老李", by=cast.county_supervisor, at=NOW)
        with pytest.raises(Conflict):
            add_masked_word(city=cast.city, words="老李", by=cast.city_supervisor, at=NOW)
        end_masked_word(word=word, by=cast.city_supervisor, at=NOW)
        with pytest.raises(Conflict):
            end_masked_word(word=word, by=cast.city_supervisor, at=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            MaskedWord.objects.filter(pk=word.pk).update(ended_at=None, ended_by=None)


class TestRelease:
    def test_stands_in_public_only_while_the_page_is_on(self, cast: Cast) -> None:
        release = released(cast, case_at(Stage.RECTIFICATION, cast))
        assert not public_releases(cast.willow).exists()
        switched(cast)
        assert public_releases(cast.willow).get() == release
        assert not public_releases(cast.poplar).exists()
        assert units_below(cast.county) == [(cast.town, 1)]

    def test_a_text_with_a_name_or_a_number_is_refused(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        cast.willow_head.name = "周德顺"
        cast.willow_head.save()
        for words in ("周德顺没有公示", "请打13812345678"):
            with pytest.raises(Invalid) as refused:
                released(cast, case, problem=words)
            assert refused.value.field == "problem"
        assert not Release.objects.exists()

    def test_the_proposal_names_nobody(self, cast: Cast) -> None:
        cast.willow_head.name = "周德顺"
        cast.willow_head.save()
        case = case_at(Stage.RECTIFICATION, cast)
        Case.objects.filter(pk=case.pk).update(description="周德顺的手机13812345678贴在明白墙上。")
        case.refresh_from_db()
        assert proposed(case).problem == "某某的手机＊＊＊＊贴在明白墙上。"

    def test_anew_replaces_and_the_earlier_one_stays(self, cast: Cast) -> None:
        switched(cast)
        case = case_at(Stage.RECTIFICATION, cast)
        released(cast, case)
        released(cast, case, problem="又改了")
        assert public_releases(cast.willow).get().problem == "又改了"
        assert Release.objects.filter(case=case).count() == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            Release.objects.update(problem="x")

    def test_taken_off_it_stands_there_no_more(self, cast: Cast) -> None:
        switched(cast)
        case = case_at(Stage.RECTIFICATION, cast)
        released(cast, case)
        withdraw_release(case=case, reason="x", by=cast.county_supervisor, at=NOW)
        assert not public_releases(cast.willow).exists()
        with pytest.raises(Conflict):
            withdraw_release(case=case, reason="x", by=cast.county_supervisor, at=NOW)

    def test_a_case_that_the_village_does_not_know_of_yet_is_refused(self, cast: Cast) -> None:
        with pytest.raises(Conflict) as refused:
            released(cast, reported(cast))
        assert refused.value.code == "not_public"

    def test_a_referred_case_leaves_the_page_by_itself(self, cast: Cast) -> None:
        switched(cast)
        case = case_at(Stage.RECTIFICATION, cast)
        released(cast, case)
        steps.take(refer_case, case=case, by=cast.county_supervisor, at=NOW, to=cast.discipline_unit, reason="x")
        assert not public_releases(cast.willow).exists()

    @pytest.mark.parametrize("who", ["willow_head", "town_reviewer", "outsider_county", "inspector"])
    def test_others_release_nothing(self, who: str, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        with pytest.raises(NotAllowed):
            release_case(case=case, shown=Shown("x"), by=getattr(cast, who), at=NOW)

    def test_photos_are_of_the_case_and_never_a_signed_sheet(self, cast: Cast) -> None:
        case, other = closed_case(cast), case_at(Stage.FIRST_REVIEW, cast)
        sheet = case.evidence.filter(kind=EvidenceKind.SIGNED_SHEET).first()
        own, foreign = photos_of(case)[0], photos_of(other)[0]
        assert released(cast, case, photos=[own.pk]).photos.get().evidence == own
        for wrong in (sheet, foreign):
            with pytest.raises(Invalid):
                released(cast, case, photos=[wrong.pk])


class TestStatement:
    def test_keeps_no_number_and_no_name_of_the_file(self, cast: Cast) -> None:
        statement = said(cast, words="打我13812345678", photos=[take_photo(photo(5, name="张三.jpg"))])
        assert statement.words == "打我＊＊＊＊"
        assert statement.files[0]["name"] == "photo"

    def test_of_a_case_that_nobody_says_is_done_is_refused(self, cast: Cast) -> None:
        switched(cast)
        case = case_at(Stage.RECTIFICATION, cast)
        released(cast, case)
        with pytest.raises(Conflict) as refused:
            say_not_fixed(code=case.number, words="x", at=NOW)
        assert refused.value.code == "not_said_to_be_done"

    @pytest.mark.parametrize("is_on_there", [True, False])
    def test_a_case_that_is_not_public_is_as_unknown_as_none(self, is_on_there: bool, cast: Cast) -> None:
        case = closed_case(cast)
        if is_on_there:
            switched(cast)
        else:
            released(cast, case)
        for code in (case.number, "QH-2026-999999", "", "x" * 100_000, "QH\x00"):
            with pytest.raises(Invalid) as refused:
                say_not_fixed(code=code, words="x", at=NOW)
            assert refused.value.code == "code_unknown"
        assert not VillagerStatement.objects.exists()

    def test_accepted_a_look_back_is_planned_and_the_clock_draws_for_it(self, cast: Cast) -> None:
        statement = said(cast)
        verdict = accept_statement(statement=statement, by=cast.town_reviewer, at=NOW)
        assert verdict.look_back is not None and verdict.look_back.case == statement.case
        sweep_look_backs(at=NOW + timedelta(minutes=1), start=lambda rows: None)
        look_back = LookBack.objects.get(pk=verdict.look_back.pk)
        assert (look_back.state, look_back.inspector) == (LookBackState.OPEN, cast.inspector)

    def test_two_accepted_statements_share_one_look_back(self, cast: Cast) -> None:
        first = said(cast)
        second = say_not_fixed(code=first.case.number, words="y", at=NOW)
        verdicts = [accept_statement(statement=one, by=cast.town_reviewer, at=NOW) for one in (first, second)]
        assert verdicts[0].look_back == verdicts[1].look_back
        assert LookBack.objects.count() == 1

    def test_whoever_reviewed_it_does_not_dismiss_it(self, cast: Cast) -> None:
        statement = said(cast)
        with pytest.raises(NotAllowed) as refused:
            dismiss_statement(statement=statement, reason="x", by=cast.town_reviewer, at=NOW)
        assert refused.value.code == "own_work"
        verdict = dismiss_statement(statement=statement, reason="x", by=cast.city_supervisor, at=NOW)
        assert not verdict.is_accepted and not LookBack.objects.exists()
        with pytest.raises(Conflict):
            accept_statement(statement=statement, by=cast.town_reviewer, at=NOW)

    @pytest.mark.parametrize("who", ["willow_head", "outsider_county", "outsider_town", "inspector"])
    def test_others_decide_nothing(self, who: str, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            accept_statement(statement=said(cast), by=getattr(cast, who), at=NOW)

    def test_a_file_that_is_no_photo_is_refused(self, cast: Cast) -> None:
        upload = photo(1)
        upload.file.seek(0)
        upload.file.write(b"%PDF-1.4 no picture at all")
        with pytest.raises(Refusal):
            take_photo(upload)


class TestLimits:
    def test_the_eleventh_of_a_line_within_an_hour_is_refused_and_the_next_hour_begins_anew(self, cast: Cast) -> None:
        for _ in range(MOST_OF_ADDRESS):
            count_address("192.0.2.7", at=NOW)
        with pytest.raises(TooOften):
            count_address("192.0.2.7", at=NOW)
        count_address("192.0.2.8", at=NOW)
        count_address("192.0.2.7", at=NOW + timedelta(hours=1))
        assert PublicUse.objects.count() == 1  # those of the hour before are gone
        assert "192" not in str(PublicUse.objects.values())

    def test_a_case_takes_twenty_an_hour_from_wherever(self, cast: Cast) -> None:
        case = said(cast).case
        for _ in range(MOST_OF_CASE - 1):
            say_not_fixed(code=case.number, words="x", at=NOW)
        with pytest.raises(TooOften):
            say_not_fixed(code=case.number, words="x", at=NOW)
        assert VillagerStatement.objects.count() == MOST_OF_CASE


def said(cast: Cast, *, words: str = "还是没有修", photos: object = ()) -> VillagerStatement:
    switched(cast)
    case = closed_case(cast)
    released(cast, case)
    return say_not_fixed(code=case.number.lower(), words=words, photos=photos, at=NOW)
