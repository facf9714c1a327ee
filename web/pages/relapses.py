"""What may have come back: the candidates that wait for an office, the verdict, the appeal, hints while a report is typed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.lifecycle.category_words import Matcher
from casework.lifecycle.verdicts import appeal_verdict, give_verdict, name_earlier
from casework.models import Case, CatalogueItem, Evidence, Person, RelapseCandidate, RelapseVerdict, Unit, VerdictKind
from casework.models.evidence import EvidenceKind
from casework.queries import candidates_to_decide, candidates_with_verdicts, visible
from casework.relapse.candidates import listed
from casework.relapse.matching import THRESHOLD, Match, likeliest_of, likeliest_of_words
from casework.relapse.open_twins import open_twins
from casework.relapse.reasons import for_and_against, likelihood_of, reasons_in_words
from casework.relapse.traits import catalogue_by_code, traits_of
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may, may_do
from casework.rights.table import Action
from casework.stages import Stage
from web.pages.case_forms import CaseForm, case_step
from web.pages.units import reportable
from web.requests import Request
from web.templatetags.words import labelled

PAGE = 30
SHORTEST = 6  # characters before a hint is looked for
THREE_ROWS = forms.Textarea(attrs={"rows": 3})


class OnPair(CaseForm):
    """A form about the case and an earlier one, side by side."""

    template = "relapses/verdict.html"
    stages = tuple(Stage)
    candidate: RelapseCandidate

    def lay_side_by_side(self, found: RelapseCandidate) -> None:
        self.candidate = found
        self.reasons = for_and_against(found.features, is_guessed=found.is_guessed)
        self.verdicts = list(found.verdicts.all()) if found.pk else []
        self.struck_off_before = [
            row for row in struck_off_before(self.case, self.reader, self.on) if row["case"].pk != found.earlier_id
        ]
        files = Evidence.objects.filter(case__in=(found.earlier_id, self.case.pk)).order_by("number")
        images = [one for one in files if one.is_image]
        now = [one for one in images if one.case_id == self.case.pk]
        self.photos_now = [one for one in now if one.kind == EvidenceKind.BEFORE][:2]
        self.photos_earlier = [
            photo
            for kind in (EvidenceKind.BEFORE, EvidenceKind.AFTER)
            for photo in [one for one in images if one.case_id == found.earlier_id and one.kind == kind][-1:]
        ]


class OnCandidate(OnPair):
    """A form about one candidate of the case."""

    def arrange(self) -> None:
        found = candidates_with_verdicts(self.case).filter(pk=self.named["candidate"]).first()
        if found is None:
            raise Http404
        self.lay_side_by_side(found)

    def words(self) -> dict[str, Any]:
        return {**super().words(), "candidate": self.candidate}


MEANINGS = {
    VerdictKind.RELAPSE: _("it was put right and has come back"),
    VerdictKind.MISSED: _("it was there before the strike-off, and nobody saw it"),
    VerdictKind.NEVER: _("it was struck off without having been put right"),
    VerdictKind.NEW: _("another object, or another problem"),
    VerdictKind.DUPLICATE: _("reported twice: the same problem, the same time"),
}


class VerdictFields(OnPair):
    """The fields of a verdict, whoever proposed the pair."""

    action = Action.VERDICT
    heading = _("Is it back?")
    lead = _(
        "The system only points; you decide. The reason is read by the village, and by the city if somebody appeals."
    )
    button = _("Give the verdict")
    done = _("The verdict is given.")
    is_official_act = True

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=lambda: [(kind.value, labelled(kind.label, words)) for kind, words in MEANINGS.items()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=THREE_ROWS)


class VerdictForm(OnCandidate, VerdictFields):
    verb = staticmethod(give_verdict)


class NameEarlierForm(VerdictFields):
    """This one, says who decides: an earlier case that nothing has proposed, named and judged in one step."""

    verb = staticmethod(name_earlier)
    lead = _(
        "You name the earlier case yourself. The reason is read by the village, and by the city if somebody appeals."
    )

    def arrange(self) -> None:
        struck_off = visible(self.reader, self.on).filter(
            number=self.named["earlier"], stage=Stage.CLOSED, village=self.case.village_id
        )
        earlier = struck_off.select_related("item", "object").exclude(pk=self.case.pk).first()
        if earlier is None:
            raise Http404
        proposed = candidates_with_verdicts(self.case).filter(earlier=earlier).first()
        self.lay_side_by_side(proposed or RelapseCandidate(case=self.case, earlier=earlier))
        self.initial.setdefault("verdict", VerdictKind.RELAPSE.value)

    def words(self) -> dict[str, Any]:
        return {**super().words(), "earlier": self.candidate.earlier}


class AppealDecisionForm(VerdictForm):
    action = Action.DECIDE_APPEAL
    heading = _("Decide on the appeal")
    lead = _("You decide for the last time. The first verdict stays on record beside yours.")


class AppealForm(OnCandidate):
    verb = staticmethod(appeal_verdict)
    action = Action.APPEAL
    heading = _("Appeal against the verdict")
    lead = _("The city decides again, and somebody else than before. A verdict can be appealed once.")
    button = _("Appeal")
    done = _("The appeal is handed in. The city decides.")

    reason = forms.CharField(label=_("Why is the verdict wrong?"), widget=THREE_ROWS)


def candidates(request: Request) -> HttpResponse:
    """What waits for this office's verdict, the surest first."""
    on = request.on
    if not may_do(request.user, OfficeAction.DECIDE_RELAPSE, on):
        raise NotAllowed(
            "no_verdict_post", _("Whether a problem is back is decided by the offices of counties and the city.")
        )
    found = list(candidates_to_decide(request.user, on)[: PAGE + 1])
    rows = [
        {
            "candidate": one,
            "reasons": reasons_in_words(one.features, is_guessed=one.is_guessed),
            "likelihood": likelihood_of(one.score),
        }
        for one in found[:PAGE]
    ]
    return render(request, "relapses/list.html", {"rows": rows, "has_more": len(found) > PAGE})


def came_back_panel(case: Case, reader: Person, on: date) -> list[dict[str, Any]]:
    """The candidates of a case for its page: those with a verdict for every reader, the others for who decides."""
    decides = may(reader, Action.VERDICT, case, on)
    rows = []
    for candidate in candidates_with_verdicts(case):
        given: list[RelapseVerdict] = list(candidate.verdicts.all())
        if not given and (not decides or case.relapse_of_id):
            continue
        last = given[-1] if given else None
        appeal = getattr(last, "appeal", None) if last else None
        rows.append(
            {
                "candidate": candidate,
                "reasons": reasons_in_words(candidate.features, is_guessed=candidate.is_guessed),
                "verdicts": given,
                "appeal": appeal,
                "may_decide": not given and decides,
                "may_appeal": last is not None
                and last.instance == 1
                and appeal is None
                and may(reader, Action.APPEAL, case, on),
                "may_decide_appeal": appeal is not None
                and last is not None
                and reader.pk not in (last.by_id, appeal.by_id)
                and may(reader, Action.DECIDE_APPEAL, case, on),
            }
        )
    return rows


def hints(request: Request) -> HttpResponse:
    """While a report is typed: struck-off cases that it sounds like, the three likeliest. A piece of a page, empty where
    there is none or where the words can't be read: a report is taken all the same."""
    on = request.on
    if not may_do(request.user, OfficeAction.REPORT, on):
        raise NotAllowed("no_reporting_post", _("Problems are reported by inspectors, offices, towns and volunteers."))
    # Asked by POST, because a description may be longer than an address; an address works as well.
    said = request.POST if request.method == "POST" else request.GET
    words, asked = said.get("description", "").strip(), said.get("village_code", "")
    village = reportable(request).filter(code=asked).first() if asked else None
    if village is None or len(words) < SHORTEST:
        return render(request, "relapses/hints.html", {"rows": []})
    item_key = said.get("item", "")
    items = catalogue_by_code()
    item = next((one for one in items.values() if str(one.pk) == item_key), None)
    is_read, is_named = False, bool(said.get("object_name"))

    def look() -> Sequence[Match]:
        nonlocal is_read, is_named
        row = traits_of(
            village=village,
            item=item,
            description=words[:2000],
            object_name=said.get("object_name", "")[:100],
            fact_on=_fact_on(said, on),
            items=items,
        )
        is_read, is_named = True, bool(row.thing or row.is_duty or row.object_id or is_named)
        category = item.name if item else ""
        return likeliest_of_words(row.__dict__, description=words[:2000], category=category)

    rows = _earlier_rows(listed(look, of="a report that is typed"), request.user, on, is_guessed=item is None)
    still_open = listed(
        lambda: open_twins(
            visible(request.user, on).filter(village=village),
            description=words[:2000],
            category=item.name if item else "",
        ),
        of="a report that is typed",
    )
    return render(
        request,
        "relapses/hints.html",
        {
            "rows": [row for row in rows if row["is_likely"]],
            "others": [row for row in rows if not row["is_likely"]],
            "still_open": still_open,
            "asks_object": is_read and not is_named,
            "known_words": known_words(words, village) if item is None else None,
        },
    )


def known_words(said: str, village: Unit) -> tuple[str, CatalogueItem] | None:
    """What an office has decided that words of this description mean, with the words."""
    return Matcher().named_in(said, village.path)


def _earlier_rows(found: Sequence[Match], reader: Person, on: date, *, is_guessed: bool) -> list[dict[str, Any]]:
    """Struck-off cases that this may be, as far as the reader may see them."""
    cases = visible(reader, on).filter(pk__in=[match.earlier for match in found]).select_related("item", "object")
    seen = {case.pk: case for case in cases} if found else {}
    return [
        {
            "case": seen[match.earlier],
            "reasons": reasons_in_words(match.features, is_guessed=is_guessed or seen[match.earlier].item_id is None),
            "is_likely": match.score >= THRESHOLD,
        }
        for match in found
        if match.earlier in seen
    ]


def struck_off_before(case: Case, reader: Person, on: date) -> list[dict[str, Any]]:
    """For the desk that screens, assigns or decides: the struck-off cases of the village that this one may be, the
    likeliest first, without those that are candidates already."""
    candidates = set(case.candidates.values_list("earlier", flat=True))
    found = [one for one in listed(lambda: likeliest_of(case.pk), of=case.number) if one.earlier not in candidates]
    return _earlier_rows(found, reader, on, is_guessed=case.item_id is None)


def _fact_on(said: QueryDict, on: date) -> date:
    for name in ("fact_on", "found_on"):
        try:
            return date.fromisoformat(said.get(name, ""))
        except ValueError:
            continue
    return on


urlpatterns = [
    path("candidates", candidates, name="candidates"),
    path("cases/new/hints", hints, name="report_hints"),
    path("cases/<str:number>/candidates/<int:candidate>/verdict", case_step(VerdictForm), name="verdict"),
    path("cases/<str:number>/candidates/<int:candidate>/appeal", case_step(AppealForm), name="verdict_appeal"),
    path("cases/<str:number>/back-from/<str:earlier>", case_step(NameEarlierForm), name="name_earlier"),
    path(
        "cases/<str:number>/candidates/<int:candidate>/appeal/decision",
        case_step(AppealDecisionForm),
        name="verdict_appeal_decision",
    ),
]
