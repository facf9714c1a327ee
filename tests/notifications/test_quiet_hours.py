"""When a letter may go out: outside its reader's quiet hours, and the digest at its hour."""

from datetime import datetime, time

import pytest

from casework.working_time.deadlines import LOCAL
from notifications.announcing import Wishes, after_quiet, digest_moment

ALL_NIGHT, AT_NOON = Wishes(), Wishes(quiet_from=time(12), quiet_until=time(14))


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("wishes", "moment", "expected"),
    [
        (ALL_NIGHT, at(2, 20, 59), at(2, 20, 59)),
        (ALL_NIGHT, at(2, 21), at(3, 7)),
        (ALL_NIGHT, at(2, 23, 59), at(3, 7)),
        (ALL_NIGHT, at(3, 0), at(3, 7)),
        (ALL_NIGHT, at(3, 6, 59), at(3, 7)),
        (ALL_NIGHT, at(3, 7), at(3, 7)),
        (AT_NOON, at(2, 11, 59), at(2, 11, 59)),
        (AT_NOON, at(2, 12), at(2, 14)),
        (AT_NOON, at(2, 13, 59), at(2, 14)),
        (AT_NOON, at(2, 14, 1), at(2, 14, 1)),
        (AT_NOON, at(2, 23), at(2, 23)),
        (Wishes(quiet_from=time(9), quiet_until=time(9)), at(2, 9), at(2, 9)),
    ],
)
def test_what_falls_into_the_quiet_hours_waits_for_their_end(
    wishes: Wishes, moment: datetime, expected: datetime
) -> None:
    assert after_quiet(moment, wishes) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(at(2, 0), at(2, 8)), (at(2, 7, 55), at(2, 8)), (at(2, 7, 55, 1), at(3, 8)), (at(2, 8), at(3, 8))],
)
def test_until_five_minutes_before_it_goes_out_a_digest_takes_messages_in(moment: datetime, expected: datetime) -> None:
    assert digest_moment(moment, Wishes()) == expected


def test_a_digest_never_goes_out_within_the_quiet_hours() -> None:
    assert digest_moment(at(2, 1), Wishes(digest_at=time(6))) == at(2, 7)


def test_whoever_chose_nothing_has_a_digest_at_eight_and_quiet_from_nine_to_seven() -> None:
    assert Wishes() == (True, time(8), time(21), time(7))
