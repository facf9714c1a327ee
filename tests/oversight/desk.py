"""The coordination mechanism of the cast's city, for the tests of the offices' desk."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from casework.models import Person
from casework.stages import Role
from oversight.models import ExpectedReport, Mechanism, MemberGroup, Membership, Period, Rhythm
from tests.cast import Cast
from tests.factories import holder

JOINED = date(2024, 1, 1)


@dataclass
class Desk:
    """The lead office has two people, since nobody approves what they wrote; each member has one reporter."""

    mechanism: Mechanism
    officer: Person
    colleague: Person
    county: Membership
    other_county: Membership
    department: Membership
    county_reporter: Person
    other_county_reporter: Person
    department_reporter: Person


def make_desk(cast: Cast) -> Desk:
    mechanism = Mechanism.objects.create(
        lead=cast.city, name="村务监督协调联动机制", office_name="澄川市阳光澄川建设工作领导小组办公室"
    )
    members = {
        name: Membership.objects.create(mechanism=mechanism, unit=unit, group=group, order=order, valid_from=JOINED)
        for order, (name, unit, group) in enumerate(
            (
                ("department", cast.department, MemberGroup.RURAL),
                ("county", cast.county, MemberGroup.COUNTY),
                ("other_county", cast.other_county, MemberGroup.COUNTY),
            ),
            start=1,
        )
    }
    return Desk(
        mechanism=mechanism,
        officer=holder(Role.LEAD_OFFICE, cast.city, "officer"),
        colleague=holder(Role.LEAD_OFFICE, cast.city, "colleague"),
        **members,
        **{
            f"{name}_reporter": holder(Role.MEMBER_REPORTER, one.unit, f"{name}_reporter")
            for name, one in members.items()
        },
    )


def make_period(desk: Desk, first: date, last: date, *, on_time: datetime | None = None) -> Period:
    """A period whose reports are expected of every member of its first day, as the verb makes them."""
    on_time = on_time or datetime(last.year, last.month, last.day, 9, tzinfo=UTC)
    period = Period.objects.create(
        mechanism=desk.mechanism,
        rhythm=Rhythm.BIMONTHLY,
        first_day=first,
        last_day=last,
        on_time_until=on_time,
        closes_at=on_time.replace(hour=10),
        opened_by=desk.officer,
        opened_at=on_time.replace(hour=1),
    )
    for member in desk.mechanism.memberships.order_by("order"):
        ExpectedReport.objects.create(
            period=period,
            membership=member,
            unit=member.unit,
            unit_name=member.unit.name,
            group=member.group,
            order=member.order,
        )
    return period
