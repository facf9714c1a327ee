"""The records of this app; each stands in the folder of its noun."""

from oversight.members.records import ContactKind, DutySheet, Mechanism, MemberContact, MemberGroup, Membership
from oversight.reporting.records import ExpectedReport, Period, ReportingScheme, Rhythm
from oversight.tally_records import Dimension, RelapseAge, Tally

__all__ = [
    "ContactKind",
    "Dimension",
    "DutySheet",
    "ExpectedReport",
    "Mechanism",
    "MemberContact",
    "MemberGroup",
    "Membership",
    "Period",
    "RelapseAge",
    "ReportingScheme",
    "Rhythm",
    "Tally",
]
