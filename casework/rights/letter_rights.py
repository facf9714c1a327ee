"""Who reads, signs for, answers and judges a notice or letter."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from casework.models.case_move import CaseMove
from casework.models.letter import Letter, LetterAnswer
from casework.models.person import Person
from casework.rights.held_posts import Held, posts_held
from casework.rights.table import OFFICES
from casework.stages import DESK_ROLES, OPEN, Level, Role, Stage


def may_sign_letter(person: Person, letter: Letter, on: date) -> bool:
    """Whether this person holds a desk at the unit that the letter is addressed to, of a case that is still open."""
    return letter.case.stage in OPEN and post_of_signer(person, letter, on) is not None


def may_judge_letter(person: Person, letter: Letter, on: date) -> bool:
    """Whether this person holds a desk at the office that issued the letter, of a case that is still open, and did not
    answer it by another post.
    """
    if letter.case.stage not in OPEN or post_of_judge(person, letter, on) is None:
        return False
    return not LetterAnswer.objects.filter(letter=letter, by=person).exists()


def post_of_signer(person: Person, letter: Letter, on: date) -> Held | None:
    """The desk by which this person signs for a letter and answers it: at the addressee, or where its case went."""
    return _desk_at(person, unit_now(letter, letter.addressee_id), on)


def post_of_judge(person: Person, letter: Letter, on: date) -> Held | None:
    """The desk by which this person judges the answer: at the office that issued the letter, or its successor."""
    return _desk_at(person, unit_now(letter, letter.issuer_id), on)


def unit_now(letter: Letter, unit_id: int) -> int:
    """The unit that answers for a letter's unit today: the case may have gone to another town with its village."""
    for move in CaseMove.objects.filter(case=letter.case_id).order_by("id"):
        if move.from_unit_id == unit_id:
            unit_id = move.to_unit_id
    return unit_id


def letters_to_answer(person: Person, on: date) -> Q:
    """The letters for which this person's desk answers, as a condition over `Letter`: those of `may_sign_letter`."""
    desks = [held.unit_id for held in posts_held(person, on) if held.role in DESK_ROLES]
    moves = CaseMove.objects.filter(case=OuterRef("case"), from_unit=OuterRef("addressee"))
    mine = Q(addressee__in=desks) & ~Exists(moves) | Exists(moves.filter(to_unit__in=desks))
    return Q(mine, case__stage__in=OPEN)


def letters_visible_to(person: Person, on: date) -> Q:
    """The letters that this person may read, as a condition over `Letter`: those to the own unit, and every letter on
    the cases of the own town, county or city. A referred case hides them like everything else.
    """
    desks = [held for held in posts_held(person, on) if held.role in DESK_ROLES]
    condition = Q(addressee__in=[held.unit_id for held in desks])
    for role, level in ((Role.TOWN_REVIEWER, Level.TOWN), *OFFICES):
        units = [held.unit_id for held in desks if held.role == role]
        if units:
            condition |= Q(**{f"case__{level}__in": units})
    return condition & ~Q(case__stage=Stage.REFERRED)


def _desk_at(person: Person, unit_id: int, on: date) -> Held | None:
    return next((held for held in posts_held(person, on) if held.unit_id == unit_id and held.role in DESK_ROLES), None)
