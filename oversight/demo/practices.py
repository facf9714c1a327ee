"""Three good practices of the demo city, and the counties that took them over."""

from datetime import datetime, timedelta

from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.stages import Role
from casework.talk.attachments import AttachedFile
from casework.working_time.deadlines import local_day
from oversight.demo.people import Desk, first_holders
from oversight.documents.records import BaseDocument
from oversight.practices.records import Practice, PracticeAdoption

TOLD = (
    ("监督日历上墙", "每村每月一张日历，写明哪天值班、哪天例会、哪天公开什么，贴在明白墙上，谁没做一眼看到。"),
    ("合同先晒七天", "发包合同拟定稿在明白墙先晒七天，群众意见附在合同后面存档，再签字。"),
    ("票据会诊室", "乡镇每月一天请三名村监委主任交叉看票据，问题当场登记，当月改完。"),
)
USED = ("随通知在全部乡镇推开，附推广通知。", "先在两个镇试行，附试行安排。", "列入年度培训内容，附培训安排。")


def seed(desk: Desk, *, now: datetime) -> None:
    counties = list(Unit.objects.filter(level=UnitLevel.COUNTY, is_active=True).order_by("path"))
    officers = first_holders(counties, (Role.COUNTY_SUPERVISOR,))
    counties = [one for one in counties if one.pk in officers]
    if len(counties) < 2:
        return
    today = local_day(now)
    kept = BaseDocument.objects.exclude(file=None).first()
    files = [AttachedFile(**kept.file).as_row()] if kept and kept.file else []
    practices = [
        Practice(
            unit=counties[number % len(counties)],
            title=title,
            words=words,
            day=today - timedelta(days=200 - 40 * number),
            files=files,
            by=officers[counties[number % len(counties)].pk],
            at=now,
        )
        for number, (title, words) in enumerate(TOLD)
    ]
    practices = Practice.objects.bulk_create(practices)
    PracticeAdoption.objects.bulk_create(
        PracticeAdoption(
            practice=practice,
            county=county,
            day=practice.day + timedelta(days=20 + 7 * turn),
            words=USED[(number + turn) % len(USED)],
            files=files,
            by=officers[county.pk],
            at=now,
        )
        for number, practice in enumerate(practices)
        for turn, county in enumerate(counties)
        if county.pk != practice.unit_id and (number + turn) % 3 != 0 and files
    )
