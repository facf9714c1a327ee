"""A case: one problem in one village, from the finding to the strike-off."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from casework.models.case_object import CaseObject
from casework.models.category import CatalogueItem, Kind, Severity
from casework.models.displays import display_of
from casework.models.history import tracked
from casework.models.unit import Unit
from casework.stages import BEFORE_ASSIGNMENT, ENDS, OPEN, Light, Stage, Watch

if TYPE_CHECKING:
    from casework.models.case_event import CaseEvent


class Source(models.TextChoices):
    SPOT_CHECK = "spot_check", _("Spot check")
    UNANNOUNCED_VISIT = "unannounced_visit", _("Unannounced visit")
    SELF_CHECK = "self_check", _("Self-check")
    PETITION = "petition", _("Petition")
    OBSERVATION_TOUR = "observation_tour", _("Observation tour")
    STATION = "station", _("Supervision station")
    LOOK_BACK = "look_back", _("Look-back")
    DUTY_GAP = "duty_gap", _("Gap in duty or decisions")
    CAMPAIGN = "campaign", _("Campaign")
    OTHER = "other", _("Other")


# What the lists of counties and cities are narrowed by most (casework/lists/filters.py).
NARROWED_BY = ("stage", "severity", "source", "item")


class CaseNumber(models.Model):
    """The last running number of an office and a year. Locked while a number is taken, so none is lost or doubled."""

    office_code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, default="case")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office_code", "year", "kind"], name="one_counter_per_office_year")
        ]

    def __str__(self) -> str:
        return f"{self.office_code}-{self.year}-{self.last}"


class Case(models.Model):
    """The problem, where it stands and whose turn it is.

    `stage`, `round`, `waits_at`, `light`, `due_on` and `watch` are projections for lists: the verbs of
    `casework/lifecycle` write them, nothing else. `version` grows by one with every verb, so that a form filled from an
    older state is recognised.
    """

    number = models.CharField(_("case number"), max_length=40, unique=True)
    process = models.OneToOneField(
        "viewflow.Process", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="case"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    # where: the village, and the units above it that were responsible when the case came in
    village = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("village")
    )
    town = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, verbose_name=_("town")
    )
    county = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, verbose_name=_("county")
    )
    city = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, verbose_name=_("city")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    # what
    item = models.ForeignKey(
        CatalogueItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("catalogue item"),
    )
    # An import read the item from the words and was sure of it; nobody has looked at it yet.
    is_item_guessed = models.BooleanField(_("category read from the words"), default=False)
    category_words = models.CharField(_("category as reported"), max_length=200, blank=True)
    object = models.ForeignKey(
        CaseObject, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("object")
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, null=True, blank=True)
    severity_words = models.CharField(_("severity as reported"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.SPOT_CHECK)
    source_words = models.CharField(_("source as reported"), max_length=100, blank=True)
    clause = models.CharField(_("clause"), max_length=200, blank=True)
    description = models.TextField(_("description"))
    required_action = models.TextField(_("required action"), blank=True)
    fact_on = models.DateField(_("date of the fact"), null=True, blank=True)
    found_on = models.DateField(_("found on"))
    is_key_village = models.BooleanField(_("key village"), default=False)
    relapse_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="relapses", verbose_name=_("relapse of")
    )

    # where from
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reported_at = models.DateTimeField(_("reported at"))
    # As a file names them; a name alone is nobody's account, and gives nobody a right.
    inspector_name = models.CharField(_("inspector"), max_length=100, blank=True, default="")
    finding_no = models.CharField(_("finding number"), max_length=60, blank=True)
    found_in = models.ForeignKey(
        "casework.FindingImport", on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    is_imported_history = models.BooleanField(default=False)
    likely_duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="likely_duplicates"
    )

    # how it is put right
    kind = models.CharField(_("kind of rectification"), max_length=12, choices=Kind, default=Kind.TIME_LIMITED)
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    responsible = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("responsible unit"),
    )
    support = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("supporting department"),
    )
    lead = models.CharField(_("responsible leader"), max_length=60, blank=True)

    # where it stands
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    waits_at = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    returned_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    light = models.CharField(_("light"), max_length=6, choices=Light, default=Light.NONE)
    # A late extension moves the deadline but leaves the light: it can't fall below this until the strike-off.
    light_floor = models.CharField(max_length=6, choices=Light, default=Light.NONE, editable=False)
    paused_on = models.DateField(_("clock paused since"), null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)

    # the ladder (casework/ladder/rungs.py): when a clock looks at the case next, and where its present deadline began. A new
    # deadline begins a new round; the steps of one round are done once.
    next_step_at = models.DateTimeField(null=True, blank=True, editable=False)
    ladder_round = models.PositiveSmallIntegerField(default=1, editable=False)
    ladder_since = models.DateField(null=True, blank=True, editable=False)
    ladder_raised = models.PositiveSmallIntegerField(default=0, editable=False)
    ladder_refers = models.BooleanField(default=False, editable=False)
    # Working days that an overdue case's clock stood still: its steps come that much later.
    ladder_held = models.PositiveSmallIntegerField(default=0, editable=False)

    closed_on = models.DateField(_("struck off on"), null=True, blank=True)
    closing_number = models.CharField(_("closing number"), max_length=40, blank=True)
    # After the strike-off (lifecycle/consolidation.py).
    watch = models.CharField(_("after the strike-off"), max_length=8, choices=Watch, blank=True, default=Watch.NONE)
    watched_until = models.DateField(_("watched until"), null=True, blank=True, editable=False)
    touched_at = models.DateTimeField(_("last entry"))

    # the end of the evidence chain; sealed with the case's history, so that cutting off its end is seen as well
    evidence_count = models.PositiveIntegerField(default=0, editable=False)
    evidence_chain = models.CharField(max_length=64, blank=True, editable=False)

    history = tracked(
        excluded_fields=[
            "version",
            "touched_at",
            "process",
            "next_step_at",
            "watched_until",
            "ladder_round",
            "ladder_since",
            "ladder_raised",
            "ladder_refers",
            "ladder_held",
        ]
    )

    # What a list says beside it: the reason of the last return.
    came_back_because: str

    get_stage_display = display_of("stage", Stage)
    get_severity_display = display_of("severity", Severity)
    get_light_display = display_of("light", Light)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage=Stage.CLOSED) | Q(closed_on__isnull=False), name="closed_case_has_its_date"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=ENDS, waits_at=None) | Q(stage__in=OPEN, waits_at__isnull=False),
                name="open_case_is_somebodys_turn",
            ),
            models.CheckConstraint(condition=~Q(relapse_of=models.F("id")), name="no_relapse_of_itself"),
        ]
        indexes = [
            # Lists and homes: the open cases of one unit in the order of their deadlines; keyset on (due_on, id).
            models.Index(fields=["village", "due_on", "id"], condition=Q(stage__in=OPEN), name="open_in_village"),
            models.Index(fields=["town", "due_on", "id"], condition=Q(stage__in=OPEN), name="open_in_town"),
            # Of an office many thousands are open: what its lists are narrowed by stands in the index as well, so that
            # rows which a filter leaves out are passed over without being read.
            models.Index(
                fields=["county", "due_on", "id", *NARROWED_BY, "light"],
                condition=Q(stage__in=OPEN),
                name="open_in_county_narrowed",
            ),
            models.Index(
                fields=["city", "due_on", "id", *NARROWED_BY, "light"],
                condition=Q(stage__in=OPEN),
                name="open_in_city_narrowed",
            ),
            # The board of a city: the first of each stage, and how many there are (web/pages/board.py).
            models.Index(
                fields=["city", "stage", "due_on", "id"], condition=Q(stage__in=OPEN), name="open_in_city_by_stage"
            ),
            models.Index(
                fields=["responsible", "due_on", "id"], condition=Q(stage__in=OPEN), name="open_for_responsible"
            ),
            models.Index(fields=["support", "due_on", "id"], condition=Q(stage__in=OPEN), name="open_for_support"),
            models.Index(fields=["reported_by", "due_on", "id"], condition=Q(stage__in=OPEN), name="open_reported_by"),
            # "What waits for me": queries.waiting_for.
            models.Index(fields=["waits_at", "due_on", "id"], condition=Q(stage__in=OPEN), name="waits_at_unit"),
            # Lists of everything, the newest first; keyset on id.
            models.Index(fields=["village", "-id"], name="newest_in_village"),
            models.Index(fields=["town", "-id"], name="newest_in_town"),
            models.Index(fields=["county", "-id", *NARROWED_BY, "watch"], name="newest_in_county_narrowed"),
            models.Index(fields=["city", "-id", *NARROWED_BY, "watch"], name="newest_in_city_narrowed"),
            models.Index(fields=["responsible", "-id"], name="newest_for_responsible"),
            models.Index(fields=["support", "-id"], condition=Q(support__isnull=False), name="newest_for_support"),
            models.Index(fields=["reported_by", "-id"], name="newest_reported_by"),
            # What a reviewer returned, the latest first: queries.came_back.
            models.Index(
                fields=["waits_at", "-returned_at", "-id"],
                condition=Q(stage__in=(Stage.PLANNING, Stage.RECTIFICATION), returned_at__isnull=False),
                name="returned_to_unit",
            ),
            # Import: the same file twice, and likely duplicates of an open case.
            models.Index(fields=["finding_no"], condition=~Q(finding_no=""), name="case_finding_no"),
            models.Index(fields=["village", "item"], condition=Q(stage__in=OPEN), name="open_item_in_village"),
            # What an office still has to classify: lifecycle/classification_desk.py. Few rows, and none of a large office's
            # other open cases is passed over for them.
            models.Index(
                fields=["county", "category_words"],
                condition=Q(item=None, stage__in=BEFORE_ASSIGNMENT),
                name="to_classify_in_county",
            ),
            models.Index(
                fields=["city", "category_words"],
                condition=Q(item=None, stage__in=BEFORE_ASSIGNMENT),
                name="to_classify_in_city",
            ),
            # And what was filed by its words, until somebody has looked at it.
            models.Index(
                fields=["county", "item"],
                condition=Q(is_item_guessed=True, stage__in=BEFORE_ASSIGNMENT),
                name="guessed_in_county",
            ),
            models.Index(
                fields=["city", "item"],
                condition=Q(is_item_guessed=True, stage__in=BEFORE_ASSIGNMENT),
                name="guessed_in_city",
            ),
            # The sweep reads what is due and nothing else (lifecycle/escalation.py).
            models.Index(fields=["next_step_at", "id"], condition=Q(next_step_at__isnull=False), name="next_step"),
            # Strike-offs whose look-backs are not planned yet: lifecycle/consolidation.watch_closures.
            models.Index(
                fields=["id"],
                condition=Q(stage=Stage.CLOSED, watched_until=None, is_imported_history=False),
                name="unwatched_closure",
            ),
            # The strike-offs of a day, and what was found on a day: oversight/tallies.py, lifecycle/reverse_checks.py.
            models.Index(fields=["closed_on"], condition=Q(stage=Stage.CLOSED), name="closed_on_day"),
            models.Index(fields=["found_on"], name="found_on_day"),
            # Whether a unit's last cases all went red: lifecycle/escalation.start_of.
            models.Index(fields=["responsible", "-assigned_at"], name="assigned_to_unit"),
        ]

    def __str__(self) -> str:
        return self.number

    @cached_property
    def recorded(self) -> "list[CaseEvent]":
        """The events that verbs have written while this instance was in their hands, in their order."""
        return []

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    @property
    def is_unclassified(self) -> bool:
        """To be classified: the words of an import matched no item or no severity."""
        return self.item_id is None or self.severity is None

    @property
    def needs_city_review(self) -> bool:
        """Severity 4, key villages and relapses are approved by the city (practice.md, sign-off levels)."""
        return self.severity == Severity.GRAVE or self.is_key_village or self.relapse_of_id is not None

    @property
    def needs_plan_approval(self) -> bool:
        """From severity 3 on the town approves the plan."""
        return (self.severity or 0) >= Severity.SERIOUS
