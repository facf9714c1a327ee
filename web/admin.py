"""Catalogue and accounts: the only thing Django's admin is used for. Cases have no place here, and nothing is deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import (
    Alias,
    Aspect,
    CatalogueItem,
    ConsolidationRule,
    Person,
    Post,
    Responsibility,
    RestingRow,
    Term,
    Unit,
)
from casework.models.history import stamped
from casework.offices.accounts import first_password_end
from casework.offices.retiring import check_retirement, retire_unit
from casework.offices.terms import is_shorter, refusal_to_give, require_free
from casework.rights import OfficeAction
from casework.roles import may_do
from casework.working_time.deadlines import local_day
from casework.working_time.entered_days import too_far
from notifications.channels import CHANNELS
from notifications.models import BlockedChannel, Delivery, Endpoint


class CatalogueAndAccounts(admin.AdminSite):
    site_header = _("Catalogue and accounts")
    site_title = _("Catalogue and accounts")
    index_title = _("What an office may edit")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever holds a post of administrator today; `is_staff` and superusers don't exist here."""
        on = local_day(timezone.now())
        return request.user.is_authenticated and may_do(request.user, OfficeAction.ADMINISTER, on)


class Edited(admin.ModelAdmin):
    """May be added and changed by an administrator, each time with its history; never deleted."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """A list is narrowed by what stands beside it and by nothing else: a hash could be read letter by letter."""
        offered = lookup.split("__")[0] in self.list_filter
        return offered and super().lookup_allowed(lookup, value, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        with self._stamp(request):
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        with self._stamp(request):
            super().save_related(request, form, formsets, change)

    @contextmanager
    def _stamp(self, request: HttpRequest) -> Iterator[None]:
        with stamped(step="administration", by=request.user, at=timezone.now()):
            yield


class AliasInline(admin.TabularInline):
    model = Alias
    fields = ["words"]
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class ItemAdmin(Edited):
    list_display = ["name", "aspect", "severity", "kind", "days", "is_active"]
    list_filter = ["aspect", "severity", "is_active"]
    search_fields = ["name", "name_en", "code"]
    inlines = [AliasInline]


class AliasAdmin(Edited):
    list_display = ["words", "item", "severity"]
    search_fields = ["words"]
    list_select_related = ["item"]


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


class UnitForm(ModelForm):
    """To take a unit out of use asks the same as `manage.py retire_unit`: who takes its open cases over."""

    successor = forms.CharField(
        required=False,
        max_length=20,
        label=_("Successor's code"),
        help_text=_("Only when the unit goes out of use with open cases: the unit that takes them over."),
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
                check_retirement(self.instance, self.successor_unit, moves_cases=said.get("moves_cases", False))
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
            retire_unit(unit=obj, successor=successor, moves_cases=moves_cases, by=by, at=timezone.now())
        super().save_model(request, obj, form, change)


class PersonForm(forms.ModelForm):
    first_password = forms.CharField(
        label=_("One-time password"),
        required=False,
        help_text=_("Set only for a new account or a forgotten password; the person chooses another at the sign-in."),
    )

    class Meta:
        model = Person
        fields = ["username", "name", "phone", "language", "is_active"]

    def clean_first_password(self) -> str:
        """As strong as one that people choose themselves: it opens the door for days."""
        password = self.cleaned_data["first_password"]
        if password:
            validate_password(password, self.instance)
        return password


class PersonAdmin(Edited):
    form = PersonForm
    list_display = ["name", "username", "phone", "is_active", "first_password_until"]
    readonly_fields = ["first_password_until"]
    search_fields = ["name", "username", "phone"]
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Person, form: ModelForm, change: bool) -> None:
        password = form.cleaned_data["first_password"]
        obj.phone = obj.phone or None
        if password:
            obj.set_password(password)
            obj.must_choose_password = True
            obj.first_password_until = first_password_end(timezone.now())
        elif not change:
            obj.set_unusable_password()
            self.message_user(
                request,
                _("%(name)s cannot sign in yet: set a one-time password and pass it on.") % {"name": obj},
                messages.WARNING,
            )
        super().save_model(request, obj, form, change)


class TermForm(ModelForm):
    """Of a term that is there only the last day changes: another person or first day is another term."""

    by: Person

    class Meta:
        fields = ["person", "valid_from", "valid_until"]

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        if self.instance.pk:
            self.fields["person"].disabled = self.fields["valid_from"].disabled = True

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        person, post = said.get("person"), self.post
        if person is None or post.unit_id is None or not self.has_changed():
            return said
        first, last = said.get("valid_from"), said.get("valid_until")
        try:
            refused = refusal_to_give(post=post, person=person, by=self.by, at=timezone.now())
            is_own_end = self.instance.pk and is_shorter(Term.objects.get(pk=self.instance.pk), last)
            if refused is not None and not (refused.code == "own_post" and is_own_end):
                raise refused
            require_free(post, first, last, but=self.instance.pk)
        except Refusal as error:
            raise forms.ValidationError(str(error.sentence)) from error
        return said


class TermFormSet(BaseInlineFormSet):
    """Tells each term of its post, which is not in the database yet when both are added."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "post": self.instance}


class TermInline(admin.TabularInline):
    model = Term
    form = TermForm
    formset = TermFormSet
    fields = ["person", "valid_from", "valid_until"]
    raw_id_fields = ["person"]
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.by = request.user
        return formset


class PostAdmin(Edited):
    """A post stays at its unit and keeps its role: whoever holds it would get another one unseen."""

    list_display = ["unit", "role", "number"]
    list_filter = ["role"]
    search_fields = ["unit__name", "unit__code"]
    list_select_related = ["unit"]
    raw_id_fields = ["unit"]
    inlines = [TermInline]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["unit", "role", "number"] if obj is not None else []


class ResponsibilityAdmin(Edited):
    list_display = ["territory", "responsible", "valid_from", "valid_until"]
    list_select_related = ["territory", "responsible"]
    raw_id_fields = ["territory", "responsible"]


class EndpointForm(forms.ModelForm):
    """A unit's robot or webhook; an address that can't be one is refused here, not when something is sent."""

    class Meta:
        model = Endpoint
        fields = ["unit", "channel", "address", "secret"]

    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(road.code, road.label) for road in CHANNELS.values() if road.is_for_units]
    )
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        widget=forms.PasswordInput,
        help_text=_("Never shown again. Left empty, the one that is kept stays."),
    )

    def clean_secret(self) -> str:
        return self.cleaned_data["secret"] or self.instance.secret

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("channel") and said.get("address"):
            try:
                said["address"] = CHANNELS[said["channel"]].check_address(said["address"].strip())
            except Refusal as error:
                self.add_error("address", str(error.sentence))
        return said


class EndpointAdmin(Edited):
    form = EndpointForm
    list_display = ["unit", "channel", "failed_at", "error"]
    list_select_related = ["unit"]
    raw_id_fields = ["unit"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An address is no record: one that is no longer wanted goes."""
        return self.admin_site.has_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        obj.failed_at, obj.error = None, ""  # entered anew, it is tried anew
        super().save_model(request, obj, form, change)


class DeliveryAdmin(Edited):
    """What did not get out, and what may have come twice: to read. Whom a message was for is not shown here."""

    list_display = ["channel", "state", "due_at", "tries", "repeats", "error"]
    list_filter = ["channel", "state"]
    fields = readonly_fields = ("channel", "state", "due_at", "tries", "repeats", "error", "sent_at")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ShownAlone(Edited):
    """To read: what the program itself enters and takes away."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RestingRowAdmin(ShownAlone):
    list_display = ["clock", "case", "error", "since", "tries", "next_try"]
    list_filter = ["clock"]
    list_select_related = ["case"]
    fields = readonly_fields = ("clock", "row", "case", "error", "since", "tries", "next_try")


class BlockedChannelAdmin(ShownAlone):
    list_display = fields = readonly_fields = ("channel", "endpoint", "error", "since", "next_try")
    list_select_related = ["endpoint"]


site = CatalogueAndAccounts(name="admin")
site.register(Aspect, Edited, list_display=["name", "name_en", "order"])
site.register(CatalogueItem, ItemAdmin)
site.register(Alias, AliasAdmin)
site.register(ConsolidationRule, ConsolidationRuleAdmin)
site.register(Unit, UnitAdmin)
site.register(Person, PersonAdmin)
site.register(Post, PostAdmin)
site.register(Responsibility, ResponsibilityAdmin)
site.register(Endpoint, EndpointAdmin)
site.register(Delivery, DeliveryAdmin)
site.register(BlockedChannel, BlockedChannelAdmin)
site.register(RestingRow, RestingRowAdmin)
