"""What a flag says to its reader, with both texts beside each other where one stood elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.values.days_in_words import exact_day, with_days_in_words
from oversight.reporting.checks import CheckKind, Finding
from oversight.reporting.report_records import ReportParagraph, SectionKind


@dataclass(frozen=True)
class Shown:
    """A flag as it is read. `names` are what the words leave out; `own` and `source` are two texts with their places."""

    kind: CheckKind
    sentence: str
    names: Sequence[str] = ()
    own: str = ""
    own_place: str = ""
    source: ReportParagraph | None = None


def in_words(findings: Iterable[Finding]) -> list[Shown]:
    """Flags in their order, as sentences of the active language. One query, and none where nothing stood elsewhere."""
    findings = list(findings)
    keys = [one.values["paragraph"] for one in findings if one.kind == CheckKind.COPIED]
    stood = ReportParagraph.objects.select_related("report__expected", "period").in_bulk(keys) if keys else {}
    return [_shown(one, stood) for one in findings]


def _shown(finding: Finding, stood: dict[int, ReportParagraph]) -> Shown:
    kind, values = CheckKind(finding.kind), finding.values
    if kind == CheckKind.COPIED:
        return _copied(finding, stood.get(values["paragraph"]))
    if kind == CheckKind.LEFT_OUT:
        names = [with_days_in_words(name) for name in values["names"]]
        return Shown(kind, _left_out(finding.code, values["count"]), names=names)
    return Shown(kind, _said(finding.code, values))


def _said(code: str, values: dict[str, Any]) -> str:
    if code == "after_the_limit":
        return _late(values["minutes"])
    if code == "few_words":
        return (
            _("Without stock phrases %(left)d characters are left; from %(fewest)d on a report says something.")
            % values
        )
    return _("No figure, no village and no day is named.")


def _late(minutes: int) -> str:
    if minutes < 120:
        sentence = ngettext("%(minutes)d minute after the limit.", "%(minutes)d minutes after the limit.", minutes)
        return sentence % {"minutes": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(hours)d hour after the limit.", "%(hours)d hours after the limit.", hours) % {"hours": hours}
    days = hours // 24
    return ngettext("%(days)d day after the limit.", "%(days)d days after the limit.", days) % {"days": days}


def _left_out(code: str, count: int) -> str:
    sentences = {
        "closures": ngettext(
            "%(count)d strike-off of the period is not mentioned.",
            "%(count)d strike-offs of the period are not mentioned.",
            count,
        ),
        "relapses": ngettext(
            "%(count)d relapse of the period is not mentioned.",
            "%(count)d relapses of the period are not mentioned.",
            count,
        ),
        "letters": ngettext(
            "%(count)d letter of the period is not mentioned.",
            "%(count)d letters of the period are not mentioned.",
            count,
        ),
        "draws": ngettext(
            "%(count)d spot check of the period is not mentioned.",
            "%(count)d spot checks of the period are not mentioned.",
            count,
        ),
    }
    return sentences[code] % {"count": count}


def _copied(finding: Finding, source: ReportParagraph | None) -> Shown:
    values = finding.values
    unit = source.report.expected.unit_name if source else ""
    since = exact_day(source.period.first_day) if source else ""
    if finding.code == "own_earlier":
        sentence = _("%(percent)d %% of this paragraph stood in the own report of the period from %(since)s on.")
    else:
        sentence = _("%(percent)d %% of this paragraph stood in the report of %(unit)s, period from %(since)s on.")
    return Shown(
        CheckKind.COPIED,
        sentence % {"percent": values["percent"], "unit": unit, "since": since},
        own=values["words"],
        own_place=str(SectionKind(values["section"]).label),
        source=source,
    )
