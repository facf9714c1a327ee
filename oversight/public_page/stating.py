"""A villager says that a problem is not put right; an office makes a look-back of it, or nothing, with the reason."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, refuse
from casework.lifecycle.recording import require_words, verb
from casework.models import Case, Person
from casework.models.evidence import IMAGES
from casework.proofs.uploads import look_at, shown_name
from casework.rights.hands import had_a_hand
from casework.stages import Stage
from casework.talk.attachments import AttachedFile
from casework.watch.out_of_turn import look_back_out_of_turn
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import length_refusals
from oversight.public_page.codes import case_of_code
from oversight.public_page.limits import count_case
from oversight.public_page.masking import mask_numbers
from oversight.public_page.queries import SAID_TO_BE_DONE, may_decide_on
from oversight.public_page.records import StatementVerdict, VillagerStatement

LONGEST_STATEMENT = 500
PHOTO_NAME = "photo"


def take_photo(upload: UploadedFile) -> AttachedFile:
    """Look at a villager's photo in a limited process and store it. Refuses everything that is no picture; the name
    that the phone gave it is not kept.
    """
    looked_at = look_at(upload)
    content = looked_at.content
    if content.media_type not in IMAGES:
        sentence = _("%(name)s is no photo. Choose a photo, or send it without.")
        raise Invalid("no_photo", sentence % {"name": shown_name(looked_at.name)}, field="uploads")
    looked_at = looked_at.stored()
    return AttachedFile(
        name=PHOTO_NAME,
        media_type=content.media_type,
        size=looked_at.size,
        sha256=looked_at.sha256,
        stored_as=looked_at.stored_as,
        width=content.width,
        height=content.height,
    )


def say_not_fixed(*, code: str, words: str, photos: Sequence[AttachedFile] = (), at: datetime) -> VillagerStatement:
    """Take a statement from somebody without an account. Refuses a code that stands on no public list, a case of which
    nobody has said yet that it is put right, and more than one case can need.
    """
    case = case_of_code(code)
    if case is None:
        sentence = _("There is no such code on the public list. Copy it from the list, letters and digits.")
        raise Invalid("code_unknown", sentence, field="code")
    if case.stage not in SAID_TO_BE_DONE:
        sentence = _("Nobody has said yet that this is put right: it is being worked on.")
        raise Conflict("not_said_to_be_done", sentence, field="code")
    words = words.strip()
    if len(words) > LONGEST_STATEMENT:
        sentence = _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
        values = {"most": LONGEST_STATEMENT, "count": len(words)}
        raise Invalid("too_long", sentence % values, field="words")
    if len(photos) > 1:
        raise Invalid("too_many_photos", _("One photo is enough. Take the others out."), field="uploads")
    count_case(case.pk, at=at)
    rows = [photo.as_row() for photo in photos]
    return VillagerStatement.objects.create(case=case, words=mask_numbers(words).text, files=rows, at=at)


@verb
def accept_statement(*, statement: VillagerStatement, by: Person, at: datetime) -> StatementVerdict:
    """Look again: of a struck-off case a look-back is planned now, of one that is being reviewed its reviewers look."""
    case = _locked(statement, by=by, at=at)
    look_back = look_back_out_of_turn(case, at=at) if case.stage == Stage.CLOSED else None
    return StatementVerdict.objects.create(statement=statement, is_accepted=True, look_back=look_back, by=by, at=at)


@transaction.atomic
def dismiss_statement(*, statement: VillagerStatement, reason: str, by: Person, at: datetime) -> StatementVerdict:
    """Say why nothing comes of it. Refuses whoever had a hand in the rectification or its check."""
    case = _locked(statement, by=by, at=at)
    if had_a_hand(by, case, on=local_day(at)):
        sentence = _(
            "You had a hand in this rectification or its review, so somebody else dismisses this; or accept it."
        )
        raise NotAllowed("own_work", sentence)
    reason = require_words(reason, field="reason", sentence=_("Say why nothing comes of it."))
    refuse(length_refusals(reason=reason))
    return StatementVerdict.objects.create(statement=statement, is_accepted=False, reason=reason, by=by, at=at)


def _locked(statement: VillagerStatement, *, by: Person, at: datetime) -> Case:
    if not may_decide_on(by, statement, local_day(at)):
        sentence = _("This is decided by the town, county or city of the village.")
        raise NotAllowed("not_your_statement", sentence)
    case = Case.objects.select_for_update(no_key=True).get(pk=statement.case_id)
    if StatementVerdict.objects.filter(statement=statement).exists():
        raise Conflict("decided_already", _("Somebody decided about this already. Open the list again."))
    return case
