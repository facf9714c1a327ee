"""A handover is signed by three people, each for themselves; a refusal and an absence are records."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Refusal
from casework.models import Person, Term
from casework.stages import Role
from oversight.handover.items import Item, save_items
from oversight.handover.queries import State, in_state, state_of, taken_over_by, to_sign, visible_to
from oversight.handover.records import HandoverPack, HandoverSignature, ItemKind, Outcome, Side
from oversight.handover.signing import record_absence, record_refusal, sign
from tests.cast import Cast
from tests.factories import appoint, holder
from tests.oversight.handovers import DAY, SEAL, TOMORROW, handed_over, listed
from tests.walk import TODAY

ON = TODAY + DAY


@pytest.fixture
def pack(cast: Cast) -> HandoverPack:
    return listed(cast, handed_over(cast))


@pytest.fixture
def incoming(pack: HandoverPack) -> Person:
    return Person.objects.get(username="willow_next")


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def code_of(verb: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        verb()
    return refused.value.code


def put(pack: HandoverPack, side: Side, by: Person, **more: str) -> HandoverSignature:
    return sign(pack=pack, side=side, by=fresh(by), at=TOMORROW, **more)


def test_all_three_sign_and_it_is_settled(cast: Cast, pack: HandoverPack, incoming: Person) -> None:
    put(pack, Side.OUTGOING, cast.willow_head)
    put(pack, Side.INCOMING, incoming, words="缺档案柜钥匙一把")
    put(pack, Side.WITNESS, cast.town_reviewer)
    pack.refresh_from_db()
    assert (pack.settled_at, pack.climb_at, state_of(pack, ON)) == (TOMORROW, None, State.SIGNED)


def test_nobody_signs_for_another(cast: Cast, pack: HandoverPack, incoming: Person) -> None:
    for side, by, code in (
        (Side.OUTGOING, incoming, "signs_for_another"),
        (Side.INCOMING, cast.willow_head, "not_the_holder"),
        (Side.INCOMING, cast.outsider_head, "not_the_holder"),
        (Side.WITNESS, cast.outsider_town, "not_the_witness"),
        (Side.WITNESS, cast.county_supervisor, "not_the_witness"),
    ):
        assert code_of(lambda side=side, by=by: put(pack, side, by)) == code
    assert not HandoverSignature.objects.exists()


def test_the_database_refuses_a_signature_for_another_and_one_person_twice(
    cast: Cast, pack: HandoverPack, incoming: Person
) -> None:
    put(pack, Side.OUTGOING, cast.willow_head)
    row = {"pack": pack, "outcome": Outcome.SIGNED, "name": "某", "at": TOMORROW}
    for values in (
        {"side": Side.INCOMING, "person": incoming, "by": cast.willow_head},
        {"side": Side.INCOMING, "person": cast.willow_head, "by": cast.willow_head},
        {"side": Side.OUTGOING, "person": incoming, "by": incoming},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            HandoverSignature.objects.create(**row, **values)


def test_signing_twice_is_refused(cast: Cast, pack: HandoverPack) -> None:
    put(pack, Side.OUTGOING, cast.willow_head)
    assert code_of(lambda: put(pack, Side.OUTGOING, cast.willow_head)) == "signed_already"


def test_a_handover_to_oneself_is_refused(cast: Cast, pack: HandoverPack) -> None:
    Term.objects.filter(person__username="willow_next").update(person=cast.willow_head)
    assert code_of(lambda: put(pack, Side.INCOMING, cast.willow_head)) == "handover_to_oneself"
    assert pack not in taken_over_by(fresh(cast.willow_head), ON)
    again = record_refusal(pack=pack, side=Side.INCOMING, reason="本人续任", by=fresh(cast.town_reviewer), at=TOMORROW)
    assert again.person == cast.willow_head


def test_a_witness_is_neither_of_the_two(cast: Cast, pack: HandoverPack, incoming: Person) -> None:
    appoint(incoming, Role.TOWN_REVIEWER, cast.town)
    put(pack, Side.OUTGOING, cast.willow_head)
    put(pack, Side.INCOMING, incoming)
    assert code_of(lambda: put(pack, Side.WITNESS, incoming)) == "witness_is_a_party"


def test_the_witness_signs_last(cast: Cast, pack: HandoverPack) -> None:
    assert code_of(lambda: put(pack, Side.WITNESS, cast.town_reviewer)) == "witness_signs_last"
    assert pack not in to_sign(fresh(cast.town_reviewer), ON)


def test_a_refusal_is_recorded_with_its_reason_by_the_person_or_the_town(
    cast: Cast, pack: HandoverPack, incoming: Person
) -> None:
    def refusal(by: Person, reason: str = "账目不清") -> HandoverSignature:
        return record_refusal(pack=pack, side=Side.INCOMING, reason=reason, by=fresh(by), at=TOMORROW)

    assert code_of(lambda: refusal(cast.willow_head)) == "not_the_witness"
    assert code_of(lambda: refusal(incoming, "  ")) == "reason_missing"
    made = refusal(cast.town_reviewer)
    assert (made.person, made.by, made.outcome, made.words) == (
        incoming,
        cast.town_reviewer,
        Outcome.REFUSED,
        "账目不清",
    )
    put(pack, Side.OUTGOING, cast.willow_head)
    put(pack, Side.WITNESS, cast.town_reviewer)
    assert list(HandoverPack.objects.filter(in_state(State.REFUSED, ON))) == [pack]


def test_an_absent_outgoing_holder_is_recorded_by_the_town(cast: Cast, pack: HandoverPack, incoming: Person) -> None:
    assert code_of(lambda: record_absence(pack=pack, reason="外出", by=incoming, at=TOMORROW)) == "not_the_witness"
    made = record_absence(pack=pack, reason="已迁往外省", by=fresh(cast.town_reviewer), at=TOMORROW)
    assert (made.side, made.person, made.outcome) == (Side.OUTGOING, cast.willow_head, Outcome.ABSENT)


def test_a_head_signs_for_nothing_before_the_list_is_filled_in(cast: Cast) -> None:
    pack = handed_over(cast)
    assert code_of(lambda: put(pack, Side.OUTGOING, cast.willow_head)) == "list_missing"


class TestList:
    def save(self, pack: HandoverPack, by: Person, *items: Item) -> list[str]:
        return [one.words for one in save_items(pack=pack, items=items, by=fresh(by), at=TOMORROW)]

    def test_it_is_written_again_until_somebody_has_signed(self, cast: Cast, pack: HandoverPack) -> None:
        ledger = Item(ItemKind.LEDGER, "监督台账三册", remark="缺 2024 年")
        assert self.save(pack, cast.town_reviewer, *SEAL, ledger) == ["监委会印章一枚", "监督台账三册"]
        assert self.save(pack, cast.willow_head, ledger) == ["监督台账三册"]
        put(pack, Side.OUTGOING, cast.willow_head)
        assert code_of(lambda: self.save(pack, cast.willow_head, *SEAL)) == "signed_already"
        with pytest.raises(DatabaseError), transaction.atomic():
            pack.items.update(is_handed_over=True)

    def test_strangers_and_empty_lists_are_refused(self, cast: Cast, pack: HandoverPack) -> None:
        assert code_of(lambda: self.save(pack, cast.outsider_head, *SEAL)) == "not_a_party"
        assert code_of(lambda: self.save(pack, cast.willow_head, Item(ItemKind.SEAL, " "))) == "list_missing"
        assert code_of(lambda: self.save(pack, cast.willow_head, Item(ItemKind.SEAL, "长" * 201))) == "words_too_long"


class TestWhoSeesIt:
    def test_both_holders_and_those_above_and_nobody_else(
        self, cast: Cast, pack: HandoverPack, incoming: Person
    ) -> None:
        readers = (cast.willow_head, incoming, cast.town_reviewer, cast.county_supervisor, cast.city_supervisor)
        for person in readers:
            assert list(visible_to(fresh(person), ON)) == [pack]
        for person in (cast.poplar_head, cast.outsider_town, cast.outsider_county, cast.department_member):
            assert not visible_to(fresh(person), ON).exists()

    def test_it_waits_for_each_in_turn(self, cast: Cast, pack: HandoverPack, incoming: Person) -> None:
        for person, side in (
            (cast.willow_head, Side.OUTGOING),
            (incoming, Side.INCOMING),
            (cast.town_reviewer, Side.WITNESS),
        ):
            assert list(to_sign(fresh(person), ON)) == [pack]
            put(pack, side, person)
            assert not to_sign(fresh(person), ON).exists()

    def test_a_second_reviewer_may_witness(self, cast: Cast, pack: HandoverPack, incoming: Person) -> None:
        second = holder(Role.TOWN_REVIEWER, cast.town, "second")
        put(pack, Side.OUTGOING, cast.willow_head)
        put(pack, Side.INCOMING, incoming)
        assert put(pack, Side.WITNESS, second).person == second
