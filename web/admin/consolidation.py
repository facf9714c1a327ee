"""How long a strike-off is watched."""

from typing import Any

from django import forms
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import too_far
from web.admin.base import Edited


class DaysField(forms.CharField):
    """Some days after a strike-off, typed as 30, 90."""

    MOST, LONGEST = 6, 720

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        words = str(super().clean(value)).replace("，", ",").replace("、", ",").split(",")
        days = [int(word) for word in map(str.strip, words) if word.isdecimal()]
        if len(days) != len(words) or days != sorted(set(days)) or not 1 <= len(days) <= self.MOST:
            raise forms.ValidationError(_("Give up to six numbers of days, each larger than the one before: 30, 90."))
        if not 1 <= days[0] <= days[-1] <= self.LONGEST:
            raise forms.ValidationError(_("A look-back lies between one day and two years after the strike-off."))
        return days


class ConsolidationRuleForm(ModelForm):
    days = DaysField(
        max_length=60,
        label=_("days after the strike-off"),
        help_text=_("For example 30, 90. Each relapse before it doubles them."),
    )

    class Meta:
        fields = ["item", "severity", "days", "valid_from"]

    def clean_valid_from(self) -> Any:
        """What was struck off until yesterday keeps the look-backs that were planned for it."""
        day = self.cleaned_data["valid_from"]
        if day < local_day(timezone.now()):
            raise forms.ValidationError(_("A rule holds from today or a later day."))
        for refusal in too_far(day, on=local_day(timezone.now()), field="valid_from"):
            raise forms.ValidationError(str(refusal.sentence))
        return day


class ConsolidationRuleAdmin(Edited):
    """A rule that holds already stays as it was; a change is a new rule."""

    form = ConsolidationRuleForm
    list_display = ["__str__", "item", "severity", "valid_from"]
    list_select_related = ["item"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.valid_from > local_day(timezone.now()))
