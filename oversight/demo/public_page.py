"""The demo's public page: off, with two released cases that wait for the switch; and one suggestion with its answer."""

from datetime import datetime, timedelta

from casework.models import Case, Unit
from casework.models.unit import UnitLevel
from casework.stages import Role, Stage
from oversight.demo.opinions import LOGIN_VILLAGE
from oversight.demo.people import Desk, first_holders
from oversight.public_page.releasing import proposed, release_case
from oversight.public_page.switching import add_masked_word
from oversight.suggestions.records import SuggestionKind
from oversight.suggestions.saying import answer_suggestion, make_suggestion

SAID = "村里老同志看不清问题列表上的小字，希望字能再大一些；另外上传照片时最好能一次选几张。"
ANSWERED = "照片已经可以一次选多张。字号可在手机系统“显示与亮度”中调大，页面会跟着变大；列表字号也会再加大。"


def seed(desk: Desk, *, now: datetime) -> None:
    """Of the demo logins' own village one case that is struck off and one that is being put right."""
    city = desk.mechanism.lead
    village = (
        Unit.objects.filter(city.subtree(), name=LOGIN_VILLAGE, level=UnitLevel.VILLAGE).first()
        or Unit.objects.filter(city.subtree(), level=UnitLevel.VILLAGE, is_active=True).order_by("path").first()
    )
    answering = first_holders([city], (Role.CITY_SUPERVISOR,)).get(city.pk)
    if village is None or answering is None:
        return
    add_masked_word(city=city, words="低保户", by=answering, at=now - timedelta(days=9))
    for stages in ((Stage.CLOSED,), (Stage.RECTIFICATION, Stage.PLANNING, Stage.FIRST_REVIEW)):
        of_village = Case.objects.filter(village=village, city=city, stage__in=stages).select_related("city")
        case = of_village.order_by("-id").first()
        if case is not None:
            release_case(case=case, shown=proposed(case), by=answering, at=now - timedelta(days=2))
    head = first_holders([village], (Role.COMMITTEE_HEAD, Role.COMMITTEE_MEMBER)).get(village.pk)
    if head is not None:
        kind = SuggestionKind.SUGGESTION
        said = make_suggestion(city=city, kind=kind, words=SAID, by=head, at=now - timedelta(days=6))
        answer_suggestion(suggestion=said, words=ANSWERED, by=answering, at=now - timedelta(days=5))
