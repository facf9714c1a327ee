"""Supervision notices and letters: signed for, answered and judged by people. The sweep issues them."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.recording import record, require_stage, require_words, touch, verb
from casework.models import (
    Case,
    Letter,
    LetterAnswer,
    LetterOpinion,
    LetterReceipt,
    Person,
)
from casework.models.case_event import EventKind
from casework.rights.letter_rights import may_judge_letter, post_of_judge, post_of_signer
from casework.stages import OPEN
from casework.working_time.deadlines import local_day


@verb
def sign_letter(*, case: Case, letter: Letter, name: str, by: Person, at: datetime) -> LetterReceipt:
    """Sign for a letter, with the name as it would stand on paper. The end of a case settles its letters."""
    require_stage(case, *OPEN)
    name = require_words(name, field="name", sentence=_("Sign with your name."))
    letter = _locked(case, letter)
    held = post_of_signer(by, letter, local_day(at))
    if held is None:
        raise NotAllowed("not_your_letter", _("Only %(unit)s signs for this letter.") % {"unit": letter.addressee})
    if LetterReceipt.objects.filter(letter=letter).exists():
        raise Conflict("signed_already", _("This letter was signed for already."))
    receipt = LetterReceipt.objects.create(letter=letter, name=name, by=by, at=at)
    Letter.objects.filter(pk=letter.pk).update(chase_at=None)
    touch(case, at=at)
    record(case, EventKind.LETTER_SIGNED, by=by, at=at, held=held, before=case.stage, words=letter.number)
    return receipt


@verb
def answer_letter(*, case: Case, letter: Letter, words: str, by: Person, at: datetime) -> LetterAnswer:
    """Say in writing what was done about it. Signed for first, so that nobody answers what nobody received."""
    require_stage(case, *OPEN)
    words = require_words(words, field="words", sentence=_("Say what was done about it."))
    letter = _locked(case, letter)
    held = post_of_signer(by, letter, local_day(at))
    if held is None:
        raise NotAllowed("not_your_letter", _("Only %(unit)s answers this letter.") % {"unit": letter.addressee})
    if not LetterReceipt.objects.filter(letter=letter).exists():
        raise Invalid("not_signed", _("Sign for the letter first."), field="words")
    answer = LetterAnswer.objects.create(letter=letter, words=words, by=by, at=at)
    touch(case, at=at)
    said = f"{letter.number} · {words}"
    record(case, EventKind.LETTER_ANSWERED, by=by, at=at, held=held, before=case.stage, words=said)
    return answer


@verb
def judge_letter(*, case: Case, letter: Letter, words: str, by: Person, at: datetime) -> LetterOpinion:
    """The issuing office's opinion on the answer."""
    require_stage(case, *OPEN)
    words = require_words(words, field="words", sentence=_("Write the opinion."))
    letter = _locked(case, letter)
    held = post_of_judge(by, letter, local_day(at))
    if held is None or not may_judge_letter(by, letter, local_day(at)):
        raise NotAllowed("not_your_letter", _("Only %(unit)s judges this letter.") % {"unit": letter.issuer})
    if not letter.answers.exists():
        raise Invalid("not_answered", _("There is no answer to judge yet."), field="words")
    opinion = LetterOpinion.objects.create(letter=letter, words=words, by=by, at=at)
    touch(case, at=at)
    said = f"{letter.number} · {words}"
    record(case, EventKind.LETTER_JUDGED, by=by, at=at, held=held, before=case.stage, words=said)
    return opinion


def _locked(case: Case, letter: Letter) -> Letter:
    return Letter.objects.select_for_update().get(Q(case=case), pk=letter.pk)
