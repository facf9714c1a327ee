"""The verdict on what looks like a relapse: given by an office with its reason, appealed once, decided by the city."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.lifecycle.recording import record, require, require_stage, require_words, touch, verb
from casework.models import Case, Person, RelapseCandidate, RelapseVerdict, Unit, VerdictAppeal, VerdictKind
from casework.models.case_event import EventKind
from casework.models.relapse import FoundBy
from casework.relapse.matching import pair_of
from casework.relapse.model import current_model
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.rights.turns import unit_whose_turn
from casework.stages import OPEN, Stage, Watch
from casework.values.days_in_words import exact_day
from casework.watch.consolidation import end_consolidation, watch_again
from casework.working_time.deadlines import local_day

LONGEST_CHAIN = 50
# A case may be struck off before the verdict on it; what left the path otherwise is no problem that could be back.
JUDGED = (*OPEN, Stage.CLOSED)
# With these the earlier strike-off did not hold.
FAILED = (VerdictKind.RELAPSE, VerdictKind.NEVER)


def link_refusals(*, village: Unit, fact_on: date, earlier: Case, case: Case | None = None) -> list[Refusal]:
    """Why a fact can't be a relapse of this earlier case; nothing if it can."""
    refused = earlier_refusals(village=village, earlier=earlier, case=case)
    if refused:
        return refused
    if earlier.closed_on is not None and fact_on < earlier.closed_on:
        return [
            Invalid(
                "fact_before_closure",
                _("The fact is older than the strike-off on %(day)s, so it can't be a relapse.")
                % {"day": exact_day(earlier.closed_on)},
                field="fact_on",
            )
        ]
    if case is not None and _leads_to(earlier, case):
        return [
            Invalid(
                "relapse_in_circle",
                _("%(number)s is itself a relapse of this case; the link would run in a circle.")
                % {"number": earlier.number},
                field="relapse_of",
            )
        ]
    return []


def earlier_refusals(*, village: Unit, earlier: Case, case: Case | None = None) -> list[Refusal]:
    """Why this is no earlier case of one in the village, whatever the verdict; nothing if it may be."""
    if case is not None and earlier.pk == case.pk:
        return [Invalid("relapse_of_itself", _("A case can't be a relapse of itself."), field="relapse_of")]
    if earlier.stage != Stage.CLOSED or earlier.closed_on is None:
        return [Invalid("relapse_of_open", _("Only a case that was struck off can relapse."), field="relapse_of")]
    if earlier.village_id != village.pk:
        return [Invalid("relapse_elsewhere", _("The earlier case is about another village."), field="relapse_of")]
    return []


def _leads_to(earlier: Case, case: Case) -> bool:
    """Whether the chain of earlier cases comes back to this one."""
    above: int | None = earlier.relapse_of_id
    for _step in range(LONGEST_CHAIN):
        if above is None or above == case.pk:
            return above is not None
        above = Case.objects.values_list("relapse_of", flat=True).get(pk=above)
    return True


@verb
def give_verdict(
    *, case: Case, candidate: RelapseCandidate, verdict: str, reason: str, by: Person, at: datetime
) -> RelapseVerdict:
    """Decide on a candidate: relapse, missed, never really rectified, new or duplicate; the reason is read by all.

    The second time is the decision on an appeal: by the city, and by somebody else. A relapse links the case with the
    earlier one, which keeps its strike-off and every cycle, and is approved one level up from then on.
    """
    if candidate.case_id != case.pk:
        raise Invalid("candidate_elsewhere", _("This candidate belongs to another case."))
    earlier_ones = list(candidate.verdicts.select_related("appeal").order_by("instance"))
    is_second = bool(earlier_ones)
    action = Action.DECIDE_APPEAL if is_second else Action.VERDICT
    require(by, action, case, at)
    require_stage(case, *JUDGED)
    if verdict not in VerdictKind.values:
        raise Invalid("verdict_unknown", _("Choose a verdict."), field="verdict")
    reason = require_words(reason, field="reason", sentence=_("Say why; the village and an appeal read it."))
    if is_second:
        _require_open_appeal(earlier_ones, by=by)
    if verdict == VerdictKind.RELAPSE:
        _require_linkable(case, candidate)
    held = post_for(by, action, case, local_day(at))
    given = RelapseVerdict.objects.create(
        candidate=candidate,
        instance=len(earlier_ones) + 1,
        verdict=verdict,
        reason=reason,
        by=by,
        by_unit_id=held.unit_id if held else None,
        at=at,
    )
    _link(case, candidate, is_relapse=verdict == VerdictKind.RELAPSE)
    _judge_earlier(candidate, failed=verdict in FAILED, by=by, at=at)
    touch(case, at=at)
    words = f"{given.get_verdict_display()} · {candidate.earlier.number} · {reason}"
    record(case, EventKind.VERDICT_GIVEN, by=by, at=at, action=action, before=case.stage, words=words)
    return given


def _require_open_appeal(earlier_ones: list[RelapseVerdict], *, by: Person) -> None:
    last = earlier_ones[-1]
    if last.instance == 2 or not hasattr(last, "appeal"):
        raise _given_already(last)
    if by.pk in (last.by_id, last.appeal.by_id):
        raise NotAllowed(
            "own_verdict", _("Whoever gave the verdict or appealed against it does not decide on the appeal.")
        )


def _given_already(last: RelapseVerdict) -> Conflict:
    return Conflict(
        "verdict_given", _("The verdict was given already: %(verdict)s.") % {"verdict": last.get_verdict_display()}
    )


def _require_linkable(case: Case, candidate: RelapseCandidate) -> None:
    if case.relapse_of_id is not None and case.relapse_of_id != candidate.earlier_id:
        raise Conflict(
            "linked_already",
            _("This case is a relapse of %(number)s already.")
            % {"number": case.relapse_of.number if case.relapse_of else ""},
        )
    fact_on = case.fact_on or case.found_on
    for refusal in link_refusals(village=case.village, fact_on=fact_on, earlier=candidate.earlier, case=case):
        raise refusal


def _link(case: Case, candidate: RelapseCandidate, *, is_relapse: bool) -> None:
    if is_relapse:
        case.relapse_of = candidate.earlier
    elif case.relapse_of_id == candidate.earlier_id:
        case.relapse_of = None
    else:
        return
    if case.stage in OPEN:
        case.waits_at = unit_whose_turn(case, Stage(case.stage))


def _judge_earlier(candidate: RelapseCandidate, *, failed: bool, by: Person, at: datetime) -> None:
    """The earlier case's strike-off stands as it was; whether it is watched any longer follows the verdict."""
    earlier = Case.objects.select_for_update().get(pk=candidate.earlier_id)
    before = earlier.watch
    if failed and earlier.watch != Watch.FAILED:
        end_consolidation(earlier, watch=Watch.FAILED)
    elif not failed and candidate.verdicts.filter(verdict__in=FAILED).exists():
        watch_again(earlier)
    if earlier.watch != before:
        touch(earlier, at=at)
        kind = EventKind.RELAPSED if earlier.watch == Watch.FAILED else EventKind.WATCHED_AGAIN
        record(earlier, kind, by=by, at=at, before=earlier.stage, words=candidate.case.number)


@verb
def appeal_verdict(*, case: Case, candidate: RelapseCandidate, reason: str, by: Person, at: datetime) -> VerdictAppeal:
    """Ask the city to decide again; once, and not by whoever gave the verdict."""
    require(by, Action.APPEAL, case, at)
    require_stage(case, *JUDGED)
    reason = require_words(reason, field="reason", sentence=_("Say why the verdict is wrong."))
    last = candidate.verdicts.select_related("appeal").order_by("instance").last()
    if candidate.case_id != case.pk or last is None:
        raise Conflict("no_verdict", _("There is no verdict yet."))
    if last.instance == 2 or hasattr(last, "appeal"):
        raise Conflict("appealed_already", _("A verdict can be appealed once, and this one was."))
    held = post_for(by, Action.APPEAL, case, local_day(at))
    appeal = VerdictAppeal.objects.create(
        verdict=last, reason=reason, by=by, by_unit_id=held.unit_id if held else None, at=at
    )
    touch(case, at=at)
    record(case, EventKind.VERDICT_APPEALED, by=by, at=at, action=Action.APPEAL, before=case.stage, words=reason)
    return appeal


@verb
def name_earlier(*, case: Case, earlier: Case, verdict: str, reason: str, by: Person, at: datetime) -> RelapseVerdict:
    """The office that decides names the earlier case itself, where nothing or something else was proposed, and gives its
    verdict in the same step. What the model said of the pair is kept with it: the next refit learns from it."""
    require(by, Action.VERDICT, case, at)
    require_stage(case, *JUDGED)
    for refusal in earlier_refusals(village=case.village, earlier=earlier, case=case):
        raise refusal
    candidate = _named(case, earlier, found=FoundBy.OFFICE, reason="named", at=at)
    given = candidate.verdicts.order_by("instance").last()
    if given is not None:
        raise _given_already(given)
    return give_verdict(case=case, candidate=candidate, verdict=verdict, reason=reason, by=by, at=at)


def claim_relapse(case: Case, earlier: Case, *, at: datetime) -> RelapseCandidate:
    """Whoever reported a case named the earlier one: a candidate like any other, and the office decides."""
    return _named(case, earlier, found=FoundBy.CLAIM, reason="claimed", at=at)


def _named(case: Case, earlier: Case, *, found: FoundBy, reason: str, at: datetime) -> RelapseCandidate:
    there = RelapseCandidate.objects.filter(case=case, earlier=earlier).first()
    if there is not None and there.verdicts.exists():
        return there
    if there is None:
        match = pair_of(case.pk, earlier.pk) if found == FoundBy.OFFICE else None
        there = RelapseCandidate(case=case, earlier=earlier, found_at=at)
        if match is not None:
            there.features, there.model_version = dict(match.features), current_model().version
    there.features = {**there.features, reason: 1}
    there.found, there.score = found, 1.0
    there.save()
    return there
