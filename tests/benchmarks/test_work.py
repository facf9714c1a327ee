"""Steps, imports, ledgers: at a million cases."""

import io
import time
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from casework.jobs.ledger import write_ledger
from casework.lifecycle.assignment import assign_case
from casework.lifecycle.planning import Draft, submit_plan
from casework.models import Case, FindingImport, Person, Post, Unit
from casework.models.unit import UnitLevel
from casework.queries import visible
from casework.working_time.deadlines import local_day
from flows import steps
from flows.finding_import import keep_file, run_import
from tests.benchmarks.city import City
from tests.benchmarks.conftest import queries, tell

BUDGET = 25
STEPS = 30
FINDINGS = 10_000


def timed(name: str, cases: list[Case], take: object) -> None:
    """Take a step with many cases; the first one is counted, the rest are timed."""
    asked = queries(lambda: take(cases[0]))
    begun = time.perf_counter()
    for case in cases[1:]:
        take(case)
    each = (time.perf_counter() - begun) * 1000 / (len(cases) - 1)
    tell(name, f"{each:.1f} ms", len(asked))
    assert len(asked) <= BUDGET, [one[:80] for one in asked]


def test_steps(city: City) -> None:
    at = timezone.now()
    on = local_day(at)
    post = Post.objects.get(unit=city.village, role="committee_head")
    county = Person.objects.get(pk=city.people["county"].pk)
    committee = Person.objects.get(pk=city.people["committee"].pk)
    waiting = list(Case.objects.filter(county=city.county, stage="assignment").order_by("id")[:STEPS])
    for case in waiting:  # so that one committee answers for them
        Case.objects.filter(pk=case.pk).update(village=city.village)
    waiting = list(Case.objects.filter(pk__in=[case.pk for case in waiting]))

    def assign(case: Case) -> None:
        due_on = on + timedelta(days=20)
        steps.take(assign_case, case=case, by=county, at=at, post=post, due_on=due_on)

    def plan(case: Case) -> None:
        measures = [Draft("在西侧明白墙加装雨棚", "柳大山", on + timedelta(days=5))]
        steps.take(submit_plan, case=case, by=committee, at=at, measures=measures)

    timed("step: assign", waiting, assign)
    timed("step: plan", list(Case.objects.filter(pk__in=[case.pk for case in waiting])), plan)


def test_import(city: City) -> None:
    villages = list(Unit.objects.filter(level=UnitLevel.VILLAGE).values_list("code", flat=True))
    lines = ["finding_no,village_code,found_on,category,severity,description,required_action,due_days,source"]
    today = local_day(timezone.now()).isoformat()
    lines += [
        f"B{n:06d},{villages[n % len(villages)]},{today},公开栏闲置,较重,第{n}项抽查发现公开栏内容陈旧,限期更新,10,抽查"
        for n in range(FINDINGS)
    ]
    upload = ContentFile("\n".join(lines).encode(), name="findings.csv")
    run = keep_file(upload=upload, by=city.people["city"], at=timezone.now(), is_dry_run=False)
    begun = time.perf_counter()
    asked = queries(lambda: run_import(run.pk))
    taken = time.perf_counter() - begun
    run = FindingImport.objects.get(pk=run.pk)
    tell(f"import of {FINDINGS:,} findings", f"{taken:.1f} s", len(asked), f"{FINDINGS / taken:.0f} a second")
    assert (run.added, run.refused) == (FINDINGS, 0), (run.state, run.trouble, run.refused)


def test_ledger(city: City) -> None:
    on = local_day(timezone.now())
    cases = visible(city.people["town"], on).filter(town=city.town)
    rows = cases.count()
    file = io.BytesIO()
    begun = time.perf_counter()
    asked = queries(lambda: write_ledger(cases, file))
    taken = time.perf_counter() - begun
    tell(f"ledger of a town, {rows:,} rows", f"{taken:.1f} s", len(asked), f"{rows / taken:.0f} rows a second")
    assert len(asked) <= (rows // 500 + 1) * 8
