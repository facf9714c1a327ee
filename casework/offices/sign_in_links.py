"""Links by which a village's committee comes to its sign-in: one for the papers of a village, or one sent to a person.

A link gives no right: it says whose numbers get a one-time code, and what is opened after the sign-in. It ends after a
set time, when its person holds no post there any more, when the village was merged, and when the office withdraws it.
"""

import base64
import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from casework.clocks.waking import wake
from casework.errors import Conflict, NotAllowed, Refusal
from casework.models import Person, SignInLink, Term, Unit
from casework.models.unit import on_day
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.territories import villages_of
from casework.stages import COMMITTEE, Role
from casework.working_time.deadlines import local_day

# Posts whose holders may sign in by a code: nobody of an office, whose account reaches further than one village.
BY_CODE = frozenset({*COMMITTEE, Role.VILLAGE_SECRETARY, Role.VOLUNTEER})
LONGEST_HANDLE = 40


class LinkEnded(NotAllowed):
    """What this link led to is over; the sentence says where to get another one."""


def handle_of(link: SignInLink) -> str:
    """What stands in the address: 128 bits that follow from the row and the server's key, so that a paper can be printed
    again.
    """
    return _handle(link.seed)


def _handle(seed: str) -> str:
    digest = salted_hmac("casework.sign_in_link", seed, algorithm="sha256").digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def _hash(handle: str) -> str:
    return hashlib.sha256(handle.encode()).hexdigest()


@transaction.atomic
def make_paper_link(*, village: Unit, by: Person, at: datetime) -> SignInLink:
    """The link that is printed on this village's papers from now on; an earlier one is withdrawn by it."""
    require_letting_in(village, by=by, at=at)
    living_links(village, at=at).filter(person=None).update(withdrawn_at=at, withdrawn_by=by)
    return _make(village, None, days=settings.SIGN_IN_PAPER_DAYS, by=by, at=at)


@transaction.atomic
def make_paper_links(*, villages: QuerySet[Unit], by: Person, at: datetime) -> int:
    """A link for the papers of each of these villages that has a committee and none yet, in one statement; those that
    are not this office's are left out. Gives how many.
    """
    own = villages_of(by, OfficeAction.LET_IN, on=local_day(at)).filter(pk__in=villages.order_by().values("pk"))
    known = SignInLink.objects.filter(village=OuterRef("pk"), person=None, withdrawn_at=None, ends_at__gt=at)
    missing = own.filter(~Exists(known), has_committee=True)
    made = [_new(village, None, days=settings.SIGN_IN_PAPER_DAYS, by=by, at=at) for village in missing]
    return len(SignInLink.objects.bulk_create(made, batch_size=500))


@transaction.atomic
def make_personal_link(*, person: Person, village: Unit, by: Person, at: datetime) -> SignInLink:
    """A link for one person of this village's committee, sent by SMS; an earlier one is withdrawn by it."""
    require_letting_in(village, by=by, at=at)
    refused = refusal_by_code(person, village, on=local_day(at))
    if refused is not None:
        raise refused
    if not settings.SMS_GATEWAY_URL:
        raise Conflict("no_sms", _("No SMS gateway is set up here. Print the papers, and give the code yourself."))
    if not person.phone:
        raise Conflict("no_number", _("The account of %(name)s has no mobile number.") % {"name": person})
    living_links(village, at=at).filter(person=person).update(withdrawn_at=at, withdrawn_by=by)
    link = _make(village, person, days=settings.SIGN_IN_LINK_DAYS, by=by, at=at)
    transaction.on_commit(lambda: wake("notifications.tasks.send_sign_in_link", link.pk))
    return link


def link_along(*, person: Person, village: Unit, by: Person | None, at: datetime) -> SignInLink | None:
    """A link for a message that goes to this person anyway: the newest living one while it holds long enough, else a new
    one in the name of whoever gave the reason to write. None where the person signs in otherwise, or `by` lets nobody in.
    """
    on = local_day(at)
    if by is None or not person.phone or refusal_by_code(person, village, on=on) or not may_let_in(by, village, on=on):
        return None
    enough = at + timedelta(days=settings.SIGN_IN_LINK_DAYS) / 2
    known = living_links(village, at=at).filter(person=person, ends_at__gte=enough).order_by("-pk").first()
    return known or _make(village, person, days=settings.SIGN_IN_LINK_DAYS, by=by, at=at)


def _make(village: Unit, person: Person | None, *, days: int, by: Person, at: datetime) -> SignInLink:
    link = _new(village, person, days=days, by=by, at=at)
    link.save()
    return link


def _new(village: Unit, person: Person | None, *, days: int, by: Person, at: datetime) -> SignInLink:
    seed = secrets.token_hex(16)
    return SignInLink(
        village=village,
        person=person,
        seed=seed,
        handle_sha256=_hash(_handle(seed)),
        by=by,
        at=at,
        ends_at=at + timedelta(days=days),
    )


@transaction.atomic
def withdraw_link(*, link: SignInLink, by: Person, at: datetime) -> SignInLink:
    """End a link at once: of a paper that was lost, or a message that went astray."""
    require_letting_in(link.village, by=by, at=at)
    locked = SignInLink.objects.select_for_update(no_key=True, of=("self",)).get(pk=link.pk)
    if locked.withdrawn_at is not None:
        raise Conflict("withdrawn_already", _("This link was withdrawn already."))
    locked.withdrawn_at, locked.withdrawn_by = at, by
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return locked


def link_of(handle: str, *, at: datetime) -> SignInLink:
    """The link of an address, if it still leads anywhere. Refuses with `LinkEnded`."""
    found = SignInLink.objects.select_related("village", "person").filter(handle_sha256=_hash(handle[:LONGEST_HANDLE]))
    link = found.first()
    if link is None:
        raise LinkEnded("link_unknown", _("This link leads nowhere. Scan the code on your newest paper again."))
    if link.withdrawn_at is not None:
        raise LinkEnded("link_withdrawn", _("This link was withdrawn. Ask your town for a new one."))
    if link.ends_at <= at:
        raise LinkEnded("link_over", _("This link has run out. Ask your town for a new one."))
    if not link.village.is_active:
        raise LinkEnded(
            "village_merged",
            _("%(village)s was merged. Use the papers of the village of today.") % {"village": link.village},
        )
    if link.person is not None and refusal_by_code(link.person, link.village, on=local_day(at)) is not None:
        raise LinkEnded("holder_changed", _("This link is of somebody who no longer holds the post. Ask your town."))
    return link


def living_links(village: Unit, *, at: datetime) -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(village=village, withdrawn_at=None, ends_at__gt=at)


def paper_link(village: Unit, *, at: datetime) -> SignInLink | None:
    """What is printed on the papers of this village; None where its office made none, or it has run out."""
    return living_links(village, at=at).filter(person=None).order_by("-pk").first() if village.is_active else None


def committee_of(village: Unit, *, on: date) -> list[Term]:
    """The terms of this village's committee today, heads first."""
    terms = Term.objects.filter(
        on_day(on), post__unit=village, post__unit__is_active=True, post__role__in=COMMITTEE, person__is_active=True
    )
    found = list(terms.select_related("person", "post").order_by("post_id", "id"))
    return sorted(found, key=lambda term: term.post.role != Role.COMMITTEE_HEAD)


def refusal_by_code(person: Person, village: Unit, *, on: date) -> Refusal | None:
    """Why this person does not sign in by a code for this village; None if they do."""
    held = posts_held(person, on)
    if person.is_superuser or any(one.role not in BY_CODE for one in held):
        return NotAllowed(
            "by_password",
            _("%(name)s holds a post of an office as well, and signs in with the password.") % {"name": person},
        )
    if not any(one.unit_id == village.pk and one.role in COMMITTEE for one in held):
        return NotAllowed(
            "not_of_committee",
            _("%(name)s holds no post in the committee of %(village)s today.")
            % {"name": person, "village": village.name},
        )
    return None


def may_let_in(by: Person, village: Unit, *, on: date) -> bool:
    return villages_of(by, OfficeAction.LET_IN, on=on).filter(pk=village.pk).exists()


def require_letting_in(village: Unit, *, by: Person, at: datetime) -> None:
    if not may_let_in(by, village, on=local_day(at)):
        raise NotAllowed(
            "not_your_village", _("Links and codes for a committee are given by its town, its county or the city.")
        )
