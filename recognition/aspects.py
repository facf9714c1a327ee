"""The aspects and items of the default catalogue, after practice.md, with the short names that files use for them.

The written standard is given where the Organic Law of the Villagers' Committees names the article, else left to the
office.
"""

from dataclasses import dataclass

LAW = "《中华人民共和国村民委员会组织法》"


@dataclass(frozen=True)
class Item:
    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...] = ()
    is_recurring_duty: bool = False


@dataclass(frozen=True)
class AspectDefaults:
    """An aspect; severity, days and standard hold for each of its items."""

    code: str
    name: str
    name_en: str
    severity: int
    days: int
    items: tuple[Item, ...]
    standard: str = ""


ASPECTS = (
    AspectDefaults(
        "decision",
        "民主决策",
        "Democratic decisions",
        3,
        10,
        (
            Item(
                "decision-step-skipped",
                "四议两公开程序缺失",
                "A step of the four deliberations skipped",
                ("四议两公开不规范", "程序缺失", "四议两公开缺环节"),
            ),
            Item("decision-no-quorum", "参会人数不足", "No quorum", ("到会人数不足", "人数不足")),
            Item("decision-no-minutes", "无会议记录", "No minutes", ("没有会议记录", "缺会议记录", "会议记录缺失")),
            Item("decision-backdated", "补造倒签会议记录", "Minutes backdated", ("倒签", "补造记录", "会议记录造假")),
            Item("decision-not-published", "决议结果未公开", "Result not published", ("结果未公开", "决议未公示")),
        ),
        f"{LAW}第二十四条",
    ),
    AspectDefaults(
        "openness",
        "村务公开",
        "Open village affairs",
        2,
        5,
        (
            Item("openness-late", "公开不及时", "Published late", ("更新不及时", "未及时公开"), True),
            Item(
                "openness-incomplete",
                "公开内容不全",
                "Published incompletely",
                ("公开不全面", "公开内容不完整", "公开不完整"),
                True,
            ),
            Item("openness-false", "公开内容不真实", "Published falsely", ("公开不真实", "虚假公开"), True),
            Item("openness-badly-placed", "公开栏设置不当", "Wall badly placed", ("公开栏位置不当", "明白墙位置不当")),
            Item(
                "openness-not-weatherproof", "公开栏不防雨", "Wall not weatherproof", ("公开栏无遮雨", "明白墙不防雨")
            ),
            Item("openness-idle", "公开栏闲置", "Wall idle", ("明白墙闲置", "公开栏空白"), True),
            Item(
                "openness-cards",
                "明白卡未发放到户",
                "Clarity cards not delivered",
                ("明白卡未发放", "明白卡未入户"),
                True,
            ),
        ),
        f"{LAW}第三十条",
    ),
    AspectDefaults(
        "finance",
        "财务",
        "Finance",
        3,
        15,
        (
            Item("finance-off-the-books", "收入不入账", "Income off the books", ("账外资金", "收入未入账", "小金库")),
            Item("finance-unofficial-vouchers", "白条入账", "Unofficial vouchers", ("白条抵库", "票据不规范")),
            Item("finance-receipts-spent", "坐收坐支", "Receipts spent directly", ("坐支", "坐支现金")),
            Item(
                "finance-no-review",
                "票据未经村监委审核",
                "Voucher without the committee's review",
                ("票据未审核", "未经监委会审核"),
            ),
        ),
    ),
    AspectDefaults(
        "assets",
        "资产资源合同",
        "Assets, resources, contracts",
        3,
        30,
        (
            Item("assets-unregistered", "资产资源未登记", "Unregistered", ("资产未登记", "未登记台账")),
            Item("assets-underpriced", "低价发包", "Underpriced", ("低价承包", "发包价格过低")),
            Item("assets-no-bidding", "发包未招标", "No bidding", ("未公开招标", "未招投标")),
            Item("assets-arrears", "承包费拖欠", "Arrears", ("拖欠承包费", "承包费未收缴")),
            Item("assets-expired", "合同到期未处理", "Contract expired", ("合同到期", "合同过期")),
            Item("assets-not-published", "资产资源处置未公开", "Not published", ("合同未公开", "发包未公示")),
        ),
    ),
    AspectDefaults(
        "works",
        "工程项目",
        "Works",
        3,
        20,
        (
            Item("works-undecided", "工程未经民主决策", "Undecided", ("项目未经决策", "工程未经表决")),
            Item("works-split", "拆分工程规避招标", "Split to avoid bidding", ("化整为零", "规避招标", "拆分项目")),
            Item("works-unsupervised", "工程无监督", "Unsupervised", ("工程监督缺失", "项目无人监督")),
            Item("works-overrun", "工程超预算", "Overrun", ("超概算", "超预算")),
            Item("works-sham-acceptance", "工程虚假验收", "Sham acceptance", ("虚假验收", "验收走过场")),
        ),
    ),
    AspectDefaults(
        "welfare",
        "惠农民生",
        "Farmers' benefits",
        4,
        5,
        (
            Item("welfare-kin-favoured", "优亲厚友", "Kin favoured", ("照顾亲友",)),
            Item("welfare-list-not-posted", "补助名单未公示", "List not posted", ("名单未公示", "惠农补贴未公示")),
            Item("welfare-wrong-amount", "补助发放金额错误", "Wrong amount", ("补贴发放错误", "发放金额不符")),
            Item("welfare-delay", "补助发放迟延", "Delay", ("补贴发放不及时", "补助发放不及时")),
            Item("welfare-false-claim", "虚报冒领", "False claim", ("套取补贴", "冒领补助")),
        ),
    ),
    AspectDefaults(
        "conduct",
        "干部作风",
        "Conduct of officials",
        3,
        10,
        (
            Item("conduct-feasting", "违规吃喝", "Feasting", ("公款吃喝", "大吃大喝")),
            Item("conduct-favours", "吃拿卡要", "Favours", ("收受礼品", "违规收礼")),
            Item("conduct-seal", "公章管理不规范", "Misuse of the seal", ("公章使用不规范", "违规用章")),
            Item("conduct-absence", "脱岗离岗", "Absence", ("不在岗", "脱岗", "离岗")),
        ),
    ),
    AspectDefaults(
        "environment",
        "精神文明与人居环境",
        "Civility and environment",
        1,
        10,
        (
            Item("environment-rules", "村规民约未落实", "Village rules not enforced", ("村规民约执行不力",)),
            Item("environment-sanitation", "环境卫生差", "Sanitation", ("环境卫生", "人居环境差", "垃圾清理不及时")),
        ),
    ),
    AspectDefaults(
        "committee",
        "监委会规范化",
        "Running of the committee",
        2,
        10,
        (
            Item(
                "committee-membership",
                "监委会成员不合规或未回避",
                "Membership or avoidance breach",
                ("成员不合规", "未回避", "监委会成员不符合规定"),
            ),
            Item("committee-no-system", "监委会制度不健全", "No system", ("制度不健全", "制度缺失")),
            Item(
                "committee-training", "监委会培训未全覆盖", "Training below 100 %", ("培训不到位", "未参加培训"), True
            ),
            Item(
                "committee-duty-missed",
                "值班或例会缺席",
                "Duty or meeting missed",
                ("未值班", "值班缺失", "未召开例会"),
                True,
            ),
        ),
        f"{LAW}第三十二条",
    ),
    AspectDefaults(
        "records",
        "记录报告",
        "Records and reports",
        2,
        3,
        (
            Item("records-late", "报告迟报", "Late", ("迟报",), True),
            Item("records-missing", "报告漏报", "Missing", ("漏报",), True),
            Item("records-empty", "报告空报", "Empty", ("空报",), True),
            Item("records-duplicate", "报告重复上报", "Duplicate", ("重复上报",), True),
            Item(
                "records-stamp-only",
                "只盖章未签字",
                "Stamp without the supervisor's signature",
                ("只盖章", "签字缺失", "未签字背书"),
                True,
            ),
            Item("records-ledger-faults", "台账不规范", "Ledger faults", ("台账错误", "台账不全"), True),
        ),
    ),
    AspectDefaults(
        "handover",
        "换届旧账",
        "Handover and old debts",
        3,
        7,
        (
            Item("handover-withheld", "账簿公章未移交", "Books or seal withheld", ("公章未移交", "拒不移交")),
            Item("handover-unsigned", "交接未签字", "Handover unsigned", ("移交未签字", "交接手续不全")),
            Item("handover-old-case", "新官不理旧账", "Old case ignored", ("旧案未处理", "不理旧账")),
        ),
        f"{LAW}第二十条",
    ),
    AspectDefaults(
        "quality",
        "整改质量",
        "Quality of rectification",
        4,
        5,
        (
            Item("quality-superficial", "整改走过场", "Superficial", ("整改不彻底", "表面整改")),
            Item("quality-false-strike-off", "虚假销号", "False strike-off", ("虚假整改",)),
            Item("quality-relapse", "问题反弹", "Relapse", ("反弹", "边改边犯")),
            Item("quality-refusal", "拒不整改", "Refusal", ("拒绝整改",)),
        ),
    ),
)
# Whose object is the village's own and the only one of its kind, so that it is seldom named: the office that stands
# empty, the committee without rules. The recurring duties of the catalogue are such by themselves.
STANDING = (
    "conduct-absence",
    "conduct-seal",
    "committee-no-system",
    "committee-membership",
    "decision-no-minutes",
    "decision-backdated",
    "finance-no-review",
    "handover-withheld",
    "quality-refusal",
    "quality-superficial",
)
SEVERITY_ALIASES = {
    "一般": 1,
    "轻微": 1,
    "较重": 2,
    "严重": 3,
    "重大": 4,
    "特别严重": 4,
}
