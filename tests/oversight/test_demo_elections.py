"""What the demo tells of an election."""

from dataclasses import dataclass

from casework.models import Unit
from oversight.demo import elections
from oversight.demo.opinions import LOGIN_COUNTY
from oversight.eligibility.checking import applying
from oversight.eligibility.elections import villages_of_election
from oversight.eligibility.queries import silent_villages
from oversight.models import Election, EligibilityKind, Mechanism, Nominee
from tests.cast import Cast
from tests.factories import holder
from tests.oversight.desk import make_desk
from tests.oversight.electing import YESTERDAY
from tests.walk import NOW, TODAY


@dataclass
class World:
    mechanism: Mechanism


def test_one_is_barred_one_passed_with_a_reason_and_one_village_is_silent(cast: Cast) -> None:
    holder("committee_head", cast.elm, "elm_head")
    desk = make_desk(cast)
    Unit.objects.filter(pk=cast.county.pk).update(name=LOGIN_COUNTY)
    elections.seed(World(desk.mechanism), now=NOW)
    election = Election.objects.get()
    assert silent_villages(election, villages_of_election(election, TODAY), YESTERDAY).count() == 1
    barred, warned = Nominee.objects.order_by("pk")
    assert applying(barred).get().item.kind == EligibilityKind.CANNOT and not hasattr(barred, "decision")
    assert warned.decision.is_eligible and warned.decision.reason
