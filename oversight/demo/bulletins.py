"""The demo's documents and bulletins: what the office stands on, what it issued on paper, and two bulletins that went out,
the newer one on the two months whose reports have come in. All titles and numbers are invented.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from docx import Document

from casework.models import OfficeEvent, Person, Term
from casework.models.office_event import OfficeEventKind
from casework.models.unit import on_day
from casework.official_paper.docx import TITLE_FACE, add_line, lay_out, write
from casework.rights.office_table import OFFICE_RIGHTS, OfficeAction
from casework.talk.attachments import attach
from casework.working_time.deadlines import local_day, midnight
from oversight.bulletins.approving import approve_bulletin, submit_bulletin
from oversight.bulletins.drafting import change_head, draft_bulletin
from oversight.bulletins.publishing import publish_bulletin
from oversight.bulletins.receipts import sign_bulletin
from oversight.bulletins.records import Publication
from oversight.bulletins.taking_in import take_in_opinions
from oversight.demo.people import Desk
from oversight.documents.numbers import offer
from oversight.documents.records import BaseDocument
from oversight.documents.register import add_base_document, enter_issued
from oversight.members.records import Mechanism
from oversight.opinions.queries import opinions_in_no_bulletin
from oversight.reporting.records import Period

CODE = "澄阳光建办"
BASIS = (
    ("关于建立村务监督委员会规范化建设协调联动机制的通知", "{code}〔{two_years_ago}〕8号", "{office}"),
    ("澄川市村务监督委员会工作规则（试行）", "澄办〔{two_years_ago}〕21号", "中共澄川市委办公室、澄川市人民政府办公室"),
    ("关于认真做好村务监督委员会推选的工作提示", "澄村社办工作提示10号", "澄川市村务监督工作推进办公室"),
)
PAPERS = (
    "关于印发村务监督巩固提升行动方案的通知",
    "关于推广三项阳光村务创新成果经验做法的通知",
    "关于开展村务公开明白墙专项检查的通知",
)
COPIED_TO = "市委办公室，市人大常委会办公室，市政府办公室，市政协办公室"
# Members that have not signed for the newer bulletin yet.
UNSIGNED = 2


def seed(desk: Desk, *, now: datetime) -> None:
    """Enter the documents, then publish a bulletin of the two months before the last period, and one of the period."""
    mechanism, today = desk.mechanism, local_day(now)
    people = _office(mechanism, today)
    if len(people) < 2:
        return
    author, colleague = people[:2]
    basis = _documents(mechanism, author, midnight(date(today.year - 1, 1, 5)))
    _on_paper(mechanism, author, today.year - 1)
    last = Period.objects.filter(mechanism=mechanism, campaign="", closes_at__lt=now).order_by("-last_day").first()
    if last is None:
        return
    before = last.first_day - timedelta(days=1)
    spans = [
        (_two_months_before(before), before, _morning(before, 9)),
        (last.first_day, last.last_day, _morning(local_day(last.closes_at), 1)),
    ]
    for number, (first, until, at) in enumerate(spans):
        if at + timedelta(hours=5) < now:
            publication = _publish(mechanism, basis[:1], (first, until), author, colleague, at=at)
            _sign(publication, at=at + timedelta(hours=6), leave=UNSIGNED * number)
    kinds = (
        OfficeEventKind.BULLETIN_TO_APPROVE,
        OfficeEventKind.BULLETIN_SENT,
    )
    OfficeEvent.objects.filter(kind__in=kinds, at__lt=midnight(today), announced_at=None).update(announced_at=F("at"))


def _office(mechanism: Mechanism, on: date) -> list[Person]:
    """Those who write bulletins: of the lead office first, then of the city's."""
    held = Term.objects.filter(
        on_day(on), post__unit=mechanism.lead, post__role__in=OFFICE_RIGHTS[OfficeAction.WRITE_BULLETIN]
    )
    terms = held.filter(person__is_active=True).select_related("person").order_by("-post__role", "pk")
    return list({term.person_id: term.person for term in terms}.values())


def _documents(mechanism: Mechanism, by: Person, at: datetime) -> list[BaseDocument]:
    year = local_day(at).year
    found = []
    for number, (title, written, issuer) in enumerate(BASIS):
        values = {"code": CODE, "two_years_ago": year - 1, "office": mechanism.office_name}
        found.append(
            add_base_document(
                mechanism=mechanism,
                title=title,
                number=written.format(**values),
                dated=date(year - 1, 5, 8 + number),
                issuing_body=issuer.format(**values),
                file=attach(_paper(title)).as_row() if number == 0 else None,
                by=by,
                at=at,
            )
        )
    return found


def _paper(title: str) -> SimpleUploadedFile:
    """A page with a title, as the file of a document."""
    document, file = Document(), BytesIO()
    lay_out(document)
    write(add_line(document, centred=True), title, face=TITLE_FACE)
    write(add_line(document, indented=True), "为保障村务监督各项制度落实，建立协调联动机制，每两个月通报一次推进情况。")
    document.save(file)
    return SimpleUploadedFile(f"{title[:20]}.docx", file.getvalue())


def _on_paper(mechanism: Mechanism, by: Person, year: int) -> None:
    """What went out on paper: last year's notices and bulletins, and a number of this year that was passed over."""
    for month, title in enumerate((*PAPERS, "村务监督工作推进情况通报"), start=3):
        is_bulletin = month == 6
        enter_issued(
            mechanism=mechanism,
            title=title,
            number=f"{CODE}〔{year}〕{month - 2}号",
            issued_on=date(year, month, 18),
            issue=1 if is_bulletin else None,
            total=1 if is_bulletin else None,
            by=by,
            at=_morning(date(year, month, 18), 0),
        )
    enter_issued(
        mechanism=mechanism,
        title="关于做好村务监督业务培训的通知",
        number=f"{CODE}〔{year + 1}〕2号",
        issued_on=date(year + 1, 1, 4),
        reason="1号已用于年初印发的纸质文件",
        by=by,
        at=_morning(date(year + 1, 1, 4), 0),
    )


def _publish(
    mechanism: Mechanism,
    basis: list[BaseDocument],
    span: tuple[date, date],
    author: Person,
    colleague: Person,
    *,
    at: datetime,
) -> Publication:
    bulletin = draft_bulletin(
        mechanism=mechanism,
        area=mechanism.lead,
        first_day=span[0],
        last_day=span[1],
        cites=basis,
        by=author,
        at=at,
    )
    change_head(
        bulletin=bulletin,
        title=bulletin.title,
        addressed_to=bulletin.addressed_to,
        copied_to=COPIED_TO,
        cites=basis,
        by=author,
        at=at + timedelta(hours=1),
    )
    if opinions := list(opinions_in_no_bulletin(mechanism).filter(at__lte=at).values_list("pk", flat=True)):
        take_in_opinions(bulletin=bulletin, opinions=opinions, by=author, at=at + timedelta(hours=1))
    submit_bulletin(bulletin=bulletin, by=author, at=at + timedelta(hours=2))
    approve_bulletin(bulletin=bulletin, by=colleague, at=at + timedelta(hours=4))
    offered = offer(mechanism, local_day(at))
    return publish_bulletin(
        bulletin=bulletin,
        number=offered.number,
        issue=offered.issue,
        total=offered.total,
        issued_on=local_day(at),
        by=author,
        at=at + timedelta(hours=5),
    )


def _sign(publication: Publication, *, at: datetime, leave: int) -> None:
    """Those members sign at which somebody can; the last ones have not yet."""
    recipients = list(publication.recipients.all())
    recipients = recipients[: len(recipients) - leave]
    for recipient, signer in _signers([one.unit_id for one in recipients], local_day(at)):
        sign_bulletin(
            recipient=next(one for one in recipients if one.unit_id == recipient), name=signer.name, by=signer, at=at
        )


def _signers(units: Iterable[int], on: date) -> list[tuple[int, Person]]:
    terms = Term.objects.filter(
        on_day(on),
        post__unit__in=list(units),
        post__role__in=OFFICE_RIGHTS[OfficeAction.PASS_ON],
        person__is_active=True,
    )
    found: dict[int, Person] = {}
    for term in terms.select_related("post", "person").order_by("-post__role", "pk"):
        found.setdefault(term.post.unit_id, term.person)
    return list(found.items())


def _two_months_before(last: date) -> date:
    """The first day of the two months that end on this day."""
    return (last.replace(day=1) - timedelta(days=1)).replace(day=1)


def _morning(day: date, days: int) -> datetime:
    """Ten o'clock, some days later."""
    return midnight(day + timedelta(days=days)) + timedelta(hours=10)
