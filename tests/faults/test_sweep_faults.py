"""Workers killed, doubled, cut off: every step taken once, everybody told once."""

import random
import time
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from casework.lifecycle.exit import withdraw_case
from casework.models import Case, CaseEvent, CaseNumber, Escalation, Letter
from casework.stages import Role
from notifications.models import Delivery, Endpoint, Message, State
from tests.factories import holder
from tests.faults.conftest import CASES, KILLS, SECONDS_WITHOUT_BROKER
from tests.faults.machinery import Hanger, Mailbox, Redis, Workers, due_cases, outside, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("workers")]

SWEEP, ANNOUNCE = "casework.tasks.sweep", "notifications.tasks.announce"
LEFT = "SELECT count(*) FROM casework_case WHERE next_step_at <= now()"
UNTOLD = "SELECT count(*) FROM casework_caseevent WHERE announced_at IS NULL"
UNSENT = "SELECT count(*) FROM notifications_delivery WHERE state IN ('waiting', 'sending') AND digest_id IS NULL"


def finish(workers: Workers, *, seconds: float = 240) -> None:
    """One worker, nudged as a beat would, until nothing is left to do."""
    workers.work()
    with outside(LEFT) as left, outside(UNTOLD) as untold, outside(UNSENT) as unsent:
        limit = time.monotonic() + seconds
        while left() or untold() or unsent():
            assert time.monotonic() < limit, (left(), untold(), unsent())
            workers.wake(SWEEP, ANNOUNCE)
            time.sleep(0.5)


def require_each_once(count: int) -> None:
    """Every case one step, one event, one document with a number of its own; every listener one message."""
    steps = Escalation.objects.filter(kind="notice")
    assert steps.count() == count
    assert not Escalation.objects.values("case", "step").annotate(n=Count("id")).filter(n__gt=1).exists()
    assert CaseEvent.objects.filter(kind="notice_issued").count() == count
    numbers = sorted(int(number.split("〕")[1][:-1]) for number in Letter.objects.values_list("number", flat=True))
    assert numbers == list(range(1, count + 1))
    assert CaseNumber.objects.get(kind="notice").last == count
    # The head of the village and, as a copy, the town's reviewer.
    assert Message.objects.filter(event__kind="notice_issued").count() == 2 * count
    assert Case.objects.filter(light="yellow").count() == count


def require_each_mailed(mailbox: Mailbox, count: int) -> int:
    """Each letter left at least once under one identifier; gives how often one came again, as counted at both ends."""
    sent = Delivery.objects.filter(message__event__kind="notice_issued")
    assert set(sent.values_list("state", flat=True)) == {State.SENT}
    letters = Counter({name: seen for name, seen in mailbox.seen.items() if name.startswith("<message-")})
    assert len(letters) == sent.count() == count
    came_again = sum(letters.values()) - count
    assert came_again <= (sent.aggregate(all=Sum("repeats"))["all"] or 0)
    return came_again


def test_a_worker_that_is_killed_again_and_again(workers: Workers, mailbox: Mailbox) -> None:
    due_cases(CASES)
    dice, killed_inside = random.Random(7), 0
    with outside("SELECT count(*) FROM casework_escalation") as steps, outside(UNSENT) as unsent:
        for _ in range(KILLS):
            worker, before = workers.work(), (steps(), unsent())
            workers.wake(SWEEP, ANNOUNCE)
            wait_until(lambda before=before: (steps(), unsent()) != before or steps() == CASES, seconds=30)
            time.sleep(dice.random() * 0.2)
            killed_inside += steps() < CASES
            workers.kill(worker)
    finish(workers)
    require_each_once(CASES)
    came_again = require_each_mailed(mailbox, CASES)
    print(f"\n{KILLS} kills, {killed_inside} of them in the sweep: {CASES} steps once; {came_again} e-mails came again")
    assert killed_inside > 0


def test_two_beats_and_four_workers_do_what_one_does(workers: Workers, mailbox: Mailbox) -> None:
    due_cases(CASES)
    for number in range(2):
        workers.beat(number)
    for _ in range(4):
        workers.work()
    with outside(LEFT) as left, outside(UNTOLD) as untold, outside(UNSENT) as unsent:
        wait_until(lambda: not (left() or untold() or unsent()) and len(mailbox.seen) >= CASES, seconds=240)
    require_each_once(CASES)
    assert require_each_mailed(mailbox, CASES) == 0


def test_a_broker_that_is_stopped_and_comes_back_empty(workers: Workers, redis: Redis, mailbox: Mailbox) -> None:
    due_cases(CASES)
    workers.work()
    workers.wake(SWEEP)
    with outside("SELECT count(*) FROM casework_escalation") as steps:
        wait_until(lambda: steps() > 0, seconds=30)
    redis.stop()
    # Writes go on without it; what they would have said is found by the sweep.
    case = Case.objects.order_by("-id")[0]

    clerk = holder(Role.COUNTY_SUPERVISOR, case.county, "clerk")
    withdraw_case(case=case, reason="登记错误", by=clerk, at=timezone.now())
    time.sleep(SECONDS_WITHOUT_BROKER)
    redis.start()
    finish(workers)
    taken = Escalation.objects.filter(kind="notice").values_list("case", flat=True)
    assert len(taken) == len(set(taken)) >= CASES - 1
    assert Message.objects.filter(event__kind="withdrawn").count() == 1


def test_database_connections_that_are_cut_in_the_middle(workers: Workers, mailbox: Mailbox) -> None:
    due_cases(CASES)
    workers.work()
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with outside("SELECT count(*) FROM casework_escalation") as steps:
        workers.wake(SWEEP)
        wait_until(lambda: steps() > 0, seconds=30)
    connection.close()
    with outside(f"SELECT count(*) FROM ({cut}) AS gone") as cut_others:
        assert cut_others() > 0
    finish(workers)
    require_each_once(CASES)
    require_each_mailed(mailbox, CASES)


def test_a_channel_that_hangs_holds_up_itself_alone(workers: Workers, mailbox: Mailbox) -> None:
    heads = due_cases(20)
    hanger = Hanger()
    for village in {term.post.unit for head in heads for term in head.terms.select_related("post__unit")}:
        Endpoint.objects.create(unit=village, channel="webhook", address=hanger.url)
    workers.work()
    begun = time.monotonic()
    with outside(UNTOLD) as untold:
        workers.wake(SWEEP, ANNOUNCE)
        while untold() or len(mailbox.seen) < 20:
            assert time.monotonic() - begun < 60, len(mailbox.seen)
            time.sleep(1)
            workers.wake(SWEEP, ANNOUNCE)
    print(f"\n20 e-mails after {time.monotonic() - begun:.0f} s, beside a webhook that never answers")
    wait_until(lambda: Delivery.objects.filter(channel="webhook", tries__gt=0).exists(), seconds=60)
    assert not Delivery.objects.filter(channel="webhook", state=State.SENT).exists()
    hanger.close()
