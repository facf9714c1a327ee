"""The demo's handovers: the villages of the logins' town elected, one handover is overdue, one holds a refusal."""

from datetime import date, datetime, timedelta

from casework.models import Person, Post, Term, Unit
from casework.models.history import record_many, stamped
from casework.models.unit import UnitLevel
from casework.stages import Role
from casework.working_time.deadlines import local_day, midnight
from oversight.demo.opinions import LOGIN_VILLAGE
from oversight.demo.people import Desk, first_holders
from oversight.handover.clock import climb
from oversight.handover.freezing import freeze
from oversight.handover.records import HandoverItem, HandoverPack, HandoverSignature, ItemKind, Outcome, Side

# So many days ago the former heads' terms ended: seven days to sign have passed since.
ENDED = 10
FORMER = (
    "岑守成",
    "闵长河",
    "屠明礼",
    "羊秋实",
    "柏青山",
    "乐平川",
    "齐望舒",
    "储大田",
    "项春和",
    "蔚学文",
    "桑永年",
    "谷向东",
)
LISTED = (
    (ItemKind.SEAL, "村监委会印章一枚", True, ""),
    (ItemKind.LEDGER, "监督台账、会议记录、公开底稿", True, "按年装订"),
    (ItemKind.CONTRACT, "村级合同监督复印件", True, ""),
    (ItemKind.DEBT, "无债权债务", True, ""),
    (ItemKind.OBJECT, "明白墙照片册、档案柜钥匙", False, "钥匙缺一把，三日内补配"),
)
REASON = "认为上届台账未核清，不愿签字；已告知未办结事项仍由其办理。"


def seed(desk: Desk, *, now: datetime) -> None:
    """Write the former heads, the packs and the signatures: one statement a table."""
    village = Unit.objects.filter(name=LOGIN_VILLAGE, level=UnitLevel.VILLAGE).select_related("parent").first()
    if village is None or village.parent is None:
        return
    posts = Post.objects.filter(unit__parent=village.parent, role=Role.COMMITTEE_HEAD, number=1, unit__is_active=True)
    # The login's own village first: it is the one that nobody signed in time.
    found = sorted(posts.select_related("unit__parent"), key=lambda post: (post.unit_id != village.pk, post.unit.path))
    heads = first_holders([post.unit_id for post in found], (Role.COMMITTEE_HEAD,))
    witness = first_holders([village.parent], (Role.TOWN_REVIEWER,)).get(village.parent.pk)
    elected = [post for post in found if post.unit_id in heads][: len(FORMER)]
    if witness is None or len(elected) < 3:
        return
    ended = local_day(now) - timedelta(ENDED)
    made_at = midnight(ended + timedelta(1)) + timedelta(hours=6)
    packs = freeze(_former_terms(elected, ended, at=made_at), at=made_at)
    by_unit = {pack.unit_id: pack for pack in packs}
    for number, post in enumerate(elected):
        outgoing_only, is_refused = number == 0, number == 1
        _fill_in(by_unit[post.unit_id], heads[post.unit_id], witness, outgoing_only, is_refused, at=made_at)
    settled = [by_unit[post.unit_id].pk for post in elected[1:]]
    HandoverPack.objects.filter(pk__in=settled).update(settled_at=made_at + timedelta(days=3), climb_at=None)
    climb(at=midnight(local_day(now) - timedelta(1)) + timedelta(hours=6))


def _former_terms(posts: list[Post], ended: date, *, at: datetime) -> list[Term]:
    """Who held these posts until the election; the present holders follow from the next day on."""
    people = [
        Person(username=f"former-head-{number}", name=FORMER[number], password="!", is_demo=True)
        for number in range(len(posts))
    ]
    with stamped(step="seed_desk", by=None, at=at):
        record_many(Person.objects.bulk_create(people), change="+")
        terms = Term.objects.bulk_create(
            [
                Term(post=post, person=person, valid_from=ended - timedelta(3 * 365), valid_until=ended)
                for post, person in zip(posts, people, strict=True)
            ]
        )
        record_many(terms, change="+")
    return terms


def _fill_in(
    pack: HandoverPack, head: Person, witness: Person, outgoing_only: bool, is_refused: bool, *, at: datetime
) -> None:
    signed_at = at + timedelta(days=1, hours=4)
    items = HandoverItem.objects.bulk_create(
        [
            HandoverItem(
                pack=pack,
                order=order,
                kind=kind,
                words=words,
                is_handed_over=is_done,
                remark=remark,
                frozen_at=signed_at,
            )
            for order, (kind, words, is_done, remark) in enumerate(LISTED, start=1)
        ]
    )
    with stamped(step="save_handover_items", by=pack.outgoing, at=signed_at):
        record_many(items, change="+")
    signatures = [_signature(pack, Side.OUTGOING, pack.outgoing, at=signed_at)]
    if not outgoing_only:
        incoming = _signature(pack, Side.INCOMING, head, at=signed_at + timedelta(hours=2))
        if is_refused:
            incoming.outcome, incoming.words, incoming.by = Outcome.REFUSED, REASON, witness
        signatures += [incoming, _signature(pack, Side.WITNESS, witness, at=at + timedelta(days=3))]
    HandoverSignature.objects.bulk_create(signatures)


def _signature(pack: HandoverPack, side: Side, person: Person, *, at: datetime) -> HandoverSignature:
    return HandoverSignature(
        pack=pack, side=side, outcome=Outcome.SIGNED, person=person, name=person.name, by=person, at=at
    )
