"""What the demo tells of scorecards: two months scored, an appeal decided and one that waits."""

from datetime import timedelta

from casework.models import Case
from casework.models.history import stamped
from casework.stages import Stage
from oversight.demo import scorecards
from oversight.models import AppealDecision, ScoreAppeal, ScoreScheme, ScoreSheet
from oversight.scorecards.publishing import score_again
from tests.cast import Cast
from tests.oversight.desk import make_desk
from tests.walk import NOW, case_at


def overdue_in(cast: Cast, days_ago: int) -> Case:
    """A case whose deadline passed so long ago, and whose history says so."""
    case = case_at(Stage.RECTIFICATION, cast)
    case.due_on = (NOW - timedelta(days=days_ago)).date()
    case.reported_at = NOW - timedelta(days=days_ago + 10)
    with stamped(step="test", by=None, at=NOW - timedelta(days=days_ago + 9)):
        case.save()
    return case


def test_a_score_was_appealed_and_another_appeal_waits(cast: Cast) -> None:
    for days in (20, 45):
        overdue_in(cast, days)
    scorecards.seed(make_desk(cast), now=NOW)
    assert ScoreScheme.objects.get().published_at is not None
    assert ScoreSheet.objects.values("first_day").distinct().count() == 2
    assert (ScoreAppeal.objects.count(), AppealDecision.objects.count()) == (2, 1)
    for sheet in ScoreSheet.objects.select_related("scheme", "unit"):
        assert score_again(sheet).total == sheet.total


def test_a_city_without_committees_is_left_alone(cast: Cast) -> None:
    type(cast.willow).objects.update(has_committee=False)
    scorecards.seed(make_desk(cast), now=NOW)
    assert not ScoreScheme.objects.exists()
