"""A bulletin is approved, published, read and signed for: by whom, when, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from casework.errors import Conflict
from casework.models import OfficeEvent
from casework.stages import Role
from casework.working_time.deadlines import add_working_days, midnight
from oversight.bulletins.approving import approve_bulletin, return_bulletin, submit_bulletin
from oversight.bulletins.content import published_content
from oversight.bulletins.drafting import change_head, count_again
from oversight.bulletins.publishing import fingerprint, publish_bulletin
from oversight.bulletins.queries import bulletins_seen_by, to_sign
from oversight.bulletins.receipts import remind_unsigned, sign_bulletin
from oversight.models import (
    Bulletin,
    BulletinPart,
    BulletinReceipt,
    BulletinSection,
    BulletinState,
    IssuedDocument,
    Recipient,
)
from tests.cast import Cast
from tests.factories import holder
from tests.oversight.bulletin_desk import (
    NUMBER,
    add_cases,
    approved,
    draft,
    edited,
    published,
    refusal_of,
    section,
)
from tests.oversight.desk import make_desk
from tests.walk import NOW, TODAY

pytestmark = pytest.mark.django_db


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
