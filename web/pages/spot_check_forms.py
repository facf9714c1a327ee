"""The forms of spot checks: a plan, how its list is frozen, the seed, an excuse."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Unit
from oversight.documents.records import BaseDocument
from oversight.spot_checks.freezing import Beacon
from oversight.spot_checks.inspectors import inspectors_of
from oversight.spot_checks.planning import Planned
from oversight.spot_checks.seeds import MOST_PEOPLE, Rolled
from web.pages.fields import DayField, MomentField
from web.pages.form_words import WordedForm
from web.requests import Request

ANNOUNCED = (("no", _("Unannounced")), ("yes", _("Announced")))
IN_PLAN = (("yes", _("Yes")), ("no", _("No, and this is why")))
# Lines for people who roll, before there is one more for each that was filled in.
LINES = 4


class PlanForm(WordedForm):
    purpose = forms.CharField(
        label=_("What is the check for?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    basis = forms.ChoiceField(label=_("Basis document"), required=False)
    area = forms.ChoiceField(label=_("Area"))
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))
    lot = forms.IntegerField(label=_("Villages by lot"), help_text=_("Between one and fifty."), initial=5)
    yearly = forms.IntegerField(
        label=_("Villages that were not checked for a year"),
        help_text=_("At most so many of them are visited before the lot falls; which ones, says the lot among them."),
        initial=5,
    )
    key_share = forms.IntegerField(label=_("Share of the key villages, in percent"), initial=100)
    key_reason = forms.CharField(label=_("If not all of them: why?"), max_length=500, required=False)
    inspectors = forms.MultipleChoiceField(
        label=_("Inspectors among whom the lot falls"),
        help_text=_("None ticked means all who can go there. Nobody goes to the own town."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    checklist_version = forms.IntegerField(
        label=_("Version of the checklist"), min_value=1, max_value=2**31 - 1, required=False
    )
    announced = forms.ChoiceField(
        label=_("Announced to the villages?"), choices=ANNOUNCED, initial="no", widget=forms.RadioSelect
    )
    in_yearly_plan = forms.ChoiceField(
        label=_("Does it stand in the yearly plan?"), choices=IN_PLAN, initial="yes", widget=forms.RadioSelect
    )
    unplanned_reason = forms.CharField(label=_("If not: why is it needed?"), max_length=500, required=False)

    def __init__(
        self,
        *args: Any,
        areas: list[Unit],
        documents: list[BaseDocument],
        people: dict[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {one.code: one for one in areas}
        self.documents = {str(one.pk): one for one in documents}
        self._choices("area", [(one.code, _name(one)) for one in areas])
        self._choices("basis", [("", "–"), *((key, str(one)) for key, one in self.documents.items())])
        self._choices("inspectors", [(str(key), words) for key, words in people.items()])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def planned(self, request: Request) -> Planned:
        said = self.cleaned_data
        area = self.areas[said["area"]]
        chosen = [int(key) for key in said["inspectors"]]
        return Planned(
            purpose=said["purpose"],
            basis=self.documents.get(said["basis"]),
            area=area,
            first_day=said["first_day"],
            last_day=said["last_day"],
            lot=said["lot"],
            yearly=said["yearly"],
            key_share=said["key_share"],
            key_reason=said["key_reason"],
            inspectors=chosen or [key for key in inspectors_of(area, request.on) if key != request.user.pk],
            checklist_version=said["checklist_version"],
            is_announced=said["announced"] == "yes",
            is_in_yearly_plan=said["in_yearly_plan"] == "yes",
            unplanned_reason=said["unplanned_reason"],
        )


def _name(area: Unit) -> str:
    return f"{area.parent.name} {area.name}" if area.level == "town" and area.parent else area.name


class FreezingForm(WordedForm):
    seed = forms.ChoiceField(
        label=_("Where does the seed come from?"),
        choices=(("dice", _("Dice that several people roll in the room")), ("beacon", _("A public beacon"))),
        initial="dice",
        widget=forms.RadioSelect,
    )
    beacon = forms.CharField(
        label=_("Beacon"),
        help_text=_("Whose value anybody can look up: a lottery's draw, a randomness service."),
        max_length=60,
        required=False,
    )
    round = forms.CharField(label=_("Round"), max_length=60, required=False)
    comes_out_at = MomentField(label=_("Comes out at"), required=False)
    reason = forms.CharField(
        label=_("Why are villages drawn again?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, is_again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = {"beacon", "round", "comes_out_at", "reason"}  # said by the verb, in its own words
        if not is_again:
            self.fields["reason"].widget = forms.HiddenInput()

    def named_beacon(self) -> Beacon | None:
        said = self.cleaned_data
        if said["seed"] != "beacon":
            return None
        return Beacon(said["beacon"], said["round"], said["comes_out_at"])


class DiceForm(WordedForm):
    """A line for each person; what is wrong with them is said above all of them."""

    dice = forms.CharField(required=False, widget=forms.HiddenInput())
    is_read_back = forms.BooleanField(label=_("Each throw was read back aloud and stands here as it fell"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rolled: list[Rolled] = []
        if self.is_bound:
            data: Any = self.data
            pairs = zip(data.getlist("name"), data.getlist("faces"), strict=False)
            self.rolled = [Rolled(name[:200], faces[:1000]) for name, faces in list(pairs)[: MOST_PEOPLE + 5]]

    @property
    def lines(self) -> list[Rolled]:
        filled = [one for one in self.rolled if one.name.strip() or one.faces.strip()]
        return [*filled, *[Rolled("", "")] * max(LINES - len(filled), 1)]


class BeaconForm(WordedForm):
    round = forms.CharField(label=_("Round"), max_length=60)
    value = forms.CharField(
        label=_("What it published"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    )


class ExcuseForm(WordedForm):
    reason = forms.CharField(label=_("Why is this village excused?"), max_length=500)
