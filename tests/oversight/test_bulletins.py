"""A bulletin from its draft to its receipts: by whom, when, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from casework.errors import Conflict, NotAllowed, Refusal
from casework.models import OfficeEvent, Unit
from casework.stages import Role
from casework.working_time.deadlines import add_working_days, midnight
from oversight.bulletins.approving import approve_bulletin, return_bulletin, submit_bulletin
from oversight.bulletins.composing import days_in_words
from oversight.bulletins.content import published_content
from oversight.bulletins.drafting import change_head, count_again, edit_section, name_unit
from oversight.bulletins.figures import frozen
from oversight.bulletins.publishing import fingerprint, publish_bulletin
from oversight.bulletins.queries import bulletins_seen_by, to_sign
from oversight.bulletins.receipts import remind_unsigned, sign_bulletin
from oversight.bulletins.tokens import for_form, from_form, keys_in
from oversight.models import (
    Bulletin,
    BulletinPart,
    BulletinReceipt,
    BulletinSection,
    BulletinState,
    Figure,
    IssuedDocument,
    Recipient,
)
from tests.cast import Cast
from tests.factories import holder
from tests.oversight.bulletin_desk import FIRST, LAST, NUMBER, add_cases, approved, draft, published, section, text_of
from tests.oversight.desk import make_desk, make_period
from tests.walk import NOW, TODAY

pytestmark = pytest.mark.django_db


def refusal_of(act: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as refused, transaction.atomic():
        act()
    return refused.value.each()[0]


def edited(bulletin: Bulletin, kind: BulletinPart, text: str, by: Any) -> BulletinSection:
    one = section(bulletin, kind)
    return edit_section(section=one, text=text, version=one.version, by=by, at=NOW)


# --- drafting


def test_the_first_text_says_the_usual_sentence_in_tokens(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=6, in_progress=16)
    bulletin = draft(desk)
    assert (
        "期内发现的{{findings}}件问题，截至2026年3月2日已办结{{closed}}件，占比{{closed_share}}；"
        "正在办理{{in_progress}}件，占比{{in_progress_share}}。" in section(bulletin, BulletinPart.PROBLEMS).text
    )
    assert bulletin.title == "2026年1—2月份全市村务监督工作推进情况通报"
    assert set(keys_in(text_of(bulletin))) <= set(frozen(bulletin))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 1, 1), date(2026, 2, 28), "2026年1—2月份"),
        (date(2028, 2, 1), date(2028, 2, 29), "2028年2月份"),
        (date(2025, 12, 1), date(2026, 1, 31), "2025年12月至2026年1月"),
        (date(2026, 1, 5), date(2026, 1, 31), "2026年1月5日至2026年1月31日"),
    ],
)
def test_a_span_is_said_in_months_where_it_is_whole_months(first: date, last: date, words: str) -> None:
    assert days_in_words(first, last) == words


def test_a_span_without_any_finding_has_a_text_too(cast: Cast) -> None:
    assert "未发现问题" in text_of(draft(make_desk(cast)))


def test_a_span_with_an_open_period_is_refused_and_says_until_when(cast: Cast) -> None:
    desk = make_desk(cast)
    make_period(desk, FIRST, LAST, on_time=NOW + timedelta(days=1))
    refused = refusal_of(lambda: draft(desk))
    assert (refused.code, refused.field) == ("period_open", "last_day")
    assert "Mar" in str(refused) or "3月" in str(refused)


def test_a_period_that_closes_this_very_moment_is_closed(cast: Cast) -> None:
    desk = make_desk(cast)
    period = make_period(desk, FIRST, LAST)
    period.closes_at = NOW
    period.save()
    assert draft(desk).pk


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ((FIRST, TODAY), "span_not_over"),
        ((FIRST, TODAY + timedelta(days=40)), "span_not_over"),
        ((LAST, FIRST), "days_swapped"),
    ],
)
def test_days_that_are_not_over_or_swapped_are_refused(cast: Cast, days: tuple[date, date], code: str) -> None:
    desk = make_desk(cast)
    assert refusal_of(lambda: draft(desk, first_day=days[0], last_day=days[1])).code == code


def test_yesterday_is_over(cast: Cast) -> None:
    assert draft(make_desk(cast), last_day=TODAY - timedelta(days=1)).pk


def test_an_area_outside_of_the_mechanism_is_refused(cast: Cast) -> None:
    desk = make_desk(cast)
    outside = Unit.objects.get(pk=cast.city.parent_id)
    assert refusal_of(lambda: draft(desk, area=outside)).code == "area_unfit"


def test_a_second_bulletin_of_the_same_days_is_refused(cast: Cast) -> None:
    desk = make_desk(cast)
    draft(desk)
    assert refusal_of(lambda: draft(desk)).code == "bulletin_exists"
    assert draft(desk, area=cast.county).pk, "another area is another bulletin"


@pytest.mark.parametrize("who", ["county_supervisor", "inspector", "administrator", "outsider_county", "willow_head"])
def test_only_the_lead_office_writes(cast: Cast, who: str) -> None:
    desk = make_desk(cast)
    assert refusal_of(lambda: draft(desk, by=getattr(cast, who))).code == "not_your_mechanism"
    bulletin = draft(desk)
    assert isinstance(refusal_of(lambda: edited(bulletin, BulletinPart.OPENING, "x", getattr(cast, who))), NotAllowed)


# --- editing


def test_words_change_and_figures_stay(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=1, in_progress=2)
    bulletin = draft(desk)
    one = edited(
        bulletin,
        BulletinPart.PROBLEMS,
        "全市共有{{findings=3}}件，比上期减少5件。\n\n {{closed}}件已销号。",
        desk.officer,
    )
    assert one.text == "全市共有{{findings}}件，比上期减少5件。\n{{closed}}件已销号。"
    assert (one.version, one.edited_by) == (2, desk.officer)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("共{{findings=4}}件", "figure_typed_over"),
        ("共{{findings=03}}件", "figure_typed_over"),
        ("共{{found=3}}件", "figure_unknown"),
        ("共{{}}件", "figure_unknown"),
        ("共{{findings件", "figure_broken"),
        ("共findings=3}}件", "figure_broken"),
        ("共{{{{findings=3}}件", "figure_broken"),
        ("共{{findings=3}}}}件", "figure_broken"),
    ],
)
def test_a_figure_that_was_typed_over_is_refused(cast: Cast, text: str, code: str) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, in_progress=3)
    bulletin = draft(desk)
    before = section(bulletin, BulletinPart.PROBLEMS).text
    refused = refusal_of(lambda: edited(bulletin, BulletinPart.PROBLEMS, text, desk.officer))
    assert (refused.code, refused.field) == (code, "text")
    assert section(bulletin, BulletinPart.PROBLEMS).text == before


@pytest.mark.parametrize("text", ["", "全市{{findings}}件{{findings}}件。", "一个{括号}和一个}也是字"])
def test_what_a_form_shows_reads_back(cast: Cast, text: str) -> None:
    figures = frozen(draft(make_desk(cast)))
    assert from_form(for_form(text, figures), figures) == text


def test_words_over_an_older_text_are_a_conflict(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    edited(bulletin, BulletinPart.OPENING, "甲", desk.officer)
    one = section(bulletin, BulletinPart.OPENING)
    refused = refusal_of(lambda: edit_section(section=one, text="乙", version=1, by=desk.colleague, at=NOW))
    assert refused.code == "section_changed" and "officer" in str(refused)


def test_counting_again_changes_the_figures_and_no_word(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, in_progress=2)
    bulletin = draft(desk)
    before = text_of(bulletin)
    later = NOW + timedelta(hours=3)
    add_cases(cast, cast.poplar, in_progress=1, at=later)
    bulletin = count_again(bulletin=bulletin, by=desk.officer, at=later)
    assert frozen(bulletin)["findings"].words == "3"
    assert text_of(bulletin) == before
    assert Figure.objects.filter(bulletin=bulletin, key="findings").count() == 2, "the first count is kept"


def test_counted_twice_in_one_moment_it_is_counted_once(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    count_again(bulletin=bulletin, by=desk.officer, at=NOW)
    assert Figure.objects.filter(bulletin=bulletin, key="findings").count() == 1


def test_title_and_addressee_are_needed(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        change_head(bulletin=bulletin, title=" ", addressed_to="", copied_to="", cites=[], by=desk.officer, at=NOW)
    assert [one.field for one in refused.value.each()] == ["title", "addressed_to"]


# --- naming


def test_a_unit_outside_of_the_limits_is_named_with_its_numbers(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=2, in_progress=28)
    add_cases(cast, cast.reed, closed=28, in_progress=2)
    bulletin = draft(desk)
    for unit, kind, is_good in (
        (cast.other_county, BulletinPart.PROGRESS, True),
        (cast.county, BulletinPart.PROBLEMS, False),
    ):
        assert name_unit(bulletin=bulletin, unit=unit, by=desk.officer, at=NOW).is_good == is_good
        assert f"{unit.name}期内发现问题{{{{findings@{unit.code}}}}}件" in section(bulletin, kind).text
    again = refusal_of(lambda: name_unit(bulletin=bulletin, unit=cast.county, by=desk.officer, at=NOW))
    assert again.code == "named_already"


def test_a_unit_within_the_limits_is_not_named(cast: Cast) -> None:
    """2 of 5 beside 3 of 5 is the lowest of all, and says nothing."""
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=2, in_progress=3)
    add_cases(cast, cast.reed, closed=3, in_progress=2)
    bulletin = draft(desk)
    refused = refusal_of(lambda: name_unit(bulletin=bulletin, unit=cast.county, by=desk.officer, at=NOW))
    assert refused.code == "within_limits"


# --- approval


def test_nobody_approves_what_they_wrote(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = submit_bulletin(bulletin=draft(desk), by=desk.colleague, at=NOW)
    refused = refusal_of(lambda: approve_bulletin(bulletin=bulletin, by=desk.officer, at=NOW))
    assert refused.code == "own_bulletin"
    assert approve_bulletin(bulletin=bulletin, by=desk.colleague, at=NOW).approver == desk.colleague


def wrote_words(desk: Any, bulletin: Bulletin) -> None:
    edited(bulletin, BulletinPart.OPENING, "现通报如下：", desk.colleague)


def changed_head(desk: Any, bulletin: Bulletin) -> None:
    change_head(bulletin=bulletin, title="t", addressed_to="x", copied_to="", cites=[], by=desk.colleague, at=NOW)


def counted(desk: Any, bulletin: Bulletin) -> None:
    count_again(bulletin=bulletin, by=desk.colleague, at=NOW + timedelta(seconds=1))


@pytest.mark.parametrize("wrote", [wrote_words, changed_head, counted])
def test_nor_does_who_changed_a_word_of_it(cast: Cast, wrote: Callable[[Any, Bulletin], None]) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    wrote(desk, bulletin)
    submit_bulletin(bulletin=bulletin, by=desk.officer, at=NOW)
    refused = refusal_of(lambda: approve_bulletin(bulletin=bulletin, by=desk.colleague, at=NOW))
    assert refused.code == "own_bulletin"
    third = holder(Role.LEAD_OFFICE, cast.city, "third")
    assert approve_bulletin(bulletin=bulletin, by=third, at=NOW).state == BulletinState.APPROVED


def test_the_database_knows_no_author_as_approver(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(state="approved", approver=desk.officer, approved_at=NOW)


def test_a_return_needs_its_reason_and_opens_the_draft(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = submit_bulletin(bulletin=draft(desk), by=desk.officer, at=NOW)
    blank = refusal_of(lambda: return_bulletin(bulletin=bulletin, reason=" ", by=desk.colleague, at=NOW))
    assert blank.field == "reason"
    assert isinstance(refusal_of(lambda: edited(bulletin, BulletinPart.OPENING, "x", desk.officer)), Conflict)
    back = return_bulletin(bulletin=bulletin, reason="补充典型", by=desk.colleague, at=NOW)
    assert (back.state, back.returned_because) == (BulletinState.DRAFT, "补充典型")
    assert edited(bulletin, BulletinPart.OPENING, "现通报如下：", desk.officer).pk


def test_an_approval_ends_with_a_return(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = approved(desk, draft(desk))
    back = return_bulletin(bulletin=bulletin, reason="数字有误", by=desk.colleague, at=NOW)
    assert back.approver is None
    refused = refusal_of(lambda: published_as(desk, back))
    assert refused.code == "not_approved"


def published_as(desk: Any, bulletin: Bulletin, **values: Any) -> Any:
    given = {"number": NUMBER, "issue": 1, "total": 1, "issued_on": TODAY, "by": desk.officer, "at": NOW, **values}
    return publish_bulletin(bulletin=bulletin, **given)


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_what_nobody_approved_is_not_published(cast: Cast, state: str) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    if state == "submitted":
        submit_bulletin(bulletin=bulletin, by=desk.officer, at=NOW)
    assert refusal_of(lambda: published_as(desk, bulletin)).code == "not_approved"
    assert not IssuedDocument.objects.exists(), "no number is taken"


def test_a_bulletin_without_words_is_not_handed_in(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    for kind in BulletinPart:
        edited(bulletin, kind, " \n ", desk.officer)
    refused = refusal_of(lambda: submit_bulletin(bulletin=bulletin, by=desk.officer, at=NOW))
    assert refused.code == "bulletin_empty"


# --- publication


def test_it_is_kept_word_by_word_and_sent_to_every_member(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=6, in_progress=16)
    publication = published(desk, draft(desk))
    content = published_content(publication.content)
    text = "".join(content.texts)
    assert "已办结6件，占比27%；正在办理16件，占比73%" in text
    assert content.full_title.endswith("通报（一）") and content.number == NUMBER
    assert publication.sha256 == fingerprint(content.as_row()) == fingerprint(publication.content)
    assert [one.unit_name for one in publication.recipients.all()] == ["市农业农村局", "青禾区", "云溪县"]
    told = OfficeEvent.objects.filter(kind="bulletin_sent", subject=publication.bulletin_id)
    assert told.count() == 3


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_it_is_issued_between_its_approval_and_today(cast: Cast, day: date) -> None:
    desk = make_desk(cast)
    refused = refusal_of(lambda: published(desk, draft(desk), issued_on=day))
    assert (refused.code, refused.field) == ("day_unfit", "issued_on")


def test_it_is_published_once(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = published(desk, draft(desk)).bulletin
    assert refusal_of(lambda: published_as(desk, bulletin)).code == "published"


def test_a_published_one_is_changed_by_no_verb_and_by_no_statement(cast: Cast) -> None:
    desk = make_desk(cast)
    publication = published(desk, draft(desk))
    bulletin = publication.bulletin
    one = section(bulletin, BulletinPart.OPENING)
    acts: list[Callable[[], Any]] = [
        lambda: edited(bulletin, BulletinPart.OPENING, "改", desk.officer),
        lambda: count_again(bulletin=bulletin, by=desk.officer, at=NOW),
        lambda: return_bulletin(bulletin=bulletin, reason="x", by=desk.colleague, at=NOW),
        lambda: submit_bulletin(bulletin=bulletin, by=desk.officer, at=NOW),
    ]
    assert all(isinstance(refusal_of(act), Conflict) for act in acts)
    statements: list[Callable[[], Any]] = [
        lambda: Bulletin.objects.filter(pk=bulletin.pk).update(title="改"),
        lambda: BulletinSection.objects.filter(pk=one.pk).update(text="改"),
        lambda: type(publication).objects.filter(pk=publication.pk).update(sha256="0"),
        lambda: Recipient.objects.filter(publication=publication).update(unit_name="改"),
        lambda: IssuedDocument.objects.filter(pk=publication.document_id).update(number="改"),
        lambda: Bulletin.objects.filter(pk=bulletin.pk).delete(),
    ]
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def test_a_correction_is_a_new_document_that_names_the_old_one(cast: Cast) -> None:
    desk = make_desk(cast)
    old = published(desk, draft(desk)).bulletin
    new = draft(desk, corrects=old)
    assert f"《{old.title}》（{NUMBER}）" in section(new, BulletinPart.OPENING).text
    again = published(desk, new, number="澄阳光建办〔2026〕2号", issue=2, total=2)
    assert list(old.corrections.all()) == [again.bulletin]


def test_a_draft_is_not_corrected(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    assert refusal_of(lambda: draft(desk, corrects=bulletin)).code == "nothing_to_correct"


# --- readers and receipts


def test_members_read_what_is_published_and_no_draft(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)

    def readers() -> set[str]:
        people = {
            "officer": desk.officer,
            "city_supervisor": cast.city_supervisor,
            "county_reporter": desk.county_reporter,
            "department_reporter": desk.department_reporter,
            "county_supervisor": cast.county_supervisor,
            "willow_head": cast.willow_head,
            "inspector": cast.inspector,
        }
        return {name for name, one in people.items() if bulletins_seen_by(one, TODAY).filter(pk=bulletin.pk).exists()}

    assert readers() == {"officer", "city_supervisor"}
    published(desk, bulletin)
    office = {"officer", "city_supervisor"}
    assert readers() == office | {"county_reporter", "department_reporter", "county_supervisor"}


def test_a_member_signs_once_with_a_name(cast: Cast) -> None:
    desk = make_desk(cast)
    published(desk, draft(desk))
    mine = to_sign(desk.county_reporter, TODAY).get()
    acts = {
        "words_missing": lambda: sign_bulletin(recipient=mine, name=" ", by=desk.county_reporter, at=NOW),
        "not_your_bulletin": lambda: sign_bulletin(recipient=mine, name="x", by=desk.other_county_reporter, at=NOW),
    }
    assert {code: refusal_of(act).code for code, act in acts.items()} == {code: code for code in acts}
    receipt = sign_bulletin(recipient=mine, name="李小琴", by=desk.county_reporter, at=NOW)
    assert not to_sign(desk.county_reporter, TODAY).exists()
    again = refusal_of(lambda: sign_bulletin(recipient=mine, name="x", by=cast.county_supervisor, at=NOW))
    assert again.code == "signed_already"
    with pytest.raises(DatabaseError), transaction.atomic():
        BulletinReceipt.objects.filter(pk=receipt.pk).update(name="改")


def test_who_has_not_signed_is_reminded_once_after_three_working_days(cast: Cast) -> None:
    desk = make_desk(cast)
    published(desk, draft(desk))
    sign_bulletin(recipient=to_sign(desk.county_reporter, TODAY).get(), name="李小琴", by=desk.county_reporter, at=NOW)
    due = midnight(add_working_days(TODAY, 4))
    assert remind_unsigned(at=due - timedelta(seconds=1)) == 0
    assert remind_unsigned(at=due) == 2
    assert remind_unsigned(at=due + timedelta(days=9)) == 0
    told = OfficeEvent.objects.filter(kind="bulletin_unsigned").values_list("unit__name", flat=True)
    assert set(told) == {"市农业农村局", "云溪县"}
