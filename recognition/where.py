"""Where the thing of a finding stands: its side, its group or number, the place beside it, the name it goes by."""

import re

from recognition.mentions import NUMERAL, Mention, number
from recognition.things import Rank

SIDES = {"东": "e", "西": "w", "南": "s", "北": "n"}
OFFICE = r"(?:村部|村委会?|大队部|村室|村委会?大院|党群服务中心|便民服务大?[厅中]心?|服务大厅|居委会|办公楼)"
PLACES: dict[str, str] = {
    "office": rf"{OFFICE}(?:大?院(?:内|里)?|门口|门前|门外|外墙?|[东西南北]|前|后|旁|对面|内|里|楼[前后下]|一楼|的?(?=明白|公开|公示|宣传|墙|公告|村务|党务))|大院",
    "school": r"(?:小学|学校|教学点|校门口)",
    "shop": r"(?:超市|小卖部|商店|代销点|便利店|小卖铺)",
    "clinic": r"(?:卫生室|卫生所|诊所)",
    "square": r"(?:文化)?广场",
    "entrance": r"(?:进?村口|村头|寨门口|入村口)",
    "crossing": r"(?:十字路口|丁字路口|三岔口|三岔路口|路口)",
    "temple": r"(?:祠堂|土地庙|庙[前后旁门])",
    "stop": r"(?:公交站|车站|候车亭|站牌)",
    "stage": r"(?:戏台|戏楼|舞台)",
    "back-street": r"(?:后街|北大?街)",
    "front-street": r"(?:前街|南大?街)",
    "main-street": r"(?:中心街|主街|(?<![东西南北])大街|中街)",
    "mill": r"(?:磨坊|面粉厂|油坊)",
    "street-e": r"东(?:大|后|前)?街",
    "street-w": r"西(?:大|后|前)?街",
}
# Whose seal it is: the committee's unless another is named.
SEALS = {
    "coop": "合作社",
    "party": "党支部|支部章",
    "finance": "财务章|财务专用章",
    "supervisors": "监委会章|监委会公章|监委会印章|监督委员会印章|监委会的章",
}
GENERIC = re.compile(
    r"村集体|集体|该村|本村|我村|全村|村里|村内|该|村庄|村民|承包|租赁|发包|出租|维修|修缮|整修|改造|建设|新建|修建|工程|项目|施工|"
    r"闲置|原有|现有|部分|所有|全部|其中|一处|一块|一口|一座|一眼|一份|一条|一面|该处|这块|那块|此|这|那|仍然?|又|再次?|还是|依旧|"
    r"位于|检查|发现|抽查|现场|核查|经查|目前|反映|群众|入户|走访|暗访|查看|翻阅|查阅|内|里|的|了|和|与|及|对|将|把|在|从|由|因|被|为|等|处|已|"
    r"一直|至今|去年|今年|上年|当年|年度|一|两|三|四|五|六|七|八|九|十|几|多|个|名|户|亩|米|公里|万元|元|块|口|座|眼|份|条|面|间|套|台|盏|处|"
    r"购买|购置|变卖|处理|讨论|研究|关于|办理|修建|安装|收取|出售|处置|淘汰|清理|租用|使用|施工队|\d+|村|组|第|号|新|旧|老|大|小|东|西|南|北|侧|边|头|季度|月份?|年|日|上|下|前|后|中|外|旁"
)
CUT = re.compile(
    r"[^\u4e00-\u9fff]|拿|领|商议|议|补|租|卖|打|买|开|定|拆|挪|装|栽|种|请|某|发现|检查|反映|未|没|无|不|有|是|将|把|由|被|为|对|在|从|于|与|和|及|但|而|因|向|用|按|经|称|说|到|给|让|收|付|支|欠|签"
)
MARK_REACHES = 7


# What stands before a side and has no word of its own above: 烈士亭西侧, 汽车站东口.
NAMED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,5}?)(?=[东西南北](?:侧|边|头|口|墙|面|门))")


def _is_known(text: str, match: re.Match[str], found: list[tuple[int, str]]) -> bool:
    """Whether one of the known places stands there already, or the words are of no place at all."""
    return any(match.start() - 1 <= start < match.end() for start, _place in found) or not GENERIC.sub("", match[1])


# 二道街
STREET = re.compile(rf"({NUMERAL})道街")
# What carries a number or a name of its own: a well, a road, a wall; not the voucher in which it stands.
NUMBERED = (Rank.ASSET, Rank.WORKS, Rank.BOARD)
# Papers of which a village has several kinds.
OF_KINDS = ("paper/ledger",)


def where_is(text: str, head: Mention | None, beside: list[tuple[int, str]]) -> dict[str, str]:
    return {
        "side": _side(text, head),
        "group": _group(text, head),
        "place": _place(text, head, beside),
        "mark": _mark(text, head),
    }


def _nearest(found: list[tuple[int, str]], head: Mention | None) -> str:
    """Of several the one that stands nearest to the thing, those before it first."""
    if not found:
        return ""
    if head is None:
        return found[0][1]
    return min(found, key=lambda one: abs(head.start - one[0]) + (20 if one[0] > head.start else 0))[1]


def _side(text: str, head: Mention | None) -> str:
    pattern = r"(?:村|最|靠|大门|路|院)?([东西南北]{1,2})(?=大?(?:侧|边|头|面|端|口|墙|院|段|门|片|坑|塘|沟|地|井|部|桥|岗|坡|洼|湾|路|河|渠|关|寨|庄|园|林|岭|滩|明白|公开|公示|宣传))|(?<=[村河渠路桥沟庙])([东西南北])(?!瓜|方)"
    found = []
    for match in re.finditer(pattern, text):
        letters = match[1] or match[2]
        found.append((match.start(), "".join(sorted({SIDES[letter] for letter in letters}))))
    return _nearest(found, head)


def _touches(head: Mention, match: re.Match[str]) -> bool:
    """Whether a number stands right before or right behind the thing."""
    return -2 <= head.start - match.end() <= 4 or -1 <= match.start() - head.end <= 4


def _group(text: str, head: Mention | None) -> str:
    found = []
    for match in re.finditer(
        rf"第?({NUMERAL})(?:、{NUMERAL})*(?:个)?(村?民?小?组|生产队|队|社(?!区)|号(?!召|文)|间(?=租|房|门|的|,|。)|排|栋)",
        text,
    ):
        if match[2] == "号" and re.search(r"月$", text[: match.start()]):
            continue
        is_number = match[2] in ("号", "间", "排", "栋")
        if is_number and (head is None or head.rank not in NUMBERED or not _touches(head, match)):
            continue
        found.append((match.start(), ("no" if is_number else "g") + str(number(match[1]))))
    return _nearest(found, head)


def _place(text: str, head: Mention | None, beside: list[tuple[int, str]]) -> str:
    if head is not None and head.code == "money/seal":
        return next((whose for whose, words in SEALS.items() if re.search(words, text)), "committee")
    found = list(beside)
    for place, pattern in PLACES.items():
        starts = [match.start() for match in re.finditer(pattern, text)]
        found += [(start, place) for start in starts if head is None or not head.start <= start < head.end]
    found += [(match.start(), match[1]) for match in NAMED.finditer(text) if not _is_known(text, match, found)]
    found += [(match.start(), f"street-{number(match[1])}") for match in STREET.finditer(text)]
    if head is not None:
        found = [one for one in found if -20 <= one[0] - head.end <= 6]
    return _nearest(found, head)


def _mark(text: str, head: Mention | None) -> str:
    """The characters before the thing's word, without those that stand before anything."""
    if (
        head is None
        or (head.rank not in NUMBERED and head.code not in OF_KINDS)
        or head.code in ("board/card", "board/e-board")
    ):
        return ""
    before = text[max(0, head.start - MARK_REACHES) : head.start]
    before = CUT.split(before)[-1]
    for pattern in PLACES.values():
        before = re.sub(pattern, "", before)
    mark = GENERIC.sub("", before)
    return mark[-4:] if len(mark) > 1 else ""
