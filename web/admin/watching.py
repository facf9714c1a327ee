"""How units are told, and to read: what did not get out, what rests."""

from typing import Any

from django import forms
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from notifications.channels import CHANNELS
from notifications.models import Endpoint
from web.admin.base import Edited


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
