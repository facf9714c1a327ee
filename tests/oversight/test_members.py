"""Members of a mechanism by date: joining, leaving, names, the three contacts, duties."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import UnitName
from casework.offices.units import rename
from oversight.members.contacts import change_contact, end_contact
from oversight.members.duties import write_duty_sheet
from oversight.members.joining import join, leave
from oversight.members.queries import duty_sheet_of, duty_sheets_of_units, members_on, without_all_contacts
from oversight.models import ContactKind, MemberContact, MemberGroup, Membership
from tests.cast import Cast
from tests.oversight.desk import JOINED, Desk, make_desk
from tests.walk import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


def name_all_three(desk: Desk, member: Membership) -> None:
    for kind in ContactKind:
        change_contact(
            membership=member, kind=kind, name="某人", phone="12000000001", valid_from=TODAY, by=desk.officer, at=NOW
        )


def test_a_unit_joins_on_a_day_and_leaves_on_a_day(desk: Desk, cast: Cast) -> None:
    member = join(
        mechanism=desk.mechanism,
        unit=cast.discipline_unit,
        group=MemberGroup.CO_SIGNING,
        valid_from=TOMORROW,
        by=desk.officer,
        at=NOW,
    )
    assert cast.discipline_unit.name not in [one.name for one in members_on(desk.mechanism, TODAY)]
    assert cast.discipline_unit.name in [one.name for one in members_on(desk.mechanism, TOMORROW)]
    leave(membership=member, last_day=TOMORROW, by=desk.officer, at=NOW)
    assert cast.discipline_unit.name in [one.name for one in members_on(desk.mechanism, TOMORROW)]
    assert cast.discipline_unit.name not in [
        one.name for one in members_on(desk.mechanism, TOMORROW + timedelta(days=1))
    ]


def test_a_member_joins_again_only_after_it_has_left(desk: Desk, cast: Cast) -> None:
    given = {
        "mechanism": desk.mechanism,
        "unit": cast.county,
        "group": MemberGroup.COUNTY,
        "by": desk.officer,
        "at": NOW,
    }
    with pytest.raises(Conflict):
        join(valid_from=TOMORROW, **given)
    leave(membership=desk.county, last_day=TODAY, by=desk.officer, at=NOW)
    with pytest.raises(Conflict) as refused:
        join(valid_from=TODAY, **given)
    assert refused.value.code == "member_already"
    join(valid_from=TOMORROW, **given)
    assert len(members_on(desk.mechanism, TOMORROW)) == 3


@pytest.mark.parametrize("unit", ["town", "willow", "city"])
def test_members_are_counties_and_departments_of_the_city(desk: Desk, cast: Cast, unit: str) -> None:
    with pytest.raises(Invalid) as refused:
        join(
            mechanism=desk.mechanism,
            unit=getattr(cast, unit),
            group=MemberGroup.COUNTY,
            valid_from=TODAY,
            by=desk.officer,
            at=NOW,
        )
    assert refused.value.field == "unit"


@pytest.mark.parametrize(
    ("group", "day", "field"),
    [
        ("nothing", TODAY, "group"),
        ("rural", date(1999, 12, 31), "valid_from"),
        ("rural", date(2099, 1, 1), "valid_from"),
    ],
)
def test_a_wrong_group_or_year_is_refused(desk: Desk, cast: Cast, group: str, day: date, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        join(mechanism=desk.mechanism, unit=cast.discipline_unit, group=group, valid_from=day, by=desk.officer, at=NOW)
    assert refused.value.field == field


def test_only_the_lead_office_lets_join_and_leave(desk: Desk, cast: Cast) -> None:
    for person in (desk.county_reporter, cast.county_supervisor, cast.administrator):
        with pytest.raises(NotAllowed):
            leave(membership=desk.county, last_day=TODAY, by=person, at=NOW)
        with pytest.raises(NotAllowed):
            write_duty_sheet(membership=desk.county, words="职责", valid_from=TODAY, by=person, at=NOW)


def test_a_membership_ends_once_and_not_before_it_began(desk: Desk) -> None:
    with pytest.raises(Invalid):
        leave(membership=desk.county, last_day=JOINED - timedelta(days=1), by=desk.officer, at=NOW)
    leave(membership=desk.county, last_day=TODAY, by=desk.officer, at=NOW)
    with pytest.raises(Conflict):
        leave(membership=desk.county, last_day=TOMORROW, by=desk.officer, at=NOW)


def test_the_name_is_that_of_the_day(desk: Desk, cast: Cast) -> None:
    UnitName.objects.create(unit=cast.department, name="市扶贫办")
    UnitName.objects.filter(unit=cast.department).exclude(name="市扶贫办").delete()
    rename(cast.department, "市乡村振兴局", on=date(2026, 7, 1))
    cast.department.save()
    assert members_on(desk.mechanism, date(2026, 3, 19))[0].name == "市扶贫办"
    assert members_on(desk.mechanism, date(2026, 7, 1))[0].name == "市乡村振兴局"


def test_a_member_is_incomplete_until_all_three_are_named(desk: Desk) -> None:
    assert len(without_all_contacts(desk.mechanism, TODAY)) == 3
    name_all_three(desk, desk.county)
    assert [one.membership for one in without_all_contacts(desk.mechanism, TODAY)] == [
        desk.department,
        desk.other_county,
    ]
    contact = desk.county.contacts.get(kind=ContactKind.PERSON)
    end_contact(contact=contact, last_day=TODAY, by=desk.county_reporter, at=NOW)
    assert desk.county not in [one.membership for one in without_all_contacts(desk.mechanism, TODAY)]
    (_department, county, _other) = without_all_contacts(desk.mechanism, TOMORROW)
    assert county.missing == [ContactKind.PERSON]


def test_a_new_contact_ends_the_one_before(desk: Desk) -> None:
    name_all_three(desk, desk.county)
    change_contact(
        membership=desk.county,
        kind=ContactKind.LEADER,
        name="另一位",
        title="副县长",
        valid_from=TOMORROW,
        by=desk.county_reporter,
        at=NOW,
    )
    today, tomorrow = (
        members_on(desk.mechanism, day)[1].contacts[ContactKind.LEADER].name for day in (TODAY, TOMORROW)
    )
    assert (today, tomorrow) == ("某人", "另一位")


def test_a_slip_of_the_same_day_is_put_right_and_its_history_kept(desk: Desk) -> None:
    name_all_three(desk, desk.county)
    given = {"membership": desk.county, "kind": ContactKind.LEADER, "by": desk.officer, "at": NOW}
    change_contact(name="改正", valid_from=TODAY, **given)
    contact = desk.county.contacts.get(kind=ContactKind.LEADER)
    assert contact.name == "改正"
    assert [row.name for row in contact.history.order_by("history_id")] == ["某人", "改正"]
    with pytest.raises(Invalid) as refused:
        change_contact(name="更早", valid_from=TODAY - timedelta(days=1), **given)
    assert refused.value.code == "before_the_present_one"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "boss"}, "kind"),
        ({"name": " \n "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"title": "长" * 61}, "title"),
        ({"phone": "1" * 31}, "phone"),
        ({"kind": ContactKind.PERSON, "phone": ""}, "phone"),
        ({"valid_from": JOINED - timedelta(days=1)}, "valid_from"),
        ({"valid_from": date(2199, 1, 1)}, "valid_from"),
    ],
)
def test_a_contact_that_says_too_little_or_too_much(desk: Desk, changed: dict[str, object], field: str) -> None:
    given = {"kind": ContactKind.LEADER, "name": "某人", "valid_from": TODAY, "phone": "1"}
    with pytest.raises(Refusal) as refused:
        change_contact(**{**given, **changed}, membership=desk.county, by=desk.officer, at=NOW)
    assert refused.value.each()[0].field == field


def test_a_reporter_changes_the_contacts_of_the_own_unit_alone(desk: Desk, cast: Cast) -> None:
    for person in (desk.other_county_reporter, cast.county_supervisor):
        with pytest.raises(NotAllowed):
            change_contact(
                membership=desk.county, kind=ContactKind.LEADER, name="某", valid_from=TODAY, by=person, at=NOW
            )


def test_contacts_end_with_the_membership(desk: Desk) -> None:
    name_all_three(desk, desk.county)
    leave(membership=desk.county, last_day=TOMORROW, by=desk.officer, at=NOW)
    assert set(desk.county.contacts.values_list("valid_until", flat=True)) == {TOMORROW}
    desk.county.refresh_from_db()
    with pytest.raises(Invalid):
        change_contact(
            membership=desk.county,
            kind=ContactKind.LEADER,
            name="某",
            valid_from=TOMORROW + timedelta(days=1),
            by=desk.officer,
            at=NOW,
        )


def test_the_newest_duties_that_have_begun_hold(desk: Desk) -> None:
    for words, day in (("旧职责", TODAY), ("新职责", TOMORROW)):
        write_duty_sheet(membership=desk.county, words=words, valid_from=day, by=desk.officer, at=NOW)
    held = [duty_sheet_of(desk.county, day) for day in (TODAY - timedelta(days=1), TODAY, TOMORROW)]
    assert [one and one.words for one in held] == [None, "旧职责", "新职责"]
    ((member, sheet),) = duty_sheets_of_units([desk.county.unit_id], TODAY)
    assert (member, sheet and sheet.words) == (desk.county, "旧职责")
    with pytest.raises(DatabaseError), transaction.atomic():
        desk.county.duty_sheets.update(words="改")


@pytest.mark.parametrize("words", ["", " \n", "长" * 2001])
def test_a_duty_sheet_says_something_and_not_too_much(desk: Desk, words: str) -> None:
    with pytest.raises(Invalid):
        write_duty_sheet(membership=desk.county, words=words, valid_from=TODAY, by=desk.officer, at=NOW)


def test_the_members_of_a_day_are_three_queries(desk: Desk) -> None:
    for member in (desk.county, desk.other_county, desk.department):
        name_all_three(desk, member)
    with CaptureQueriesContext(connection) as captured:
        found = members_on(desk.mechanism, TODAY)
        assert all(len(one.contacts) == 3 and one.membership.unit.name for one in found)
    assert len(captured) == 3
    assert MemberContact.objects.count() == 9
