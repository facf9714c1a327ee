"""Accounts, and who holds which post."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import Person, Post, Term
from casework.offices.accounts import first_password_end, refusal_to_hand_out
from casework.offices.next_holders import require_next_holder
from casework.offices.terms import is_shorter, refusal_to_give, require_free
from web.admin.base import Edited


class PersonForm(forms.ModelForm):
    by: Person

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
            refused = refusal_to_hand_out(person=self.instance, by=self.by, at=timezone.now())
            if refused is not None:
                raise forms.ValidationError(str(refused.sentence))
        return password


class PersonAdmin(Edited):
    form = PersonForm
    list_display = ["name", "username", "phone", "is_active", "first_password_until"]
    readonly_fields = ["first_password_until"]
    search_fields = ["name", "username", "phone"]
    show_full_result_count = False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

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
            if self.instance.pk and last is not None:
                require_next_holder(Term.objects.select_related("post__unit").get(pk=self.instance.pk), last)
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
