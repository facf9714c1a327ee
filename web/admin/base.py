"""What every part of the admin shares: whom it lets in, and that nothing is deleted and each change is stamped."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from casework.models.history import stamped
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.working_time.deadlines import local_day

# Django's forms end each label with it, and its own Chinese leaves it half-width.
gettext_noop(":")
MOST_SEARCHED = 100  # characters; as many as the list of cases looks for


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

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Of a text as long as a book the beginning is looked for: no database takes all of it as conditions."""
        return super().get_search_results(request, queryset, search_term[:MOST_SEARCHED])

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
