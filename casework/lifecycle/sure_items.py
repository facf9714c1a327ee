"""What rows of a file are surely about whose words name no item: read from all that they say."""

from collections.abc import Sequence
from dataclasses import replace

from casework.lifecycle.category_words import Matcher
from casework.lifecycle.finding_rows import ImportedFinding
from recognition.learned import sure_items
from recognition.mentions import plain


def with_sure_items(findings: Sequence[ImportedFinding], matcher: Matcher) -> list[ImportedFinding]:
    """These findings, which have no item, each with the one that it is surely about, marked as guessed. The others stay as
    they were: where none is sure, the item is no longer in use, or somebody has ended these words as its name.

    As with an item that is named, the severity follows from it where the row has no word for it.
    """
    codes = sure_items(
        [plain(finding.description) for finding in findings], [plain(finding.category_words) for finding in findings]
    )
    return [_filed(finding, code, matcher) for finding, code in zip(findings, codes, strict=True)]


def _filed(finding: ImportedFinding, code: str, matcher: Matcher) -> ImportedFinding:
    item = matcher.items_by_code.get(code)
    if item is None or matcher.was_ended(finding.category_words, item, finding.village.path):
        return finding
    severity = finding.severity if finding.severity_words else item.severity
    return replace(finding, item=item, severity=severity, is_item_guessed=True)
