"""A bulletin takes in rectification opinions while it is drafted, each of them once."""

import pytest
from django.test import Client

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from oversight.bulletins.content import content_to_read
from oversight.bulletins.taking_in import take_in_opinions
from oversight.models import Bulletin, Mechanism, Opinion
from tests.cast import Cast
from tests.oversight.bulletin_desk import FIRST, LAST, add_cases, approved, draft
from tests.oversight.desk import Desk, make_desk, make_period
from tests.oversight.way_down import issue
from tests.walk import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Desk:
    desk = make_desk(cast)
    make_period(desk, FIRST, LAST)
    add_cases(cast, cast.willow, closed=2, in_progress=3)
    return desk


def take(desk: Desk, bulletin: Bulletin, *opinions: Opinion) -> list[Opinion]:
    keys = [one.pk for one in opinions]
    return take_in_opinions(bulletin=bulletin, opinions=keys, by=desk.officer, at=NOW)


def printed(bulletin: Bulletin) -> str:
    return "\n".join(line.lead + line.words for line in content_to_read(bulletin).lines)


def test_it_is_printed_with_what_it_requires_in_its_order(cast: Cast, desk: Desk) -> None:
    bulletin = draft(desk)
    second, first = issue(desk, cast.county), issue(desk, cast.county, words="监督员不签名")
    take(desk, bulletin, first)
    take(desk, bulletin, second)
    assert "1. 监督员不签名。逐村排查明白墙。\n2. 明白墙闲置。逐村排查明白墙。" in printed(bulletin)


def test_it_stands_in_one_bulletin_and_stays_there(cast: Cast, desk: Desk) -> None:
    bulletin, opinion = draft(desk), issue(desk, cast.county)
    take(desk, bulletin, opinion)
    with pytest.raises(Conflict) as refused:
        take(desk, bulletin, opinion, issue(desk, cast.county, words="另一条"))
    assert refused.value.code == "in_a_bulletin"
    assert Opinion.objects.filter(bulletin_key=None).count() == 1


@pytest.mark.parametrize(
    ("case", "code"), [("none", "none_chosen"), ("unknown", "in_a_bulletin"), ("other", "in_a_bulletin")]
)
def test_what_is_not_there_is_refused(cast: Cast, desk: Desk, case: str, code: str) -> None:
    bulletin, opinion = draft(desk), issue(desk, cast.county)
    other = Mechanism.objects.create(lead=cast.county, name="县联动机制", office_name="县办")
    Opinion.objects.bulk_create(
        [
            Opinion(
                mechanism=other,
                words="x",
                requirement="x",
                deadline=LAST,
                reaches="town",
                by=desk.officer,
                at=NOW,
                number=1,
            )
        ]
    )
    keys = {"none": [], "unknown": [opinion.pk, 0], "other": [Opinion.objects.get(mechanism=other).pk]}[case]
    with pytest.raises(Refusal) as refused:
        take_in_opinions(bulletin=bulletin, opinions=keys, by=desk.officer, at=NOW)
    assert refused.value.code == code
    assert not Opinion.objects.exclude(bulletin_key=None).exists()


def test_only_a_draft_of_the_own_office_takes_in(cast: Cast, desk: Desk) -> None:
    bulletin, opinion = draft(desk), issue(desk, cast.county)
    with pytest.raises(NotAllowed):
        take_in_opinions(bulletin=bulletin, opinions=[opinion.pk], by=desk.county_reporter, at=NOW)
    approved(desk, bulletin)
    with pytest.raises((Conflict, Invalid)):
        take(desk, bulletin, opinion)


def test_they_are_ticked_on_the_page_of_the_draft(cast: Cast, desk: Desk, client: Client) -> None:
    bulletin, opinion = draft(desk), issue(desk, cast.county)
    client.force_login(desk.officer)
    page = f"/bulletins/{bulletin.pk}"
    assert opinion.words in client.get(page).content.decode()
    empty = client.post(f"{page}/opinions", follow=True)
    assert "请勾选" in empty.content.decode() and Opinion.objects.filter(bulletin_key=None).exists()
    done = client.post(f"{page}/opinions", {"opinion": ["x", str(opinion.pk)]}, follow=True)
    assert Opinion.objects.filter(bulletin_key=None).exists()  # an odd key among them: nothing is taken in
    done = client.post(f"{page}/opinions", {"opinion": str(opinion.pk)}, follow=True)
    assert done.context["opinions"] == [opinion] and done.context["free_opinions"] == []
    assert "1. 明白墙闲置。逐村排查明白墙。" in done.content.decode()  # also where it is read, as it is printed
