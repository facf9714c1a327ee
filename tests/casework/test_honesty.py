"""What speaks against a proof is flagged for its reviewer: copies of photos, places, days, signers, words."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence, Flag, FlagKind, PhotoPrint, Term
from casework.models.evidence import EvidenceKind
from casework.proofs import photo_prints
from casework.proofs.checks import check_proofs
from casework.proofs.duplicates import near_prints
from casework.proofs.text_prints import words_windows
from casework.relapse.candidates import look_for_unmatched
from casework.stages import Stage
from flows import steps
from tests.casework.shots import altered, scene, upload
from tests.cast import Cast
from tests.factories import item
from tests.walk import NOW, TODAY, case_at, drafts, rectified, reported

PLACE = (33.5, 114.0)


def taken(days: int = 0, hour: int = 9) -> datetime:
    return (NOW + timedelta(days=days)).replace(hour=hour, tzinfo=None)


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


def prove(case: Case, seed: int = 1, kind: str = EvidenceKind.AFTER, by: Any = None, **data: Any) -> Evidence:
    """Add a photo, have it looked at, and give its record."""
    image = data.pop("image", None) or scene(seed)
    signed_by = data.pop("signed_by", ())
    person = by or case.responsible.posts.get(role="committee_head").terms.get().person
    steps.take(add_evidence, case=case, kind=kind, upload=upload(image, **data), signed_by=signed_by, by=person, at=NOW)
    check_proofs(at=NOW)
    return case.evidence.order_by("-number")[0]


def kinds(evidence: Evidence) -> set[str]:
    return set(evidence.flags.values_list("kind", flat=True))


REAL = {"taken_at": taken(), "place": PLACE, "camera": "Phone A"}


class TestCopies:
    def test_a_hundred_altered_and_a_thousand_unrelated_pairs(self) -> None:
        """At least 95 % of the altered are found, at most 1 % of the unrelated are flagged."""
        images = [photo_prints.prepared(scene(seed)) for seed in range(100)]
        prints = [photo_prints.print_of(image) for image in images]
        guesses = [photo_prints.guesses(image) for image in images]

        def flagged(query: Any, wanted: list[photo_prints.Guess], stored: int) -> bool:
            seen = set(enumerate(photo_prints.windows(prints[stored])))
            if not any(seen & set(enumerate(photo_prints.windows(guess.hash))) for guess in wanted):
                return False
            bits, cut = photo_prints.nearest([photo_prints.signed(prints[stored])], wanted)[0]
            return (
                bits <= photo_prints.MOST_BITS
                and photo_prints.agreement(query, images[stored], cut) >= photo_prints.LEAST_AGREEMENT
            )

        found = 0
        for seed in range(100):
            copy = photo_prints.prepared(altered(scene(seed), seed))
            found += flagged(copy, photo_prints.guesses(copy), seed)
        random, false = Random(3), 0
        for _ in range(1000):
            one, other = random.sample(range(100), 2)
            false += flagged(images[one], guesses[one], other)
        print(f"\naltered photos found: {found} of 100; unrelated pairs flagged: {false} of 1000")
        assert found >= 95
        assert false <= 10

    def test_the_very_same_photo_in_another_village_is_flagged(self, case: Case, cast: Cast) -> None:
        first = prove(case, 7, **REAL)
        other = case_at(Stage.RECTIFICATION, cast)
        again = prove(other, 7, **REAL)
        flag = again.flags.get(kind=FlagKind.SAME_PHOTO)
        assert (flag.other_case, flag.other_evidence) == (case, first)
        assert not kinds(first)

    @pytest.mark.parametrize("seed", range(3))
    def test_an_altered_one_is_found_through_the_database(self, seed: int, case: Case, cast: Cast) -> None:
        prove(case, seed, **REAL)
        for other in range(50, 55):
            prove(case, other, **REAL)
        copy = prove(case_at(Stage.RECTIFICATION, cast), image=altered(scene(seed), seed), **REAL)
        assert copy.flags.get(kind=FlagKind.NEAR_PHOTO).other_evidence == case.evidence.order_by("number")[0]

    def test_one_photo_may_prove_two_measures_but_not_show_before_and_after(self, case: Case, cast: Cast) -> None:
        first, second = case.plans.get().measures.order_by("number")[:2]
        for measure in (first, second):
            steps.take(
                add_evidence,
                case=case,
                kind="after",
                upload=upload(scene(9), **REAL),
                measure=measure,
                by=cast.willow_head,
                at=NOW,
            )
        check_proofs(at=NOW)
        assert not Flag.objects.exists()
        before = prove(case, 9, kind=EvidenceKind.BEFORE, by=cast.inspector, **REAL)
        assert kinds(before) == {FlagKind.SAME_PHOTO}

    def test_a_photo_of_an_earlier_case_speaks_for_its_return(self, cast: Cast) -> None:
        said = {"item": item(3), "severity": 3}
        earlier = reported(cast, description="鱼塘承包合同到期", **said)
        prove(earlier, 7, kind=EvidenceKind.BEFORE, by=cast.inspector, **REAL)
        Case.objects.filter(pk=earlier.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=TODAY - timedelta(9))
        again = reported(cast, description="还是老样子,请看照片", found_on=TODAY, **said)
        assert not again.candidates.exists()
        prove(again, image=altered(scene(7), 3), kind=EvidenceKind.BEFORE, by=cast.inspector, **REAL)
        assert look_for_unmatched(at=NOW) == 1
        assert {"same_item", "same_photo"} <= set(again.candidates.get().features)

    def test_looked_at_twice_it_is_flagged_once(self, case: Case, cast: Cast) -> None:
        prove(case, 7, **REAL)
        prove(case_at(Stage.RECTIFICATION, cast), 7, **REAL)
        count = Flag.objects.count()
        PhotoPrint.objects.all().delete()
        check_proofs(at=NOW)
        assert Flag.objects.count() == count

    def test_a_flat_picture_is_like_nothing(self) -> None:
        from PIL import Image

        flat = photo_prints.prepared(Image.new("RGB", (400, 300), "white"))
        assert (
            photo_prints.agreement(flat, photo_prints.prepared(scene(1)), (0, 0, 0, 0)) < photo_prints.LEAST_AGREEMENT
        )


class TestPlacesAndDays:
    def test_an_honest_photo_has_no_flag(self, case: Case) -> None:
        assert not kinds(prove(case, **REAL))

    def test_taken_before_the_problem_was_found(self, case: Case) -> None:
        flags = prove(case, **{**REAL, "taken_at": taken(-30)}).flags
        assert flags.get().kind == FlagKind.TAKEN_BEFORE

    def test_on_one_day_at_places_far_apart(self, case: Case) -> None:
        prove(case, 1, **REAL)
        far = prove(case, 2, **{**REAL, "place": (33.6, 114.0), "taken_at": taken(hour=10)})
        assert far.flags.get(kind=FlagKind.FAR_APART).values["metres"] == pytest.approx(11_132, abs=20)

    def test_far_from_the_place_of_the_problem(self, case: Case) -> None:
        Case.objects.filter(pk=case.pk).update(latitude=33.5, longitude=114.05)
        assert FlagKind.FAR_FROM_PLACE in kinds(prove(Case.objects.get(pk=case.pk), **REAL))

    def test_outside_the_village_as_its_other_problems_show_it(self, case: Case, cast: Cast) -> None:
        for _ in range(3):
            known = case_at(Stage.SCREENING, cast)
            Case.objects.filter(pk=known.pk).update(latitude=33.6, longitude=114.0)
        assert FlagKind.OUTSIDE_VILLAGE in kinds(prove(case, **REAL))

    def test_before_and_after_by_different_cameras_at_different_places(self, case: Case, cast: Cast) -> None:
        prove(case, 1, kind=EvidenceKind.BEFORE, by=cast.inspector, **REAL)
        same_place = prove(case, 2, **{**REAL, "camera": "Phone B"})
        other_place = prove(case, 3, **{**REAL, "camera": "Phone B", "place": (33.51, 114.0)})
        assert not kinds(same_place)
        assert kinds(other_place) == {FlagKind.OTHER_CAMERA}

    def test_a_photo_without_any_data_is_a_hint(self, case: Case) -> None:
        flag = prove(case).flags.get()
        assert (flag.kind, flag.is_hint) == (FlagKind.NO_DATA, True)


class TestPapersAndWords:
    def test_a_signer_without_a_post_on_that_day(self, case: Case, cast: Cast) -> None:
        sheet = prove(case, 1, kind=EvidenceKind.SIGNED_SHEET, signed_by=["willow_member", "赵无名"])
        assert sheet.flags.get().values["names"] == ["赵无名"]
        Term.objects.filter(person=cast.willow_member).update(valid_until=TODAY - timedelta(days=1))
        sheet = prove(case, 2, kind=EvidenceKind.SIGNED_SHEET, signed_by=["willow_member"])
        assert kinds(sheet) == {FlagKind.SIGNER}

    def test_a_report_that_says_the_same_as_another_one(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        words = "已更换三号明白墙玻璃并加装雨棚,内容全部更新,村监委三名成员现场核对并签字"
        monkeypatch.setattr("tests.walk.Done", lambda _words, day: DONE(said, day))
        from casework.lifecycle.rectification import Done as DONE

        said = words
        first = rectified(cast, case_at(Stage.RECTIFICATION, cast))
        said = words.replace("三号", "5号").replace("现场", "到场")
        second = rectified(cast, case_at(Stage.RECTIFICATION, cast))
        check_proofs(at=NOW)
        flag = second.flags.filter(kind=FlagKind.SAME_WORDS).first()
        assert flag is not None
        assert flag.other_case == first
        assert not first.flags.filter(kind=FlagKind.SAME_WORDS).exists()

    def test_short_words_are_alike_by_nature(self) -> None:
        assert words_windows("已经加装并验收") is None
        assert drafts()


def test_a_lookup_asks_once(case: Case, django_assert_num_queries: Any) -> None:
    prove(case, 1, **REAL)
    guesses = photo_prints.guesses(photo_prints.prepared(scene(1)))
    with django_assert_num_queries(1):
        assert near_prints(guesses)[0][1] <= 2
