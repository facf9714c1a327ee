"""Units and what other counties answer for."""

from typing import Any, cast

from django import forms
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import Person, Unit
from casework.working_time.deadlines import local_day
from oversight.handover.retirement import check_merger, merge_unit
from web.admin.base import Edited


class UnitForm(ModelForm):
    """To take a unit out of use asks the same as `manage.py retire_unit`: who takes over what it leaves."""

    successor = forms.CharField(
        required=False,
        max_length=20,
        label=_("Successor's code"),
        help_text=_("When the unit goes out of use: the unit that takes over what it leaves."),
    )
    moves_cases = forms.BooleanField(required=False, label=_("The open cases go along to the successor"))

    class Meta:
        fields = [
            "office_code",
            "is_functional_zone",
            "has_committee",
            "is_active",
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        code = (said.get("successor") or "").strip()
        self.successor_unit = Unit.objects.filter(code=code).first() if code else None
        if code and self.successor_unit is None:
            self.add_error("successor", _("No unit has the code %(code)s.") % {"code": code})
        elif self.retires:
            try:
                moves_cases = said.get("moves_cases", False)
                on = local_day(timezone.now())
                check_merger(self.instance, self.successor_unit, moves_cases=moves_cases, on=on)
            except Refusal as refusal:
                self.add_error(refusal.field, str(refusal.sentence))
        return said

    @property
    def retires(self) -> bool:
        return "is_active" in self.changed_data and not self.cleaned_data.get("is_active", True)


class UnitAdmin(Edited):
    """Flags only: names, codes and the tree come in through `manage.py import_units`, key villages are marked with a
    reason on the analysis page, and what a discipline office is decides who sees referred cases.
    """

    form = UnitForm
    list_display = ["name", "code", "level", "is_key_village", "has_committee", "is_active"]
    list_filter = ["level", "is_key_village", "is_functional_zone"]
    search_fields = ["name", "code"]
    readonly_fields = ["code", "name", "level", "parent", "is_key_village", "is_discipline_office"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        if form.retires:
            by = cast(Person, request.user)
            successor, moves_cases = form.successor_unit, form.cleaned_data["moves_cases"]
            at = timezone.now()
            merge_unit(unit=obj, successor=successor, moves_cases=moves_cases, by=by, at=at)
        super().save_model(request, obj, form, change)


class ResponsibilityAdmin(Edited):
    """To read: a change of who answers for a territory ends the one before and begins another, with its day. That is
    done by `manage.py import_responsibilities`, and by retiring a unit.
    """

    fields = readonly_fields = ("territory", "responsible", "valid_from", "valid_until", "note")
    show_full_result_count = False
    list_display = ["territory", "responsible", "valid_from", "valid_until"]
    list_select_related = ["territory", "responsible"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
