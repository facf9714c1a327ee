"""Who reported a case, as a list or an export says it: volunteers of supervision stations are not named."""

from casework.models.case import Case, Source


def reporter_name(case: Case) -> str:
    """The inspector or whoever entered it; of a station's report only that it is one."""
    return name_of_reporter(case.source, str(case.reported_by or case.inspector_name))


def name_of_reporter(source: str, name: str) -> str:
    """The same of what was read without the case."""
    return str(Source.STATION.label) if source == Source.STATION else name
