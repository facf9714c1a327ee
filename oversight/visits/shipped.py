"""What is looked at where no office has made a checklist of its own: what the notices speak of most, item by item of
the catalogue, with what to compare.
"""

ITEMS: tuple[tuple[str, str], ...] = (
    (
        "openness-late",
        "一般事项至少每季度公布一次，集体财务往来较多的每月公布财务收支，重大事项随时公布（《村民委员会组织法》第三十条）。看公开栏上最近一期的日期。",
    ),
    (
        "openness-incomplete",
        "公开内容应含财务收支、村民会议决定事项及实施情况、惠农补贴、低保等（《村民委员会组织法》第三十条）。逐项对照公开目录。",
    ),
    (
        "openness-badly-placed",
        "公开栏设在村民常经过、看得清的地方，每个村民组都能看到。走到最远的村民组看一处。",
    ),
    ("openness-not-weatherproof", "公开栏有遮雨设施，纸张完整、字迹可辨。"),
    ("openness-idle", "公开栏在用：有最近一期内容，不空白、不挪作他用。"),
    ("finance-no-review", "每张支出票据有村监委会成员本人签名，只盖章不算。抽看最近十张。"),
    ("welfare-list-not-posted", "低保、补贴等对象名单张榜公示，有日期和监督电话。"),
    ("decision-no-minutes", "最近一次村级重大事项有会议记录：时间、到会人数、表决结果、签名。"),
    ("committee-duty-missed", "村监委会有值班安排，当天有人在岗；每月例会有记录。"),
    ("conduct-seal", "用章有登记，登记的事由、审批人、用印人齐全。"),
    ("environment-sanitation", "主要道路、公共场所和村组之间无积存垃圾。"),
)
