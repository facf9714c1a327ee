"""What may happen beside the path: more time, a pause, a withdrawal, a referral."""

from typing import Any

from django import forms
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.lifecycle.exit import refer_case, withdraw_case
from casework.lifecycle.extension import EXTENDABLE, ask_extension, decide_extension
from casework.lifecycle.interviews import decline_referral, record_interview
from casework.lifecycle.pausing import deadline_if_resumed, pause_case, resume_case
from casework.lifecycle.reminding import LONGEST, remind_turn
from casework.models import Unit
from casework.rights.table import Action
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import add_working_days
from web.pages.case_forms import CaseForm, case_step
from web.pages.fields import DayField, field_of
from web.pages.queue import EXTENSIONS

THREE_ROWS = {"rows": 3}
DAY_OFF = _("A day off means the next working day.")


class ExtensionForm(CaseForm):
    verb = staticmethod(ask_extension)
    action = Action.ASK_EXTENSION
    stages = EXTENDABLE
    heading = _("Ask for an extension")
    lead = _("Ask before the deadline. Asked later, it may move the deadline but the light stays as it is.")
    button = _("Ask for the extension")
    done = _("The extension is asked for. The level above decides.")

    due_on = DayField(label=_("New deadline"))
    reason = forms.CharField(label=_("Why is more time needed?"), widget=forms.Textarea(attrs=THREE_ROWS))
    progress = forms.CharField(label=_("What has been done so far?"), widget=forms.Textarea(attrs=THREE_ROWS))

    def arrange(self) -> None:
        self.fields["due_on"].help_text = DAY_OFF
        if self.case.due_on:
            self.initial["due_on"] = add_working_days(max(self.case.due_on, self.on), 10)


class ExtensionDecisionForm(CaseForm):
    verb = staticmethod(decide_extension)
    action = Action.DECIDE_EXTENSION
    template = "cases/extension_decision.html"
    heading = _("Decide on the extension")
    button = _("Decide")
    done = _("The extension is decided.")
    queue = EXTENSIONS

    grant = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Grant it")), ("no", _("Refuse it"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Needed for a refusal."), required=False, widget=forms.Textarea(attrs=THREE_ROWS)
    )

    def arrange(self) -> None:
        self.extension = self.case.extensions.filter(decided_at=None).select_related("asked_by").first()
        if self.case.paused_on is not None:
            self.lead = _(
                "The clock stands still. The day that you grant holds; only the working days from tomorrow until the clock "
                "runs again are added to it."
            )


class PauseForm(CaseForm):
    verb = staticmethod(pause_case)
    action = Action.PAUSE
    heading = _("Pause the clock")
    lead = _("The clock stands still from today on. When it runs again, what was left is left again.")
    button = _("Pause")
    done = _("The clock is paused.")

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=THREE_ROWS))


class ResumptionForm(CaseForm):
    verb = staticmethod(resume_case)
    action = Action.PAUSE
    heading = _("Let the clock run again")
    lead: Any = _("The deadline moves by the working days of the pause.")
    button = _("Let it run")
    done = _("The clock runs again.")

    def arrange(self) -> None:
        due_on = deadline_if_resumed(self.case, on=self.on)
        if due_on is not None:
            self.lead = _("Run again today, the deadline is %(day)s.") % {"day": exact_day(due_on)}

    def words(self) -> dict[str, Any]:
        return {}


class ReminderForm(CaseForm):
    verb = staticmethod(remind_turn)
    action = Action.REMIND
    heading = _("Send a reminder")
    lead = _("Whoever's turn it is hears of it at once. Each case is reminded of once a day at most.")
    button = _("Send the reminder")
    done = _("The reminder is sent.")

    # Not `words`: that is what a form gives its verb.
    word_to_them = forms.CharField(
        label=_("A word to them"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs=THREE_ROWS)
    )

    def words(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["word_to_them"]}


class WithdrawalForm(CaseForm):
    verb = staticmethod(withdraw_case)
    action = Action.WITHDRAW
    heading = _("Withdraw a mistaken case")
    lead = _("The case ends without a strike-off. It stays readable with its reason and can't be opened again.")
    button = _("Withdraw the case")
    done = _("The case is withdrawn.")
    is_official_act = True

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=THREE_ROWS))


class ReferralForm(CaseForm):
    verb = staticmethod(refer_case)
    action = Action.REFER
    heading = _("Refer to the discipline office")
    lead = _("For a suspected crime. Afterwards only the discipline office sees the case; you don't either.")
    button = _("Refer the case")
    done = _("The case is referred. Only the discipline office sees it now.")
    is_official_act = True

    to = forms.ModelChoiceField(label=_("Discipline office"), queryset=Unit.objects.none())
    reason = forms.CharField(label=_("What is suspected?"), widget=forms.Textarea(attrs=THREE_ROWS))

    def arrange(self) -> None:
        offices = Unit.objects.filter(
            is_discipline_office=True, is_active=True, parent__in=[self.case.city_id, self.case.county_id]
        )
        field_of(self, "to", forms.ModelChoiceField).queryset = offices
        self.initial["to"] = offices.first()


class InterviewForm(CaseForm):
    verb = staticmethod(record_interview)
    action = Action.INTERVIEW
    heading = _("Enter an interview")
    lead = _("A talk with those who are responsible: when it was, who was there, what came of it.")
    button = _("Enter the interview")
    done = _("The interview is entered.")

    held_on = DayField(label=_("Day of the interview"))
    people = forms.CharField(label=_("Who was there?"), widget=forms.Textarea(attrs={"rows": 2}))
    result = forms.CharField(label=_("What came of it?"), widget=forms.Textarea(attrs=THREE_ROWS))

    def arrange(self) -> None:
        self.initial["held_on"] = self.on


class DeclinedReferralForm(CaseForm):
    verb = staticmethod(decline_referral)
    action = Action.REFER
    heading = _("Decline the proposed referral")
    lead = _("The system proposes, you decide. The case goes on as it is.")
    button = _("Decline the referral")
    done = _("The referral is declined.")

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=THREE_ROWS))


urlpatterns = [
    path("cases/<str:number>/interview", case_step(InterviewForm), name="interview"),
    path("cases/<str:number>/referral/refusal", case_step(DeclinedReferralForm), name="referral_refusal"),
    path("cases/<str:number>/extension", case_step(ExtensionForm), name="extension"),
    path("cases/<str:number>/extension/decision", case_step(ExtensionDecisionForm), name="extension_decision"),
    path("cases/<str:number>/pause", case_step(PauseForm), name="pause"),
    path("cases/<str:number>/pause/end", case_step(ResumptionForm), name="resumption"),
    path("cases/<str:number>/reminder", case_step(ReminderForm), name="reminder"),
    path("cases/<str:number>/withdrawal", case_step(WithdrawalForm), name="withdrawal"),
    path("cases/<str:number>/referral", case_step(ReferralForm), name="referral"),
]
