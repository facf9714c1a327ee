"""The story of one case: told step by step through the one door, each step on its own day.

`tell()` yields the moment of its next step and does the step when it is woken then (flows/demo/clock.py).
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from casework.lifecycle.assignment import assign_case
from casework.lifecycle.closure import close_case, decline_strike_off
from casework.lifecycle.planning import Draft, submit_plan
from casework.lifecycle.rectification import Done, submit_rectification
from casework.lifecycle.reporting import Finding, screen_case
from casework.lifecycle.review import Verdict, review_case
from casework.lifecycle.verdicts import give_verdict
from casework.models import Case, Closure, MeasureReport, ReportPrint, VerdictKind
from casework.models.evidence import EvidenceKind
from casework.models.exit import ScreeningOutcome
from casework.models.measure import MeasureKind
from casework.models.relapse import FoundBy
from casework.queries import current_measures, measures_to_report
from casework.stages import OPEN, REVIEWS, Role, Stage
from casework.working_time.deadlines import add_working_days, local_day, working_days_between
from flows.demo import pictures, words
from flows.demo.asides import beside_the_path
from flows.demo.city import AGRICULTURE
from flows.demo.clock import in_office_hours
from flows.demo.people import invented_name
from flows.demo.proof import Proof
from flows.demo.telling import Telling

SHEET = "整改情况核查签字表.jpg"


class Story(Telling):
    def tell(self) -> Iterator[datetime]:
        """From the report until the plot stops, the case ends, or the clock does."""
        self.at = in_office_hours(self.plot.reported_on, self.random)
        yield self.at
        self._report()
        while self.case.stage in OPEN:
            yield from beside_the_path(self)
            if self.case.stage not in OPEN or self._stops_here():
                return
            yield from STEPS[Stage(self.case.stage)](self)

    def _stops_here(self) -> bool:
        return self.case.stage == self.plot.stops_at and self.case.round >= self.plot.stops_in

    def _report(self) -> None:
        problem, reporter = self.plot.problem, self.reporter
        found_on = local_day(self.at)
        earlier = self._earlier_case()
        description = problem.description.format(**self.words)
        if earlier is not None and earlier.closed_on is not None and self.plot.verdict == VerdictKind.RELAPSE:
            description = f"{description}{earlier.closed_on.month}月销号的问题再次出现。"
        self.open_case(
            Finding(
                village=self.plot.village,
                description=description,
                found_on=found_on,
                fact_on=found_on - timedelta(days=self.random.randint(0, 3)) if earlier is None else found_on,
                item=self.world.items[problem.item],
                severity=self.plot.severity,
                object_name=problem.object.format(**self.words),
                source=self.plot.source,
                place=self.words["place"],
                required_action=problem.required.format(**self.words),
                relapse_of=earlier,
            ),
            reporter,
        )
        photo = pictures.before(problem.scene, self.variant)
        self.prove(Proof(EvidenceKind.BEFORE, photo, f"现场_{self.at:%Y%m%d}.jpg"), by=reporter)

    def _earlier_case(self) -> Case | None:
        earlier = self.plot.relapse_of
        if earlier is None or earlier.case_id is None:
            return None
        return Case.objects.filter(pk=earlier.case_id, stage=Stage.CLOSED, closed_on__lte=local_day(self.at)).first()

    def _screen(self) -> Iterator[datetime]:
        yield self.after_office_delay()
        outcome, reason = ScreeningOutcome.ACCEPTED, self.random.choice(words.ACCEPTED)
        original = None
        if self.plot.refused:
            outcome, reason = ScreeningOutcome.REFUSED, self.random.choice(words.REFUSED)
        elif self.plot.duplicate_of is not None and self.plot.duplicate_of.case_id is not None:
            original = Case.objects.filter(pk=self.plot.duplicate_of.case_id, stage__in=OPEN).first()
            if original is not None:
                outcome, reason = ScreeningOutcome.DUPLICATE, self.random.choice(words.DUPLICATE)
        self.take(screen_case, self.office, outcome=outcome, reason=reason, duplicate_of=original)
        self._judge()

    def _judge(self) -> None:
        """The office decides on what the inspector named as come back."""
        candidate = self.case.candidates.filter(found=FoundBy.CLAIM).first()
        if candidate is not None and self.case.stage in OPEN:
            said = words.CAME_BACK if self.plot.verdict == VerdictKind.RELAPSE else words.LOOKS_ALIKE
            self.take(
                give_verdict,
                self.office,
                candidate=candidate,
                verdict=self.plot.verdict,
                reason=self.random.choice(said),
            )

    def _assign(self) -> Iterator[datetime]:
        yield self.after_office_delay()
        people, agriculture = self.world.people, self.world.city.departments[AGRICULTURE]
        if self.plot.department:
            post = people.post(self.world.city.departments[self.plot.department], Role.DEPARTMENT_MEMBER)
        else:
            post = people.post(self.case.village, Role.COMMITTEE_HEAD)
        self.take(
            assign_case,
            self.office,
            post=post,
            due_on=self.plot.due_on,
            support=agriculture if self.plot.is_supported else None,
            lead=f"包村干部 {invented_name(self.random)}",
            note=self.random.choice(words.ASSIGNED),
        )

    def _plan(self) -> Iterator[datetime]:
        yield self.after(self.random.randint(0, 1 if (self.case.days or 0) <= 5 else 2))
        day = local_day(self.at)
        end = max(self.case.due_on or day, day)
        detail = "，逐户列明地点、数量和见证人" if self.measures else ""
        tasks = self.plot.problem.tasks
        drafts = [
            Draft(
                what=task.what.format(**self.words) + detail,
                who=self._named(task.who),
                due_on=min(end, add_working_days(day, 2 + 3 * number)),
            )
            for number, task in enumerate(tasks)
        ]
        prevention = self.plot.problem.prevention
        drafts.append(
            Draft(
                what=prevention.what.format(**self.words),
                who=self._named(prevention.who),
                due_on=add_working_days(end, 5),
                kind=MeasureKind.PREVENTIVE,
            )
        )
        self.take(submit_plan, self.rectifier, measures=drafts)
        self.plans_made += 1
        self.measures = current_measures(self.case)

    def _named(self, who: str) -> str:
        """The office and the person: committee members by their posts, village officials by an invented name."""
        people = self.world.people
        if who == "村监委主任":
            return f"{who} {people.of(self.case.village, Role.COMMITTEE_HEAD).name}"
        if who == "村监委委员":
            return f"{who} {people.of(self.case.village, Role.COMMITTEE_MEMBER).name}"
        return f"{who} {invented_name(Random(f'{self.case.village_id} {who}'))}"

    def _rectify(self) -> Iterator[datetime]:
        yield self.after(self._days_of_work())
        measures = self.measures if self.case.round == 1 else measures_to_report(self.case)
        by = self.rectifier
        tasks = [*self.plot.problem.tasks, self.plot.problem.prevention]
        reports, proofs = {}, []
        for measure in measures:
            place = self.measures.index(measure)
            task = tasks[place]
            done = task.done.format(**self.words)
            if self.case.round > 1:
                done = self.random.choice(words.ADDED) + done
            reports[measure.pk] = Done(words=done, done_on=local_day(self.at))
            name = f"整改后_措施{measure.number}_第{self.case.round}轮.jpg"
            shown = self._photo_of(place)
            if place == 0 and self.plot.has_own_photo:
                proofs.append(Proof(EvidenceKind.AFTER, shown, name, measure, is_compared=True))
            elif place == 0 and self.plot.photo_of is not None:
                copied = pictures.passed_on(pictures.after(self.plot.photo_of.problem.scene, pictures.OWN))
                proofs.append(Proof(EvidenceKind.AFTER, copied, name, measure, is_compared=True))
            else:
                proofs.append(Proof(EvidenceKind.AFTER, shown, name, measure))
        signers = self.world.people.committee(self.case.village)
        sheet = pictures.signed_sheet(self.random.randrange(pictures.SIGNED_SHEETS))
        names = tuple(person.name for person in signers)
        self.prove(*proofs, Proof(EvidenceKind.SIGNED_SHEET, sheet, SHEET, signed_by=names), by=by)
        self.take(submit_rectification, by, reports=reports, words=self.random.choice(words.SUBMITTED))
        # The demo's sentences come again and again: they are not compared.
        written = MeasureReport.objects.filter(submission__case=self.case, print=None)
        ReportPrint.objects.bulk_create(ReportPrint(report=report, checked_at=self.at) for report in written)

    def _photo_of(self, place: int) -> bytes:
        """The first measure shows the scene put right, the others the papers that go with it; paper is written anew
        in a later round.
        """
        others = [scene for scene in (*pictures.PAPERS, "cabinet") if scene != self.plot.problem.scene]
        scene = self.plot.problem.scene if place == 0 else others[(self.variant + place) % len(others)]
        if place == 0 and self.plot.has_own_photo:
            return pictures.after(scene, pictures.OWN)
        again = self.case.round - 1 if scene in pictures.PAPERS else 0
        return pictures.after(scene, (self.variant + again) % pictures.VARIANTS)

    def _days_of_work(self) -> int:
        """Working days from now until the submission: `pace` tells the first round, a later one is a matter of days."""
        if self.case.round > 1 or self.case.due_on is None or self.case.assigned_at is None:
            return self.random.randint(1, 4)
        assigned_on = local_day(self.case.assigned_at)
        span = working_days_between(assigned_on, self.case.due_on)
        wanted = add_working_days(assigned_on, max(1, round(span * self.plot.pace)))
        return max(1, working_days_between(local_day(self.at), wanted))

    def _review(self) -> Iterator[datetime]:
        yield self.after_office_delay()
        stage = Stage(self.case.stage)
        verdicts = {measure.pk: Verdict(passed=True) for measure in self.measures}
        returned = self._is_returned(stage)
        if returned:
            reasons = words.PLAN_RETURNED if stage == Stage.PLAN_APPROVAL else words.RETURNS[self.plot.problem.scene]
            reason = reasons[(self.case.round - 1) % len(reasons)]
            verdicts[self.measures[0].pk] = Verdict(passed=False, reason=reason)
        by, opinions = {
            Stage.PLAN_APPROVAL: (self.town, words.PLAN_APPROVED),
            Stage.FIRST_REVIEW: (self.town, words.PASSED_TOWN),
            Stage.SECOND_REVIEW: (self.office, words.PASSED_COUNTY),
            Stage.CITY_REVIEW: (self.city, words.PASSED_CITY),
        }[stage]
        self.take(
            review_case,
            by,
            verdicts=verdicts,
            words="" if returned else self.random.choice(opinions),
            on_site=stage == Stage.FIRST_REVIEW,
            signature_visible=stage != Stage.PLAN_APPROVAL and not returned,
        )

    def _is_returned(self, stage: Stage) -> bool:
        if stage == Stage.PLAN_APPROVAL:
            return self.plot.plan_returned and self.plans_made == 1
        return self.case.round <= len(self.plot.returns) and self.plot.returns[self.case.round - 1] == stage

    def _strike_off(self) -> Iterator[datetime]:
        yield self.after_office_delay()
        by = self.city if self.case.needs_city_review else self.office
        if self._is_returned(Stage.STRIKE_OFF):
            self.take(decline_strike_off, by, reason=self.random.choice(words.DECLINED))
        else:
            self.take(close_case, by, tests=dict.fromkeys(Closure.TESTS, True), words=self.random.choice(words.CLOSED))


STEPS: dict[Stage, Callable[[Story], Iterator[datetime]]] = {
    Stage.SCREENING: Story._screen,
    Stage.ASSIGNMENT: Story._assign,
    Stage.PLANNING: Story._plan,
    Stage.RECTIFICATION: Story._rectify,
    Stage.STRIKE_OFF: Story._strike_off,
    **dict.fromkeys(REVIEWS, Story._review),
}
