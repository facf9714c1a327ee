"""The people of the demo city, one or more in every role, and the ten logins that a newcomer tries."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password

from casework.models import Person, Post, Term, Unit
from casework.models.history import record_many
from casework.stages import Role
from flows.demo.city import AGRICULTURE, CITY, DISCIPLINE, City

PASSWORD = "rectify-demo"
# No mobile number in China begins with 120, so nobody's telephone rings.
PHONE_PREFIX = "1200000"

SURNAMES = "顾沈陆姚秦柏樊虞柯纪翁阮祝喻裴卞闵竺晏戚俞岑商甄翟梅苗颜庄鲁韦温"
# Given names of two characters, one after the other.
GIVEN = (
    "守田德厚秋生建平春兰桂芝文斌国柱志远海燕玉梅长河明理立诚淑贞永年晓岚家和思源仁山月娥金穗庆丰"
    "宏达素云安国孝先水根茂林兰香培元友谅正言清源得水石生云芳荷生景行若谷慎之光宗雪琴维新鹏举望舒松年柳青稼轩敬之怀瑾知秋"
)

VILLAGE = "青箬村"
TOWN = "青筠镇"
COUNTY = "栖梧区"


@dataclass(frozen=True)
class Login:
    """A name to sign in with, and what its reader may expect to see."""

    username: str
    role: Role
    place: str
    words: str


LOGINS = (
    Login("inspector", Role.INSPECTOR, CITY, "报告抽查发现的问题，看自己报告的进展"),
    Login("committee", Role.COMMITTEE_HEAD, VILLAGE, "村监委主任：制定措施，整改，上传佐证"),
    Login("member", Role.COMMITTEE_MEMBER, VILLAGE, "同一村的村监委委员"),
    Login("town", Role.TOWN_REVIEWER, TOWN, "批准方案，初核，决定延期"),
    Login("county", Role.COUNTY_SUPERVISOR, COUNTY, "受理，交办，复核，销号"),
    Login("city", Role.CITY_SUPERVISOR, CITY, "较重问题、重点村、反弹的审核与销号"),
    Login("department", Role.DEPARTMENT_MEMBER, AGRICULTURE, "牵头或配合整改"),
    Login("discipline", Role.DEPARTMENT_MEMBER, DISCIPLINE, "只看移送来的案件"),
    Login("volunteer", Role.VOLUNTEER, TOWN, "监督工作站志愿者：只看自己报告的问题"),
    Login("admin", Role.ADMINISTRATOR, CITY, "单位、岗位、问题目录"),
)


@dataclass
class People:
    """Who holds which post, by unit and role, and the person of each term; and everybody by their key."""

    holders: dict[tuple[int, Role], list[tuple[Post, Person]]] = field(default_factory=dict)
    by_key: dict[int, Person] = field(default_factory=dict)

    def of(self, unit: Unit | None, role: Role, number: int = 0) -> Person:
        assert unit is not None
        held = self.holders[unit.pk, role]
        return held[number % len(held)][1]

    def committee(self, village: Unit) -> list[Person]:
        """The head and the members, in this order."""
        roles = (Role.COMMITTEE_HEAD, Role.COMMITTEE_MEMBER)
        return [person for role in roles for _post, person in self.holders[village.pk, role]]

    def post(self, unit: Unit, role: Role) -> Post:
        return self.holders[unit.pk, role][0][0]


def build_people(made: City, *, today: date) -> People:
    """Write accounts, posts and terms. One hash serves all: they share one password that stands in the README."""
    random = Random("people")
    wanted = list(_wanted(made))
    logins = {(login.place, login.role): login.username for login in LOGINS}
    password = make_password(PASSWORD)
    people, posts, terms = [], [], []
    numbers: dict[tuple[int, Role], int] = {}
    used: set[str] = set()
    for serial, (unit, role) in enumerate(wanted, start=1):
        key = (unit.pk, role)
        numbers[key] = numbers.get(key, 0) + 1
        # 柳湾村 stands twice, so a login is given to the first post found and taken out of the list.
        username = logins.pop((unit.name, role), "") if numbers[key] == 1 else ""
        phone = f"{PHONE_PREFIX}{serial:04d}"
        people.append(
            Person(
                username=username or phone,
                name=_unused_name(random, used),
                phone=phone,
                password=password,
                is_demo=True,
            )
        )
        posts.append(Post(unit=unit, role=role, number=numbers[key]))
    Person.objects.bulk_create(people)
    Post.objects.bulk_create(posts)
    for post, person in zip(posts, people, strict=True):
        terms.append(Term(post=post, person=person, valid_from=date(today.year - 2, 1, 1)))
    Term.objects.bulk_create(terms)
    for rows in (people, posts, terms):
        record_many(rows, change="+")
    found = People(by_key={person.pk: person for person in people})
    for post, person in zip(posts, people, strict=True):
        found.holders.setdefault((post.unit_id, Role(post.role)), []).append((post, person))
    return found


def _wanted(made: City) -> list[tuple[Unit, Role]]:
    """Every post of the city, once for each person in it."""
    posts = [(made.city, Role.ADMINISTRATOR), *[(made.city, Role.CITY_SUPERVISOR)] * 2]
    posts += [(made.city, Role.INSPECTOR)] * 4
    for county in made.counties.values():
        posts += [*[(county, Role.COUNTY_SUPERVISOR)] * 2, (county, Role.INSPECTOR)]
    posts += [(department, Role.DEPARTMENT_MEMBER) for department in made.departments.values()]
    for town in made.towns.values():
        posts += [*[(town, Role.TOWN_REVIEWER)] * 2, (town, Role.VOLUNTEER)]
    for village in made.villages:
        if village.has_committee:
            posts += [(village, Role.COMMITTEE_HEAD), *[(village, Role.COMMITTEE_MEMBER)] * 2]
    return posts


def invented_name(random: Random) -> str:
    """A surname and a given name of two characters."""
    start = random.randrange(0, len(GIVEN), 2)
    return random.choice(SURNAMES) + GIVEN[start : start + 2]


def _unused_name(random: Random, used: set[str]) -> str:
    while True:
        name = invented_name(random)
        if name not in used:
            used.add(name)
            return name
