"""The catalogue of problems and its other names. An item is tried on the findings before it is saved."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.aliases import caught_by_two
from casework.lifecycle.category_words import Matcher, TriedItem
from casework.lifecycle.item_trials import Trial, try_item
from casework.models import Alias, Aspect, CatalogueItem, Person
from casework.models.category import local_name
from casework.working_time.deadlines import local_day
from web.admin.base import Edited

# The name of the button that shows what an item would find, and saves nothing.
TRY = "_try"


class AspectForm(ModelForm):
    class Meta:
        model = Aspect
        fields = ["code", "name", "name_en", "order"]
        help_texts = {
            "code": _(
                "A short sign of letters, digits and hyphens. Programs know the aspect by it: better not changed."
            ),
            "name": _("What stands above its items wherever one is chosen, and in the ledger before the item."),
            "name_en": _("Shown to those who read English. Left empty, they see the Chinese name."),
            "order": _("Small numbers stand first."),
        }


class AspectAdmin(Edited):
    form = AspectForm
    list_display = ["name", "name_en", "order"]


class AspectField(forms.ModelChoiceField):
    """The aspects by their names in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return local_name(obj)


class ItemForm(ModelForm):
    """Each field with what it does, in plain words."""

    class Meta:
        model = CatalogueItem
        fields = [
            "aspect", "code", "name", "name_en", "standard", "severity", "kind", "days", "is_recurring_duty", "order",
            "is_active",
        ]  # fmt: skip
        help_texts = {
            "aspect": _("The field of village supervision that the problem belongs to. Lists and figures group by it."),
            "code": _(
                "A short sign of letters, digits and hyphens, such as openness-idle. Files and other programs know the "
                "item by it: better not changed once it is in use."
            ),
            "name": _("What everybody reads: on cases, in the ledger, on letters. An import finds the item by it too."),
            "name_en": _("Shown to those who read English. Left empty, they see the Chinese name."),
            "standard": _(
                "The rule that is broken, as it is written. Its first 200 characters become the basis of each new case."
            ),
            "severity": _(
                "How grave it is where nobody says otherwise; each case can be given another. It sets no deadline: the "
                "working days below do. From “Serious” on the town approves the plan, “Grave” is approved by the city; "
                "reminders and look-backs can be set by it."
            ),
            "kind": _(
                "How the rectification is meant to run. Each new case takes it over, and reminders can be set by it. The "
                "deadline comes from the working days below."
            ),
            "days": _(
                "So many working days a village gets, counted from the assignment; weekends and holidays do not count. "
                "Whoever assigns can set another day. Cases that are assigned already keep theirs."
            ),
            "is_recurring_duty": _(
                "Tick it where the duty comes again and again, as publishing the accounts does. A strike-off is then "
                "looked at once more when the next period is over."
            ),
            "order": _("Small numbers stand first within the aspect."),
            "is_active": _(
                "Without the tick it can't be chosen any more, and no import files anything under it. Cases that have it "
                "keep it."
            ),
        }


class AliasForm(ModelForm):
    """A name of every city. Refused where another item is found by it, in whatever city."""

    def __init__(self, *args: Any, parent: CatalogueItem | None = None, **kwargs: Any) -> None:
        """`parent` is the item on whose page the name is typed, saved or not."""
        super().__init__(*args, **kwargs)
        self.parent = parent

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.has_changed():
            return said
        words, item = said.get("words", ""), self.parent or said.get("item")
        matcher = Matcher(without=self.instance.pk or 0)
        if words and (item is not None or not said.get("severity")):
            for place in matcher.places():
                refusal = caught_by_two(words, item=item, place=place, matcher=matcher)
                if refusal is not None:
                    raise forms.ValidationError({"words": str(refusal.sentence)})
        return said


class ExplainedAliasForm(AliasForm):
    class Meta:
        model = Alias
        fields = ["words", "item", "severity"]
        help_texts = {
            "words": _(
                "Other words of offices, such as “the board stands empty”. An import finds by them what is chosen below; "
                "all of the words count, and spaces and punctuation make no difference."
            ),
            "item": _("The item that the words stand for. Leave it empty where they stand for a severity."),
            "severity": _("The severity that the words stand for. Leave it empty where they stand for an item."),
        }


class NameThere(forms.ModelChoiceField):
    """One of the names that an item has, by its key: all of them are read at once, and not each by a query of its own."""

    def __init__(self, there: Mapping[str, Alias], initial: Any) -> None:
        super().__init__(Alias.objects.none(), initial=initial, required=False, widget=forms.HiddenInput)
        self.there = there

    def to_python(self, value: Any) -> Alias | None:
        if value in self.empty_values:
            return None
        if str(value) not in self.there:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.there[str(value)]


class NamesOfItem(BaseInlineFormSet):
    """The names on an item's page. What is only tried is never ready to be saved."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        there = {str(alias.pk): alias for alias in self.get_queryset()}
        form.fields["id"] = NameThere(there, initial=form.fields["id"].initial)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "parent": self.instance}

    def is_valid(self) -> bool:
        return super().is_valid() and TRY not in self.data


class AliasInline(admin.TabularInline):
    """Names of one city are decided and ended at the classification desk; here stand those of every city."""

    model = Alias
    form = AliasForm
    formset = NamesOfItem
    fields = ["words"]
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alias]:
        return super().get_queryset(request).filter(city=None, ended_at=None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ItemAdmin(Edited):
    form = ItemForm
    list_display = ["name", "aspect", "severity", "kind", "days", "is_active"]
    list_filter = ["aspect", "severity", "is_active"]
    search_fields = ["name", "name_en", "code"]
    inlines = [AliasInline]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, form_class=AspectField, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method == "POST" and TRY in request.POST and not context["errors"]:
            context["trial"] = self._trial(request, context)
        return super().render_change_form(request, {**context, "try_name": TRY}, *args, **kwargs)

    def _trial(self, request: HttpRequest, context: dict[str, Any]) -> Trial:
        """Of the item as it stands in the form, which is not saved."""
        (inline,) = context["inline_admin_formsets"]
        said = [form.cleaned_data.get("words", "") for form in inline.formset.forms if form.is_valid()]
        tried = TriedItem(context["adminform"].form.instance, [words for words in said if words])
        return try_item(tried, cast(Person, request.user), local_day(timezone.now()))


class AliasAdmin(Edited):
    form = ExplainedAliasForm
    list_display = ["words", "item", "severity"]
    search_fields = ["words"]
    list_select_related = ["item"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alias]:
        return super().get_queryset(request).filter(city=None, ended_at=None)
