"""The first text of a bulletin, by rule from its figures and records. An official Chinese document in any language."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.models import Aspect
from casework.official_paper.numerals import numeral
from casework.values.days_in_words import chinese_day
from casework.working_time.deadlines import local_day
from oversight.bulletins.facts import Facts, Span, names_of_reports
from oversight.bulletins.records import BulletinPart, Figure
from oversight.bulletins.tokens import token
from oversight.documents.records import BaseDocument
from oversight.members.records import Mechanism
from oversight.reporting.queries import accepted_words, periods_between

# So much of a unit's own words: fifteen units fit into a document of 4,000 characters.
MOST_OF_A_UNIT = 160
MOST_ASPECTS = 5
SENTENCE_END = re.compile(r"(?<=[。！？；])")


@dataclass(frozen=True)
class Part:
    kind: BulletinPart
    heading: str
    text: str


def composed(
    facts: Facts,
    figures: Mapping[str, Figure],
    aspects: Sequence[Aspect],
    cites: Sequence[BaseDocument],
    corrects: str = "",
) -> list[Part]:
    """The sections in their order. Whoever edits them changes words and leaves figures alone."""
    worst = [
        aspect
        for aspect in sorted(aspects, key=lambda one: -figures[f"findings#{one.code}"].value)
        if figures[f"findings#{aspect.code}"].value
    ][:MOST_ASPECTS]
    return [
        Part(BulletinPart.OPENING, "", _opening(facts.span, cites, corrects)),
        Part(BulletinPart.PROGRESS, "总体推进工作情况", _progress(facts, figures)),
        Part(BulletinPart.PROBLEMS, "存在问题", _problems(facts, figures, worst)),
        Part(BulletinPart.REQUIREMENTS, "下步要求", _requirements(worst)),
    ]


def days_in_words(first: date, last: date) -> str:
    """2026年1—2月份 where whole months are meant."""
    is_whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if not is_whole:
        return f"{chinese_day(first)}至{chinese_day(last)}"
    if first.year != last.year:
        return f"{first.year}年{first.month}月至{last.year}年{last.month}月"
    months = str(first.month) if first.month == last.month else f"{first.month}—{last.month}"
    return f"{first.year}年{months}月份"


def area_in_words(span: Span) -> str:
    return "全市" if span.is_whole else span.area.name


def subject_of(mechanism: Mechanism) -> str:
    """What a mechanism is for, by its name."""
    return f"{mechanism.name.removesuffix('协调联动机制')}工作推进情况"


def title_of(span: Span) -> str:
    return f"{days_in_words(span.first, span.last)}{area_in_words(span)}{subject_of(span.mechanism)}通报"


def _opening(span: Span, cites: Sequence[BaseDocument], corrects: str) -> str:
    basis = f"按照{'、'.join(str(one) for one in cites)}的要求，" if cites else ""
    before = f"经复核，{corrects}有关内容需作更正，以本通报为准。" if corrects else ""
    told = f"{days_in_words(span.first, span.last)}{area_in_words(span)}{subject_of(span.mechanism)}"
    return f"{before}{basis}现将{told}通报如下："


def _progress(facts: Facts, figures: Mapping[str, Figure]) -> str:
    first = f"{days_in_words(facts.span.first, facts.span.last)}，{area_in_words(facts.span)}共发现问题{token('findings')}件"
    first += f"，销号问题{token('struck_off')}件" if figures["struck_off"].value else ""
    done = [
        words
        for key, words in (
            ("look_backs", f"完成回头看{token('look_backs')}次"),
            ("visits", f"开展调研指导和观摩{token('visits')}次"),
            ("letters", f"印发督办单、督办函{token('letters')}件"),
        )
        if figures[key].value
    ]
    lines = ["；".join([first, *done]) + "。"]
    lines += units_in_their_words(facts)
    return "\n".join(lines)


def units_in_their_words(facts: Facts) -> list[str]:
    """A paragraph for each unit whose report was accepted, from the report's own first sentences."""
    span = facts.span
    said = accepted_words(periods_between(span.mechanism, span.first, span.last))
    names = {row.expected.unit_id: row.expected.unit_name for row in facts.reports}
    lines = []
    for unit, name in names.items():
        words = next((text for _heading, text in said.get(unit, []) if text.strip()), "")
        if words:
            told = _first_sentences(words)
            lines.append(told if told.startswith(name) else f"{name}{told}")
    return lines


def _first_sentences(words: str) -> str:
    """Whole sentences, as many as fit; what a unit wrote in brackets of ours is no figure of the bulletin."""
    plain = "".join(words.split()).replace("{{", "｛｛").replace("}}", "｝｝")
    told = ""
    for sentence in SENTENCE_END.split(plain):
        if told and len(told) + len(sentence) > MOST_OF_A_UNIT:
            break
        told += sentence
    told = told[: MOST_OF_A_UNIT * 2]
    return told if told.endswith(("。", "！", "？")) else told.rstrip("；，、") + "。"


def _problems(facts: Facts, figures: Mapping[str, Figure], worst: Sequence[Aspect]) -> str:
    lines = [_share_sentence(facts, figures, worst)]
    kinds = [
        ("工作开展不平衡", _reports(facts, figures)),
        ("县级协调联动机制有名无实", _in_name_only(facts, figures)),
        ("整改易反弹", _came_back(figures)),
    ]
    there = [(title, words) for title, words in kinds if words]
    if there:
        lines.append(f"主要问题表现在{numeral(len(there)) if len(there) != 2 else '两'}个方面：")
    lines += [f"{numeral(number)}是{title}。{words}" for number, (title, words) in enumerate(there, start=1)]
    return "\n".join(lines)


def _share_sentence(facts: Facts, figures: Mapping[str, Figure], worst: Sequence[Aspect]) -> str:
    if not figures["findings"].value:
        return f"{days_in_words(facts.span.first, facts.span.last)}未发现问题。"
    sentence = (
        f"期内发现的{token('findings')}件问题，截至{chinese_day(local_day(facts.as_of))}已办结{token('closed')}件，"
        f"占比{token('closed_share')}；正在办理{token('in_progress')}件，占比{token('in_progress_share')}。"
    )
    if worst:
        split = "、".join(f"{aspect.name}{token(f'findings#{aspect.code}')}件" for aspect in worst)
        sentence += f"从类别看，主要是{split}。"
    return sentence


def _reports(facts: Facts, figures: Mapping[str, Figure]) -> str:
    if not figures["reports_expected"].value:
        return ""
    named = [
        f"{words}：{'、'.join(units)}"
        for kind, words in (
            ("late", "逾期报送的有"),
            ("missing", "未报送的有"),
            ("empty", "内容空泛的有"),
            ("copied", "重复上报的有"),
            ("left_out", "漏报重要工作的有"),
        )
        if (units := names_of_reports(facts.reports, kind))
    ]
    if facts.without_visit:
        named.append(f"期内未开展调研指导的有：{'、'.join(facts.without_visit)}")
    if not named:
        return ""
    return (
        f"期内应报送进展报告{token('reports_expected')}份，按时报送{token('reports_on_time')}份，"
        f"占比{token('reports_on_time_share')}。{'；'.join(named)}。"
    )


def _in_name_only(facts: Facts, figures: Mapping[str, Figure]) -> str:
    if not figures["in_name_only"].value:
        return ""
    # The four kinds as an office says them, whatever language the page is in.
    words = {"consultation": "会商", "summary": "总结", "inspection": "检查", "bulletin": "通报"}
    lacking = "；".join(
        f"{one.unit.name}缺少{'、'.join(words.get(str(kind), str(kind)) for kind in one.missing)}"
        for one in facts.in_name_only
    )
    return f"{token('in_name_only')}个县区的协调联动机制必要措施不全：{lacking}。"


def _came_back(figures: Mapping[str, Figure]) -> str:
    said = []
    if figures["relapses"].value:
        said.append(f"认定反弹问题{token('relapses')}件")
    if figures["never_rectified"].value:
        said.append(f"认定虚假整改{token('never_rectified')}件")
    if figures["look_backs_back"].value:
        said.append(f"回头看{token('look_backs')}次，其中{token('look_backs_back')}次发现问题再现")
    return f"{'；'.join(said)}。" if said else ""


def _requirements(worst: Sequence[Aspect]) -> str:
    named = "、".join(aspect.name for aspect in worst[:2])
    on = f"针对{named}等突出问题" if named else "针对发现的问题"
    return "\n".join(
        [
            "（一）进一步明确职责任务。各成员单位要对照职责，明确本期重点，按时报送进展，做到言之有物、数据真实。",
            f"（二）进一步突出工作重点。{on}，逐村列出问题清单，明确责任人和时限，逐项整改到位。",
            "（三）进一步巩固整改成效。落实回头看，对已销号的问题举一反三，防止整改后反弹。",
        ]
    )


def naming_sentence(unit_name: str, code: str, *, is_good: bool, area: str) -> str:
    """How the text names a unit that stands out: with its numbers, never by a rank."""
    told = (
        f"{unit_name}期内发现问题{token(f'findings@{code}')}件，已办结{token(f'closed@{code}')}件，"
        f"占比{token(f'closed_share@{code}')}"
    )
    return f"{told}，明显高于{area}水平。" if is_good else f"{told}，明显低于{area}水平，整改进度需加快。"
