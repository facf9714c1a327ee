"""Who reported a case, as a list or an export says it: volunteers of supervision stations are not named."""

from casework.models.case import Case, Source


def reporter_name(case: Case) -> str:
    """The inspector or whoever entered it; of a station's report only that it is one."""
    if case.source == Source.STATION:
        return str(Source.STATION.label)
    return str(case.reported_by or case.inspector_name)
