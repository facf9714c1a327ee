"""From one case to the next: what waits for the same person, where one stands in it, and the page of the next one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from casework.models import Case, Person
from casework.queries import extensions_to_decide, waiting_for
from casework.rights.roles import may
from casework.rights.table import Action
from casework.values.numbers import whole_number
from web.requests import Request

# Beyond this the page says "more than": nobody plans the day by the difference between 200 and 300.
MOST_COUNTED = 200
MOST_DONE = 100_000
# So many are looked at for one that this person may decide; the others lie with a colleague because of an own hand.
MOST_TRIED = 10


@dataclass(frozen=True)
class Queue:
    """A list of cases that wait for a person, as home shows it, and the step that each of them waits for."""

    name: str
    cases: Callable[[Person, date], QuerySet[Case]]
    # The right and the page of the step; without them those of the case's stage.
    action: Action | None = None
    page: str = ""


WAITING = Queue("waiting", waiting_for)
EXTENSIONS = Queue("extensions", extensions_to_decide, Action.DECIDE_EXTENSION, "extension_decision")
QUEUES = {queue.name: queue for queue in (WAITING, EXTENSIONS)}


class Place:
    """Where a case stands in a person's queue, when `done` cases were decided on the way to it. The queue is read at
    once, as far as it is counted: what is decided afterwards does not change what came behind the case.
    """

    def __init__(self, queue: Queue, person: Person, on: date, case_id: int | None, done: int = 0) -> None:
        self.queue, self.person, self.on, self.case_id, self.done = queue, person, on, case_id, done
        self.ids = list(queue.cases(person, on).values_list("pk", flat=True)[: MOST_COUNTED + 1])

    @property
    def position(self) -> int | None:
        return self.done + self.ids.index(self.case_id) + 1 if self.case_id in self.ids else None

    @property
    def total(self) -> int:
        return self.done + min(len(self.ids), MOST_COUNTED)

    @property
    def is_more(self) -> bool:
        """Whether the queue is longer than is counted."""
        return len(self.ids) > MOST_COUNTED

    @property
    def has_next(self) -> bool:
        return any(pk != self.case_id for pk in self.ids)

    @property
    def skip_url(self) -> str:
        """To the next one without deciding on this one."""
        return f"{reverse('next_waiting')}?queue={self.queue.name}&after={self.case_id}&done={self.done}"

    def next_url(self, *, done: int) -> str | None:
        """The page of the step for which the next case of the queue waits: first those behind this one, then those
        before it, at last this one if it still waits. What this person may not decide is passed over.
        """
        here = self.ids.index(self.case_id) if self.case_id in self.ids else -1
        order = [*self.ids[here + 1 :], *self.ids[: here + 1]][:MOST_TRIED]
        found = self.queue.cases(self.person, self.on).in_bulk(order)
        for case in [found[pk] for pk in order if pk in found]:
            if may(self.person, self.queue.action or Action(case.stage), case, self.on):
                return f"{reverse(self.queue.page or case.stage, args=[case.number])}?done={done}"
        if self.queue is WAITING:
            return None
        return Place(WAITING, self.person, self.on, None).next_url(done=0)


def done_before(request: Request) -> int:
    """How many cases were decided on the way to this page, as its address says."""
    return whole_number(request.GET.get("done", ""), most=MOST_DONE) or 0


def next_waiting(request: Request) -> HttpResponse:
    """To the next case of the reader's queue, or home when nothing waits."""
    after = whole_number(request.GET.get("after", ""), most=2**63 - 1)
    queue = QUEUES.get(request.GET.get("queue", ""), WAITING)
    done = done_before(request)
    return redirect(Place(queue, request.user, request.on, after, done).next_url(done=done) or reverse("home"))


urlpatterns = [path("waiting/next", next_waiting, name="next_waiting")]
