"""Weights learn from verdicts, and say honestly whether they got better."""

from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command

from casework.models import Case, MatchWeights, RelapseCandidate, RelapseVerdict
from casework.relapse import matching
from casework.relapse.matching import current_weights
from casework.relapse.model import Model, current_model
from casework.relapse.weights import refit
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import NOW, TODAY, reported


@pytest.fixture
def decided(cast: Cast) -> None:
    """Offices that decide by one reason which the weights get wrong: the place."""
    random = Random(1)
    earlier = reported(cast)
    Case.objects.filter(pk=earlier.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=TODAY)
    for _ in range(60):
        is_back = random.random() < 0.5
        features = {"same_item": 1, "same_thing": 1, ("same_place" if is_back else "elsewhere"): 1, "likeness": 0.5}
        if random.random() < 0.3:
            features["same_side"] = 1
        candidate = RelapseCandidate.objects.create(
            case=reported(cast, village=cast.poplar),
            earlier=earlier,
            score=0.6,
            features=features,
            found="sweep",
            found_at=NOW,
            model_version=current_model().version,
        )
        RelapseVerdict.objects.create(
            candidate=candidate,
            verdict="relapse" if is_back else "new",
            reason="查明",
            by=cast.county_supervisor,
            at=NOW,
        )


@pytest.mark.usefixtures("decided")
def test_it_gets_better_and_holds_when_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"bias": 0.0, "same_item": 0.5, "same_thing": 0.5, "same_side": 0.1, "same_place": -2.0, "elsewhere": 1.0}
    model = Model(version=current_model().version, weights=wrong)
    monkeypatch.setattr(matching, "current_model", lambda: model)
    shown = refit(at=NOW, keep=False)
    assert not MatchWeights.objects.exists()
    assert shown.after["precision"] > shown.before["precision"]
    assert shown.after["recall"] > shown.before["recall"]
    out = StringIO()
    call_command("refit_weights", "--keep", stdout=out)
    assert "before  precision" in out.getvalue()
    assert current_weights()[0] == 1
    assert current_weights()[1]["same_place"] > current_weights()[1]["elsewhere"]


def test_too_few_verdicts_are_refused_with_a_sentence(cast: Cast) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("refit_weights")
    assert "40" in str(refusal.value)


@pytest.mark.usefixtures("decided")
def test_verdicts_on_what_another_model_read_are_left_out() -> None:
    RelapseCandidate.objects.update(model_version=current_model().version + 1)
    with pytest.raises(CommandError) as refusal:
        call_command("refit_weights")
    assert "0" in str(refusal.value)
