"""The mechanism of 澄川市 with its fifteen members, their people and contacts. All of it is invented."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from casework.models import Person, Post, Term, Unit, UnitLevel, UnitName
from casework.models.history import record_many
from casework.offices.units import add_unit
from casework.stages import Role
from oversight.members.records import ContactKind, DutySheet, Mechanism, MemberContact, MemberGroup, Membership
from oversight.reporting.records import ReportingScheme, Rhythm

CITY_CODE = "9901"
PASSWORD = "rectify-demo"
# No mobile number in China begins with 120, so nobody's telephone rings.
PHONE_PREFIX = "12000009"
MECHANISM, OFFICE = "村务监督委员会规范化建设协调联动机制", "澄川市阳光澄川建设工作领导小组办公室"
LEAD_LOGIN, REPORTER_LOGIN, REPORTER_PLACE = "leadoffice", "reporter", "栖梧区"

MEMBERS = (
    ("市纪委监委", MemberGroup.CO_SIGNING),
    ("市委组织部", MemberGroup.CO_SIGNING),
    ("市财政局", MemberGroup.CO_SIGNING),
    ("市民政局", MemberGroup.CO_SIGNING),
    ("市农业农村局", MemberGroup.RURAL),
    ("市乡村振兴局", MemberGroup.RURAL),
    ("市驻村办", MemberGroup.RURAL),
    ("望溪县", MemberGroup.COUNTY),
    ("云陂县", MemberGroup.COUNTY),
    ("栖梧区", MemberGroup.COUNTY),
    ("澹溪县", MemberGroup.COUNTY),
    ("苔岭县", MemberGroup.COUNTY),
    ("澄川高新区", MemberGroup.ZONE),
    ("澄川经开区", MemberGroup.ZONE),
    ("澄川城乡示范区", MemberGroup.ZONE),
)
# Counties that the demo's cases don't reach yet: (code, town, its villages).
QUIET_COUNTIES = {
    "澹溪县": ("990123", "苇渡镇", ("苇渡村", "青蒲村")),
    "苔岭县": ("990124", "苔花镇", ("苔花村", "竹枝岭村")),
    "澄川经开区": ("990172", "经一街道", ("经一社区", "云帆社区")),
    "澄川城乡示范区": ("990173", "望岫镇", ("望岫村", "听泉坞村")),
}
# One contact person has left and nobody is named yet.
WITHOUT_PERSON = "苔岭县"
DUTIES = {
    MemberGroup.CO_SIGNING: "按照“两个文件”分工指导村务监督委员会规范化建设；每两个月报送一次本部门推进情况；对县区提出的政策问题及时答复。",
    MemberGroup.RURAL: "在涉农资金、项目和驻村工作中支持村务监督；发现线索及时移交；每两个月报送一次工作推进情况。",
    MemberGroup.COUNTY: "按照市级模式运行县级协调联动机制，落实会商、总结、检查、通报；每两个月报送一次推进情况，问题整改到村到人。",
    MemberGroup.ZONE: "比照县区运行协调联动机制，落实会商、总结、检查、通报；每两个月报送一次推进情况。",
}
SURNAMES = "傅褚邵童闻殷葛费倪管嵇邢滕项祁"
GIVEN = (
    "思远",
    "知微",
    "怀民",
    "若松",
    "清和",
    "正平",
    "守信",
    "念慈",
    "景明",
    "修文",
    "允中",
    "载物",
    "致远",
    "行健",
    "以宁",
)
SECTIONS = ("办公室", "基层监督科", "农村工作科", "党风政风室")
# By the last sign of the unit's name.
TITLES = {"委": "副书记", "部": "副部长", "局": "副局长", "办": "副主任", "县": "副县长", "区": "副区长"}


@dataclass
class World:
    """What the parts of the desk's demo build on."""

    mechanism: Mechanism
    officer: Person
    colleague: Person
    members: dict[str, Membership] = field(default_factory=dict)
    reporters: dict[int, Person] = field(default_factory=dict)


def seed_members(*, since: date, at: datetime) -> World:
    """Write the mechanism. Inside `stamped` and a transaction."""
    city = Unit.objects.get(code=CITY_CODE)
    units = _units(city)
    mechanism = Mechanism.objects.create(lead=city, name=MECHANISM, office_name=OFFICE)
    members = [
        Membership(mechanism=mechanism, unit=units[name], group=group, order=order, valid_from=since)
        for order, (name, group) in enumerate(MEMBERS, start=1)
    ]
    _write(members)
    _write([ReportingScheme(membership=one, rhythm=Rhythm.BIMONTHLY, valid_from=since) for one in members])
    DutySheet.objects.bulk_create(
        DutySheet(membership=one, words=DUTIES[MemberGroup(one.group)], valid_from=since, at=at) for one in members
    )
    _write([contact for number, one in enumerate(members) for contact in _contacts(number, one, since)])
    people = _people(city, members, since=since)
    return World(
        mechanism=mechanism,
        officer=people[0],
        colleague=people[1],
        members={one.unit.name: one for one in members},
        reporters={one.unit_id: person for one, person in zip(members, people[2:], strict=True)},
    )


def _units(city: Unit) -> dict[str, Unit]:
    for name, (code, town_name, villages) in QUIET_COUNTIES.items():
        is_zone = dict(MEMBERS)[name] == MemberGroup.ZONE
        county = add_unit(parent=city, code=code, name=name, level=UnitLevel.COUNTY, is_functional_zone=is_zone)
        town = add_unit(parent=county, code=f"{code}101", name=town_name, level=UnitLevel.TOWN)
        made = [county, town]
        for number, village in enumerate(villages, start=201):
            made.append(add_unit(parent=town, code=f"{town.code}{number}", name=village, level=UnitLevel.VILLAGE))
        _write([UnitName(unit=unit, name=unit.name) for unit in made])
    names = [name for name, _group in MEMBERS]
    levels = (UnitLevel.COUNTY, UnitLevel.DEPARTMENT)
    return {unit.name: unit for unit in Unit.objects.filter(parent=city, name__in=names, level__in=levels)}


def _contacts(number: int, member: Membership, since: date) -> list[MemberContact]:
    made = []
    for place, kind in enumerate(ContactKind):
        if member.unit.name == WITHOUT_PERSON and kind == ContactKind.PERSON:
            continue
        is_section = kind == ContactKind.SECTION
        made.append(
            MemberContact(
                membership=member,
                kind=kind,
                name=SECTIONS[number % len(SECTIONS)] if is_section else _name(number + 7 * place),
                title=TITLES[member.unit.name[-1]] if kind == ContactKind.LEADER else "",
                phone="" if is_section else f"{PHONE_PREFIX}{500 + 20 * place + number}",
                valid_from=since,
            )
        )
    return made


def _name(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 4 + number // len(SURNAMES)) % len(GIVEN)]


def _people(city: Unit, members: list[Membership], *, since: date) -> list[Person]:
    """Two of the lead office, then one reporter a member; one hash serves all."""
    seats = [(city, Role.LEAD_OFFICE, 1), (city, Role.LEAD_OFFICE, 2)]
    seats += [(one.unit, Role.MEMBER_REPORTER, 1) for one in members]
    password, people, posts, terms = make_password(PASSWORD), [], [], []
    for number, (unit, role, place) in enumerate(seats):
        phone = f"{PHONE_PREFIX}{number:03d}"
        login = LEAD_LOGIN if number == 0 else REPORTER_LOGIN if unit.name == REPORTER_PLACE else phone
        name = _name(number + 15 * 2) if number > 1 else ("卓宁远", "凌知秋")[number]
        people.append(Person(username=login, name=name, phone=phone, password=password, is_demo=True))
        posts.append(Post(unit=unit, role=role, number=place))
    _write(people)
    _write(posts)
    for post, person in zip(posts, people, strict=True):
        terms.append(Term(post=post, person=person, valid_from=since - timedelta(days=1)))
    _write(terms)
    return people


def _write(rows: Sequence[Model]) -> None:
    type(rows[0])._default_manager.bulk_create(rows)
    record_many(rows, change="+")
