"""One record a file."""

from casework.models.assignment import Assignment, Transfer
from casework.models.calendar_day import CalendarDay, CalendarYear
from casework.models.caretaker import Caretaker
from casework.models.case import Case, CaseNumber, Source
from casework.models.case_event import CaseEvent
from casework.models.case_move import CaseMove
from casework.models.case_object import CaseObject
from casework.models.category import Alias, Aspect, CatalogueItem, Kind
from casework.models.clock_mark import ClockMark
from casework.models.closure import Closure
from casework.models.clue import Clue, ClueKey, CluePlatform
from casework.models.comment import Comment, CommentKind, CommentRevision, Following, QuestionResolution
from casework.models.escalation import DeclinedReferral, Escalation, Interview
from casework.models.escalation_policy import EscalationPolicy, EscalationStep, StepKind
from casework.models.evidence import Evidence
from casework.models.exit import Referral, Screening, Withdrawal
from casework.models.extension import Extension
from casework.models.finding_import import ColumnName, FindingImport
from casework.models.ledger_export import LedgerExport
from casework.models.letter import Letter, LetterAnswer, LetterKind, LetterOpinion, LetterReceipt
from casework.models.look_back import ConsolidationRule, LookBack, LookBackPhoto, ReverseDraw
from casework.models.measure import Measure, MeasureReport, Plan, Submission
from casework.models.office_event import OfficeEvent
from casework.models.pairing import Pairing
from casework.models.pause import Pause
from casework.models.person import Person
from casework.models.phone_addition import PhoneAddition
from casework.models.phone_entry import PhoneEntry, PhoneFile, PhoneFileState
from casework.models.phone_queue import PhoneQueue
from casework.models.photo_turn import PhotoTurn
from casework.models.post import Post, Term
from casework.models.proof_checks import Flag, FlagKind, PhotoPrint, ReportPrint
from casework.models.relapse import MatchWeights, RelapseCandidate, RelapseVerdict, VerdictAppeal, VerdictKind
from casework.models.resting_row import RestingRow
from casework.models.review import MeasureVerdict, Review
from casework.models.saved_list import ListSettings, SavedList
from casework.models.sign_in import SignInCode, SignInLink
from casework.models.spot_check import SpotCheckDraw
from casework.models.taken_back import TakenBack
from casework.models.traits import CaseTraits
from casework.models.undone import Undone
from casework.models.unit import Responsibility, Unit, UnitLevel, UnitName
from casework.models.wider_check import WiderCheck

__all__ = [
    "Alias",
    "Aspect",
    "Assignment",
    "CalendarDay",
    "CalendarYear",
    "Caretaker",
    "Case",
    "CaseEvent",
    "CaseMove",
    "CaseNumber",
    "CaseObject",
    "CaseTraits",
    "CatalogueItem",
    "ClockMark",
    "Closure",
    "Clue",
    "ClueKey",
    "CluePlatform",
    "ColumnName",
    "Comment",
    "CommentKind",
    "CommentRevision",
    "ConsolidationRule",
    "DeclinedReferral",
    "Escalation",
    "EscalationPolicy",
    "EscalationStep",
    "Evidence",
    "Extension",
    "FindingImport",
    "Flag",
    "FlagKind",
    "Following",
    "Interview",
    "Kind",
    "LedgerExport",
    "Letter",
    "LetterAnswer",
    "LetterKind",
    "LetterOpinion",
    "LetterReceipt",
    "ListSettings",
    "LookBack",
    "LookBackPhoto",
    "MatchWeights",
    "Measure",
    "MeasureReport",
    "MeasureVerdict",
    "OfficeEvent",
    "Pairing",
    "Pause",
    "Person",
    "PhoneAddition",
    "PhoneEntry",
    "PhoneFile",
    "PhoneFileState",
    "PhoneQueue",
    "PhotoPrint",
    "PhotoTurn",
    "Plan",
    "Post",
    "QuestionResolution",
    "Referral",
    "RelapseCandidate",
    "RelapseVerdict",
    "ReportPrint",
    "Responsibility",
    "RestingRow",
    "ReverseDraw",
    "Review",
    "SavedList",
    "Screening",
    "SignInCode",
    "SignInLink",
    "Source",
    "SpotCheckDraw",
    "StepKind",
    "Submission",
    "TakenBack",
    "Term",
    "Transfer",
    "Undone",
    "Unit",
    "UnitLevel",
    "UnitName",
    "VerdictAppeal",
    "VerdictKind",
    "WiderCheck",
    "Withdrawal",
]
