"""What stands in a letter, apart from how it looks."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.models import Letter, LetterKind
from casework.values.days_in_words import chinese_day
from casework.working_time.deadlines import LOCAL


@dataclass(frozen=True)
class LetterContent:
    """The fields of a 督办单 (practice.md, warning lights and the ladder), as texts; what is missing is empty."""

    kind: str
    number: str
    issuer: str
    addressee: str
    copies: tuple[str, ...]
    case_number: str
    place: str
    matter: str
    basis: str
    organizer: str
    co_organizers: str
    responsible: str
    requirement: str
    due_on: date | None
    days_overdue: int
    signer: str
    issued_on: date
    received_by: str = ""
    received_at: datetime | None = None
    feedback: str = ""
    opinion: str = ""

    @property
    def title(self) -> str:
        subject = f"{self.place}问题整改逾期"
        return f"关于{subject}的{'督办函' if self.kind == LetterKind.LETTER else '督办单'}"

    @property
    def received(self) -> str:
        """Who signed for it and when, in China's time; empty until somebody has."""
        if self.received_at is None:
            return ""
        at = self.received_at.astimezone(LOCAL)
        return f"{self.received_by} {chinese_day(at.date())} {at:%H:%M}"

    @property
    def requirements(self) -> list[str]:
        """The required actions, a line each."""
        return [line.strip() for line in self.requirement.splitlines() if line.strip()]


def office_name(name: str) -> str:
    """The issuing body of a unit's office."""
    return name if name.endswith("办公室") else f"{name}阳光办公室"


def content_of(letter: Letter) -> LetterContent:
    """The content as it stands today: with the receipt, the answers and the opinions that have come in."""
    case = letter.case
    receipt = getattr(letter, "receipt", None)
    return LetterContent(
        kind=letter.kind,
        number=letter.number,
        issuer=office_name(letter.issuer.name),
        addressee=letter.addressee.name,
        copies=_copies(letter),
        case_number=case.number,
        place=case.village.name,
        matter=letter.matter,
        basis=letter.basis,
        organizer=letter.addressee.name,
        co_organizers=case.support.name if case.support else "",
        responsible=letter.responsible,
        requirement=letter.requirement,
        due_on=letter.deadline,
        days_overdue=letter.days_overdue,
        signer=office_name(letter.issuer.name),
        issued_on=letter.issued_on,
        received_by=receipt.name if receipt else "",
        received_at=receipt.at if receipt else None,
        feedback="\n".join(answer.words for answer in letter.answers.all()),
        opinion="\n".join(opinion.words for opinion in letter.opinions.all()),
    )


def _copies(letter: Letter) -> tuple[str, ...]:
    case = letter.case
    known = {unit.pk: unit.name for unit in (case.village, case.town, case.county, case.city) if unit is not None}
    return tuple(known[unit] for unit, _roles in letter.escalation.copies if unit in known)
