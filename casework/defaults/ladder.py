"""The default ladder (practice.md, warning lights and the ladder), which an office then follows with versions."""

from datetime import UTC, date, datetime
from typing import Any

FIRST_DAY = date(2000, 1, 1)
ALL_SEVERITIES = [1, 2, 3, 4]
ALL_KINDS = ["at_once", "time_limited", "long_term"]

NOTICE_WORDS = "请{unit}自收到本单之日起3个工作日内完成整改，上传佐证材料，并书面反馈办理情况。"
LETTER_WORDS = (
    "请{unit}主要负责同志亲自过问，查明{village}整改逾期的原因\n"
    "请督促责任单位限期完成整改，上传佐证材料并履行签字背书手续\n"
    "请自收到本函之日起5个工作日内将落实情况书面反馈{office}"
)

# code, kind, moment, light, to, copies, with a document, words
STEPS: list[tuple[str, str, int, str, list[str], list[str], bool, str]] = [
    ("reminder", "reminder", -3, "blue", ["turn"], [], False, ""),
    ("notice", "notice", 1, "yellow", ["turn"], ["above"], True, NOTICE_WORDS),
    ("letter", "letter", 5, "red", ["above"], ["two_above"], True, LETTER_WORDS),
    ("interview", "interview", 15, "red", ["two_above"], [], False, ""),
    ("referral", "referral", 30, "red", ["city"], ["county"], False, ""),
    ("stall", "stall", 15, "yellow", ["turn"], ["above"], False, ""),
    ("unsigned", "unsigned", 3, "none", ["above"], [], False, ""),
    ("vacancy", "vacancy", 0, "none", ["above"], ["county"], False, ""),
]


def install(apps: Any, *_editor: Any) -> None:
    """The first version of the default ladder, where there is none yet."""
    policy_model = apps.get_model("casework", "EscalationPolicy")
    step_model = apps.get_model("casework", "EscalationStep")
    if policy_model.objects.filter(city=None).exists():
        return
    at = datetime.now(UTC)
    policy = policy_model.objects.create(version=1, valid_from=FIRST_DAY, at=at, applied_at=at)
    step_model.objects.bulk_create(
        [
            step_model(
                policy=policy,
                code=code,
                kind=kind,
                moment=moment,
                light=light,
                severities=ALL_SEVERITIES,
                kinds=ALL_KINDS,
                to=to,
                copies=copies,
                has_document=has_document,
                words=words,
            )
            for code, kind, moment, light, to, copies, has_document, words in STEPS
        ]
    )
