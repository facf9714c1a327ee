"""A file that a member unit sent in, in its own words: some rows mean an item surely, some wait at the classification desk
in groups, two were refused.
"""

import csv
from datetime import date, timedelta
from io import StringIO

from django.core.files.base import ContentFile

from casework.models import FindingImport
from casework.stages import Role
from casework.working_time.deadlines import midnight
from flows.demo.clock import working_day_before
from flows.demo.telling import World
from flows.finding_import import run_import, start_import

HEADER = ("序号", "乡镇", "村", "发现日期", "问题类别", "严重程度", "问题描述", "整改要求")
# What it calls the problem, how serious it finds it, and what it saw: one row a village.
ROWS = (
    ("签字盖章不规范", "一般", "9月两张领条只有经手人签字，没有证明人", "补齐签字"),
    ("签字盖章不规范", "一般", "项目验收单盖章处空白，日期也没有填", "补办手续"),
    ("签字盖章不规范", "较重", "三季度的审批单由会计一人代签", "查明原因，重新签批"),
    ("工作留痕不够", "一般", "来访登记本从8月起没有记录", "补记并指定专人"),
    ("工作留痕不够", "一般", "入户走访只有照片，没有记录谁去、说了什么", "按次记录"),
    ("说不清", "一般", "情况见附件", ""),
    ("明白墙空着没有用", "一般", "村委会西侧明白墙长期空着，没有任何公开内容", "张贴本季度公开内容"),
    ("白条子报账", "较重", "部分支出以白条入账，没有正式发票", "限期换取正式票据"),
)
NO_SUCH_DAY = ("签字盖章不规范", "一般", "村务公开审核表上没有落款日期", "补签")
NO_SUCH_VILLAGE = ("工作留痕不够", "一般", "会议记录本缺7、8两个月", "补齐")
TAKEN = len(ROWS)


def bring_in(world: World, *, today: date) -> FindingImport:
    """Imported by the city's office on the last evening, behind all others that came in."""
    at = midnight(working_day_before(today, 1)) + timedelta(hours=20, minutes=5)
    found_on = working_day_before(today, 2)
    villages = [village for village in world.city.villages if village.parent is not None][3::7]
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow(HEADER)
    for number, (village, row) in enumerate(zip(villages, ROWS, strict=False), start=1):
        day = found_on - timedelta(days=number % 3)
        lines.writerow([number, village.parent, village.name, day.isoformat(), *row])
    lines.writerow([TAKEN + 1, villages[0].parent, villages[0].name, f"{today.year}年2月30日", *NO_SUCH_DAY])
    lines.writerow([TAKEN + 2, villages[0].parent, "青篱新村", found_on.isoformat(), *NO_SUCH_VILLAGE])
    run = start_import(
        upload=ContentFile(out.getvalue().encode("gbk"), name="三季度联合检查问题清单.csv"),
        by=world.people.of(world.city.city, Role.CITY_SUPERVISOR),
        at=at,
        is_dry_run=False,
    )
    run_import(run.pk, now=lambda: at)
    run.refresh_from_db()
    return run
