"""The forms of a nominee: who is to stand, a department's answers, whether they may stand, and on which day they were
elected.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.models import Unit
from oversight.eligibility.checking import Answer, Nominated
from oversight.models import Education, EligibilityItem
from web.pages.fields import DayField
from web.pages.form_words import WordedForm

NO, YES = "no", "yes"


class NomineeForm(WordedForm):
    village = forms.ChoiceField(label=_("Village"))
    name = forms.CharField(label=_("Name"), help_text=_("No identity number, please."), max_length=60)
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900, max_value=2100)
    education = forms.ChoiceField(
        label=_("Education"), choices=[("", _("not given")), *Education.choices], required=False
    )
    is_party_member = forms.ChoiceField(
        label=_("Party membership"),
        choices=[("", _("not given")), (YES, _("Party member")), (NO, _("no Party member"))],
        required=False,
    )
    terms_before = forms.IntegerField(label=_("Terms served before"), required=False, min_value=0, max_value=20)

    def __init__(self, *args: Any, villages: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = {str(one.pk): one for one in villages}
        village = self.fields["village"]
        assert isinstance(village, forms.ChoiceField)
        village.choices = [(key, f"{one.parent} · {one.name}") for key, one in self.villages.items()]

    def nominated(self) -> Nominated:
        said = self.cleaned_data
        return Nominated(
            name=said["name"],
            birth_year=said["birth_year"],
            education=said["education"],
            is_party_member={YES: True, NO: False}.get(said["is_party_member"]),
            terms_before=said["terms_before"],
        )


class OpinionForm(WordedForm):
    """A question for each item of the department."""

    def __init__(self, *args: Any, department: Unit, items: list[EligibilityItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department, self.items = department, items
        for item in items:
            self.fields[f"item-{item.pk}"] = forms.ChoiceField(
                label=item.words,
                help_text=item.get_kind_display(),
                choices=[(NO, _("does not apply")), (YES, _("applies"))],
                widget=forms.RadioSelect,
            )
            self.fields[f"words-{item.pk}"] = forms.CharField(
                label=_("What is known"), help_text=_("Where it applies."), required=False, max_length=4000
            )

    def answers(self) -> dict[int, Answer]:
        said = self.cleaned_data
        return {item.pk: Answer(said[f"item-{item.pk}"] == YES, said[f"words-{item.pk}"]) for item in self.items}


class EligibilityForm(WordedForm):
    is_eligible = forms.ChoiceField(
        label=_("May they stand?"),
        choices=[(YES, _("They may stand")), (NO, _("They may not stand"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed where a warning applies, and to refuse."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
    )


class ElectedForm(WordedForm):
    elected_on = DayField(label=_("Elected on"))
