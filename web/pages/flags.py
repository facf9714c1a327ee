"""What a reviewer should look at twice, in words. Shown to reviewers and offices, never to those who are reviewed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from casework.models import Case, Evidence, Flag, FlagKind, Person
from casework.queries import visible
from casework.rights.roles import sees_flags
from casework.values.days_in_words import with_days_in_words
from web.templatetags.words import in_brackets, labelled


@dataclass(frozen=True)
class FlagLine:
    """A flag with its sentence. `other` is the other case only where the reader may see it."""

    flag: Flag
    sentence: str
    other: Case | None
    other_evidence: Evidence | None


def flag_lines(case: Case, reader: Person, on: date) -> list[FlagLine]:
    """The flags of a case, suspicions before hints; nothing for a reader who is no reviewer of it."""
    if not sees_flags(reader, case, on):
        return []
    standing = case.flags.filter(evidence__taken_back=None)
    flags = list(standing.select_related("evidence", "report__measure", "other_case", "other_evidence"))
    others = {flag.other_case_id for flag in flags if flag.other_case_id}
    seen = set(visible(reader, on).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    lines = [
        FlagLine(
            flag,
            sentence(flag),
            flag.other_case if flag.other_case_id in seen else None,
            flag.other_evidence if flag.other_case_id is None or flag.other_case_id in seen else None,
        )
        for flag in flags
    ]
    return sorted(lines, key=lambda line: line.flag.is_hint)


def sentence(flag: Flag) -> str:
    """What was noticed, with its figures, in the reader's language."""
    values: dict[str, Any] = flag.values
    words = str(flag.get_kind_display())
    if flag.kind in (FlagKind.FAR_APART, FlagKind.FAR_FROM_PLACE, FlagKind.OUTSIDE_VILLAGE, FlagKind.OTHER_CAMERA):
        metres = values.get("metres", 0)
        far = _("%(km).1f km") % {"km": metres / 1000} if metres >= 1000 else _("%(m)d m") % {"m": metres}
        return f"{words}{in_brackets(far)}"
    if flag.kind == FlagKind.TAKEN_BEFORE:
        return _("%(what)s (taken %(taken)s, found %(found)s)") % {
            "what": words,
            "taken": with_days_in_words(values.get("taken_on", "")),
            "found": with_days_in_words(values.get("found_on", "")),
        }
    if flag.kind == FlagKind.SIGNER:
        return labelled(words, "、".join(values.get("names", [])))
    if flag.kind in (FlagKind.NEAR_PHOTO, FlagKind.SAME_WORDS):
        return words + in_brackets(f"{round(100 * values.get('share', 0))} %")
    return words
