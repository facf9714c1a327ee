"""Phrases that fill a report without saying anything: they count for nothing, and alone they are no report."""

import re

PHRASES = (
    "稳步推进",
    "扎实推进",
    "有序推进",
    "全面推进",
    "深入推进",
    "持续推进",
    "正在推进",
    "稳妥推进",
    "高度重视",
    "加强领导",
    "加强组织领导",
    "提高思想认识",
    "提高政治站位",
    "统一思想",
    "精心组织",
    "周密部署",
    "强化措施",
    "强化责任",
    "压实责任",
    "狠抓落实",
    "抓好落实",
    "认真贯彻落实",
    "严格按照要求",
    "按照上级要求",
    "按照市委要求",
    "结合工作实际",
    "取得明显成效",
    "取得良好成效",
    "取得阶段性成效",
    "取得积极进展",
    "成效显著",
    "常抓不懈",
    "持续发力",
    "久久为功",
    "再接再厉",
    "进一步加强",
    "进一步提高",
    "进一步规范",
    "进一步完善",
    "各项工作",
    "相关工作",
    "正常开展",
    "顺利开展",
    "深入开展",
    "积极开展",
    "本单位",
    "我单位",
    "我县",
    "我区",
    "我局",
    "同上期",
    "同上",
    "无",
)
_LONGEST_FIRST = re.compile("|".join(map(re.escape, sorted(PHRASES, key=len, reverse=True))))
_NO_WORDS = re.compile(r"[\W_]+")


def without_stock_phrases(words: str) -> str:
    """What is left of a text without them, without signs and without space."""
    return _NO_WORDS.sub("", _LONGEST_FIRST.sub("", _NO_WORDS.sub("", words)))
