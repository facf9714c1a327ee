"""Who looks back in the demo: the drawn inspectors go there within some days; a few of their look-backs are still open."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from viewflow.workflow.status import PROCESS, STATUS

from casework.database.bulk_sql import update
from casework.lifecycle.look_back import Seen, check_look_back
from casework.models import LookBack, Person
from casework.models.evidence import EvidenceKind
from casework.models.look_back import LookBackKind, LookBackState, Outcome
from casework.working_time.deadlines import local_day
from flows.demo import pictures, words
from flows.demo.clock import in_office_hours
from flows.demo.proof import Proof, add_proofs
from flows.demo.story import Story
from flows.demo.telling import World
from flows.look_back import LookBackFlow
from flows.models import CaseProcess, CaseTask
from flows.starting import task_of
from flows.trail import link

PARTLY = 0.05
PAPER_ONLY_ONE_IN = 12  # of the reverse checks
ENDS = {
    Outcome.HELD: LookBackFlow.stays_fixed,
    Outcome.PARTLY: LookBackFlow.partly,
    Outcome.BACK: LookBackFlow.is_back,
}


def look_back(world: World, stories: Mapping[int, Story], day: date, random: Random) -> None:
    """Do the look-backs whose inspectors have found the time by this day."""
    open_ones = LookBack.objects.filter(state=LookBackState.OPEN, inspector__isnull=False, drawn_at__isnull=False)
    needs = ("case__village", "case__county", "case__city", "case__item", "case__object", "closure")
    for pk, drawn_at in list(open_ones.order_by("pk").values_list("pk", "drawn_at")):
        if drawn_at is not None and (day - local_day(drawn_at)).days >= 2 + pk % 7:
            # Each anew: two of one case on one day would not know of each other's entries.
            one = LookBack.objects.select_related(*needs).get(pk=pk)
            assert one.inspector_id is not None
            _check(one, stories.get(one.case_id), day, random, by=world.people.by_key[one.inspector_id])


def _check(one: LookBack, story: Story | None, day: date, random: Random, *, by: Person) -> None:
    at, case = in_office_hours(day, random), one.case
    scene = story.plot.problem.scene if story else "board"
    photo = pictures.after(scene, one.pk % pictures.VARIANTS)
    is_reverse = one.kind == LookBackKind.REVERSE
    is_false = is_reverse and one.pk % PAPER_ONLY_ONE_IN == 0
    partly = is_false or random.random() < PARTLY
    taken = add_proofs(case, [(Proof(EvidenceKind.LOOK_BACK, photo, f"回头看_{day:%Y%m%d}.jpg"), at)], by=by)
    seen = Seen(
        outcome=Outcome.PARTLY if partly else Outcome.HELD,
        words=random.choice(words.ON_PAPER if is_false else words.PARTLY_HELD if partly else words.HELD),
        is_paper_only=is_false,
        asked=random.randint(2, 5) if is_reverse else None,
        why_no_position="现场无信号",
    )
    check_look_back(look_back=one, seen=seen, photos=taken, by=by, at=at + timedelta(minutes=9))


def finish_processes() -> None:
    """End the processes of what was looked at: the check done, the gateway and the end passed. Set-based."""
    done = list(
        LookBack.objects.filter(state=LookBackState.DONE, process__status=PROCESS.NEW).select_related("process")
    )
    checks = {
        task.process_id: task
        for task in CaseTask.objects.filter(
            process__in=[one.process_id for one in done], status=STATUS.NEW, flow_task_type="HUMAN"
        )
    }
    ways, ends = [], []
    for one in done:
        task = checks[one.process_id]
        task.status, task.owner_id = STATUS.DONE, one.inspector_id
        task.started = task.finished = one.done_at
        process = CaseProcess(pk=one.process_id)
        assert one.done_at is not None
        ways.append(task_of(process, LookBackFlow.how_it_stands, at=one.done_at, done=True))
        ends.append(task_of(process, ENDS[Outcome(one.outcome)], at=one.done_at, done=True))
    update(list(checks.values()), ["status", "owner", "started", "finished"])
    made = [CaseTask.objects.bulk_create(tasks) for tasks in (ways, ends)]
    link([checks[one.process_id] for one in done], made[0])
    link(made[0], made[1])
    processes = [CaseProcess(pk=one.process_id, status=PROCESS.DONE, finished=one.done_at) for one in done]
    update(processes, ["status", "finished"])
