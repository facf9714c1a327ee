"""The demo's documents and bulletins, at the desk of the cast's city."""

from datetime import date, timedelta

import pytest

from oversight.bulletins.content import published_content
from oversight.bulletins.figures import frozen
from oversight.demo.bulletins import seed
from oversight.models import BaseDocument, Bulletin, BulletinState, IssuedDocument, Publication, Recipient
from tests.cast import Cast
from tests.oversight.bulletin_desk import FIRST, LAST, add_cases
from tests.oversight.desk import make_desk, make_period
from tests.walk import NOW

pytestmark = pytest.mark.django_db


def test_two_bulletins_went_out_and_the_numbers_follow_what_was_on_paper(cast: Cast) -> None:
    desk = make_desk(cast)
    make_period(desk, FIRST, LAST)
    add_cases(cast, cast.willow, closed=6, in_progress=16)
    add_cases(cast, cast.reed, closed=2, found_on=date(2025, 12, 3), at=NOW - timedelta(days=60))
    seed(desk, now=NOW + timedelta(days=20))
    older, newer = Publication.objects.order_by("pk")
    assert [one.bulletin.last_day for one in (older, newer)] == [date(2025, 12, 31), LAST]
    assert [one.document.number for one in (older, newer)] == ["澄阳光建办〔2026〕3号", "澄阳光建办〔2026〕4号"]
    assert [(one.document.issue, one.document.total) for one in (older, newer)] == [(1, 2), (2, 3)]
    assert frozen(older.bulletin)["findings"].value == 2
    assert "通报（二）" in published_content(newer.content).full_title
    assert not Recipient.objects.filter(publication=older, receipt=None).exists()
    assert Recipient.objects.filter(publication=newer, receipt=None).count() == 2
    assert BaseDocument.objects.exclude(file=None).count() == 1
    assert IssuedDocument.objects.exclude(reason="").get().reason.startswith("1号已用于")


def test_without_a_closed_period_only_the_documents_are_there(cast: Cast) -> None:
    desk = make_desk(cast)
    seed(desk, now=NOW)
    assert BaseDocument.objects.count() == 3 and not Bulletin.objects.exists()


def test_one_person_alone_publishes_nothing(cast: Cast) -> None:
    desk = make_desk(cast)
    make_period(desk, FIRST, LAST)
    for person in (desk.officer, desk.colleague):
        type(person).objects.filter(pk=person.pk).update(is_active=False)
    seed(desk, now=NOW + timedelta(days=20))
    assert not Bulletin.objects.filter(state=BulletinState.PUBLISHED).exists()
