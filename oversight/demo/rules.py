"""The work rules of the demo city by clauses, in two versions; and a finding that cites one of them."""

from datetime import date, datetime, timedelta
from functools import partial

from casework.models import Case
from casework.models.history import stamped
from casework.stages import OPEN
from casework.working_time.deadlines import local_day
from oversight.demo.opinions import LOGIN_VILLAGE
from oversight.demo.people import Desk
from oversight.documents.records import BaseDocument
from oversight.rules.versions import publish_version

TITLE = "澄川市村务监督委员会工作规则（试行）"
FIRST = """第一条 村务监督委员会对村民会议和村民代表会议负责，监督村级重大事项、财务和村务公开。
第二条 监督委员会每月开一次例会，有记录、有签名。
第三条 监督委员会每月安排一次值班，值班情况记入台账。
第四条 村级财务每季度公开一次，公开前由监督委员会逐笔审核并签署姓名。
第五条 每个村民小组设一面明白墙，由村委会管理。"""
SECOND = """第一条 村务监督委员会对村民会议和村民代表会议负责，监督村级重大事项、财务和村务公开。
第二条 监督委员会每月开一次例会，有记录、有签名。
第三条 监督委员会每周安排一次值班，值班情况当日记入台账。
第四条 村级财务每月公开一次，公开前由监督委员会逐笔审核并签署姓名，只盖章不算。
第五条 每个村民小组设一面明白墙，位置便于群众看见，能防风避雨，每季度至少更新一次。
第六条 任期届满的，未了事项列清单移交，由乡镇见证签字。"""


def seed(desk: Desk, *, now: datetime) -> None:
    document = BaseDocument.objects.filter(title=TITLE).select_related("mechanism", "by").first()
    if document is None or document.by is None:
        return
    today = local_day(now)
    publish = partial(publish_version, document=document, by=document.by, at=now)
    publish(begins_on=document.dated or date(today.year - 1, 5, 9), text=FIRST)
    note = "值班改为每周一次；财务改为每月公开；明白墙写明防雨和更新"
    publish(begins_on=today - timedelta(days=120), text=SECOND, note=note)
    case = Case.objects.filter(village__name=LOGIN_VILLAGE, stage__in=OPEN).order_by("-found_on", "-id").first()
    if case is not None:
        case.clause = f"《{TITLE}》第四条"
        with stamped(step="seed_desk", by=None, at=now):
            case.save()
