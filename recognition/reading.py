"""What a finding is about, read from its words: the thing, where it stands, whose it is, which period, which problem.

Nothing is guessed that the words don't say: what is not named stays empty and counts neither for nor against a match.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from recognition.mentions import Lexicon, Mention, main_of, mentions_in, number, plain
from recognition.things import Rank
from recognition.where import where_is

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪"
    "田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文樊兰殷施陶洪翟安颜倪严牛温芦"
    "季俞章鲁葛伍尤毕聂柴焦向柳邢岳齐梅莫庄辛管祝左涂谷祁耿牟卜詹关苗凌费纪靳盛童欧甄项曲游阳裴席覃霍翁甘景司宁柯阮闵解"
)
# 马支书, but not 于会计 (at the accountant's) nor 村委会主任.
TITLED = re.sub("[向于任连时单]", "", SURNAMES)
NOT_BEFORE = "村原前老副总监委会妇的收"
NOT_OF_A_HOUSE = "大国人专商住农独厂店公全谁几"


@dataclass(frozen=True)
class Traits:
    """What the words name. Codes of `things.py`; "" and None are "not said".

    `side` e, w, s, n or two of them; `group` a villagers' group or the thing's own number; `mark` what stands before the
    thing and sets it apart (a name); `person` a name as written; `year` of a one-off; `size` as the words measure the
    thing (15亩); `period_on` the last day of the latest period named (a month, quarter, half or year); `is_older` that
    the words themselves put the fact before the strike-off, and `is_once` that it is no turn of a recurring duty.
    """

    thing: str = ""
    also: str = ""
    side: str = ""
    group: str = ""
    place: str = ""
    mark: str = ""
    person: str = ""
    year: int | None = None
    size: str = ""
    period_on: date | None = None
    is_older: bool = False
    is_once: bool = False


def read(
    words: str, *, aspect: str = "", on: date, named: str = "", problem: str = "", lexicon: Lexicon | None = None
) -> Traits:
    """Read a description filed under an aspect's code on a day. `named` is the object, where somebody entered it;
    `problem` the item that the words mean (`learned.items_meant`), `lexicon` the things that are known.
    """
    text, own = plain(words), plain(named)
    mentions, beside = mentions_in(text, lexicon)
    aspect = aspect or problem.partition("-")[0]
    main, also = main_of(mentions, aspect)
    if own:
        own_main, own_also = main_of(mentions_in(own, lexicon)[0], aspect)
        if own_main is not None:
            also = own_also or (main if main and main.code != own_main.code else also)
            # The object's own words say where it stands; the description fills in what they leave out.
            said, told = where_is(own, own_main, []), where_is(text, main, beside)
            where = {name: said[name] or told[name] for name in said}
            return Traits(
                thing=own_main.code,
                also=also.code if also and also.code != own_main.code else "",
                person=_person(own) or _person(text),
                year=_year(own + text, own_main),
                size=_size(own + text),
                period_on=period_on(text, on=on),
                is_older=is_older(text),
                is_once=is_once(text),
                **where,
            )
    return Traits(
        thing=main.code if main else "",
        also=also.code if also else "",
        person=_person(own) or _person(text),
        year=_year(text, main),
        size=_size(own + text),
        period_on=period_on(text, on=on),
        is_older=is_older(text),
        is_once=is_once(text),
        **where_is(own + text, _moved(main, len(own)), beside),
    )


def _moved(mention: Mention | None, by: int) -> Mention | None:
    return mention and Mention(mention.start + by, mention.end + by, mention.code, mention.rank)


def _person(text: str) -> str:
    match = re.search(r"([\u4e00-\u9fff])某(?!村|镇|县|单位|公司|部门)", text)
    match = match or re.search(rf"(?<![\u4e00-\u9fff])(?:老|大|小)([{SURNAMES}])(?:头|汉|家|大爷|大娘)", text)
    match = match or re.search(
        rf"(?<![{NOT_OF_A_HOUSE}])([{TITLED}])家(?=[猪鸡牛羊鱼田地的里外门做挖娃孩儿那种养占欠拿没又,、]|屋|院|老|小|媳|兄)",
        text,
    )
    match = match or re.search(rf"老([{TITLED}])(?=[的前又把拿是说占欠没还,也将收])", text)
    match = match or re.search(rf"([{SURNAMES}])(?:姓(?:村民|人|户)|老板)", text)
    match = match or re.search(
        rf"(?<![{NOT_BEFORE}])([{TITLED}])(?=副?(?:支书|书记|主任|会计|文书|组长|队长|委员|出纳|电工|师傅))", text
    )
    if match:
        return match[1] + "某"
    titles = (
        "村民|户主|承包人|承包户|租户|承租人|低保户|会计|文书|支书|书记|主任|组长|队长|党员|干部|老人|贫困户|脱贫户|五保户|"
        "残疾人|老板|委员|成员|出纳|报账员|电工|保洁员|护林员|其弟|其兄|其子|其父|其侄"
    )
    match = re.search(
        rf"(?:{titles})([{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?=的|在|未|因|自|将|与|、|,|,|。|户|家|等|已|领|擅|私|把|为|承|签|欠|及|和|于|从|\(|一|没|有|不|仍|又|个|名|所|用|名下|拖|收|代|去|被|却)",
        text,
    )
    return match[1] if match else ""


def _size(text: str) -> str:
    """The first area, length or number of rooms: what a contract or a plot is told by."""
    match = re.search(r"(\d+(?:\.\d+)?)(?:多|来|余)?(亩|平方米|平米|公里|千瓦|间)", text)
    return f"{match[1]}{match[2]}" if match else ""


def _year(text: str, head: Mention | None) -> int | None:
    if head is None or head.rank not in (Rank.ASSET, Rank.WORKS):
        return None
    years = [int(match[1]) for match in re.finditer(r"(20\d\d)年(?!\d{1,2}月)", text)]
    return years[0] if len(set(years)) == 1 else None


PERIOD = re.compile(
    r"(?:(?P<year>20\d\d)年|(?P<ago>去年|上年|今年|本年))?(?:度)?(?:第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年"
    r"|(?P<month>1[0-2]|[1-9]|十[一二]|[一二三四五六七八九十])月(?!\d|个|[底初]|[上中下]旬)(?:份)?)"
)


def period_on(text: str, *, on: date) -> date | None:
    """The last day of the latest period that the words name, none of which lies behind `on`."""
    ends = []
    for match in PERIOD.finditer(text):
        year = int(match["year"]) if match["year"] else on.year - (match["ago"] in ("去年", "上年"))
        if match["quarter"]:
            month = 3 * number(match["quarter"])
        elif match["half"]:
            month = 6 if match["half"] == "上" else 12
        else:
            month = number(match["month"])
        end = _month_end(year, month)
        if end.replace(day=1) > on and not match["year"]:
            end = _month_end(year - 1, month)
        if end.replace(day=1) <= on:
            ends.append(end)
    if not ends and re.search(r"上个?月", text):
        ends.append(on.replace(day=1) - timedelta(days=1))
    return max(ends, default=None)


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


OLDER = re.compile(
    r"(?:首次|第[一二三]次|上次|头一次)(?:整改|检查|核查)?(?:之|以)?(?:前|没|未|漏)|早于(?:上次|首次|第一次|整改|销号)"
    r"|(?:前|上)[几一两二三]?[次回].{0,4}?(?:没|未|漏)(?:查|看|点|发现|清|算|对)|旧事|陈年旧|清老账|翻老账|翻(?:出|到)20\d\d年|刚翻出来"
    r"|20\d\d年.{0,14}?(?:也|就|还|便)(?:没|未|是|有|少|多|在|缺|差)|老(?:箱子|账箱|凭证|本子).{0,6}?(?:翻|见|查)"
    r"|头(?:一)?[回次](?:整改|改|查)?(?:之|以)?前|头次改|那时候?还没(?:整改|改|销)|老早就|早就这样|不是新发|之前落下的|(?:整改|销号)(?:之|以)?前就"
    r"|漏下|漏查|漏掉|当时(?:就|只|没|未|也|并未|遗漏)|那时(?:就|也|候)|当年就|(?:上次|办结|销号|结案|整改|检查|处理).{0,10}?(?:以前|之前|前就|当时)"
    r"|(?:不是|并非)(?:新|近期|后来)|早在|以前的(?:事|问题|旧)|旧照片|历史遗留|追溯"
)


def is_older(text: str) -> bool:
    """Whether the words say that the fact is older than what was struck off: 当时漏下, 上次办结以前."""
    return OLDER.search(text) is not None


ONCE = re.compile(
    r"临时(?:加|要|叫|活动|的|安排|性|动员|通知|会议)|动员会|不属(?:例会|月报)|不是双月报|专项|专题|一次性|单独要|非(?:年度|例行)|不是(?:月报|例会|例行)|就这?一[天次回]|只此一[次回]"
)


def is_once(text: str) -> bool:
    """Whether the words say that it is no turn of a recurring duty: 临时要的一份材料, 非年度培训."""
    return ONCE.search(text) is not None
