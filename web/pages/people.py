"""Signing in and out, the password, the language, and what the posts held today allow."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.models import Term
from casework.models.unit import on_day
from casework.offices.accounts import choose_language, choose_password
from casework.offices.lists import start_of
from web.pages.form_words import WordedForm
from web.requests import Request
from web.sign_in import BY_CODE


class SignInForm(WordedForm, AuthenticationForm):
    error_messages = {
        "invalid_login": _("Name or password is wrong. Ask your office if you have forgotten them."),
        "inactive": _("This account is switched off. Ask your office."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Phone number or user name")
        self.fields["password"].label = _("Password")

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if user.first_password_is_over(timezone.now()):
            raise forms.ValidationError(
                _("This one-time password has run out. Ask your office for a new one."), code="first_password_over"
            )


class NewPasswordForm(WordedForm, SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _("At least 8 characters, not only digits.")
        self.fields["new_password2"].label = _("The same once more")
        self.fields["new_password2"].help_text = ""

    def clean_new_password1(self) -> str:
        """Whoever handed a one-time password out knows it; so it is not kept."""
        if self.user.check_password(self.cleaned_data["new_password1"]):
            raise forms.ValidationError(_("This is the present password. Choose another one."))
        return self.cleaned_data["new_password1"]

    def save(self, commit: bool = True) -> Any:
        return choose_password(person=self.user, password=self.cleaned_data["new_password1"], at=timezone.now())


class OldPasswordForm(NewPasswordForm):
    """Whoever changes a password says the old one first; whoever signs in for the first time has just said it."""

    old_password = forms.CharField(
        label=_("Present password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Asked as at the sign-in, so that guessing is counted and slowed down as there."""
        said = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=said) != self.user:
            raise forms.ValidationError(_("This is not your present password."))
        return self.cleaned_data["old_password"]


class SignIn(LoginView):
    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Where somebody lands who came for no page: home, or the list that they chose."""
        request = cast(Request, self.request)
        start = start_of(request.user, request.on)
        return f"{reverse('cases')}{start.query_string}" if start else super().get_default_redirect_url()


class SignOut(LogoutView):
    http_method_names = ["post", "options"]


def password(request: Request) -> HttpResponse:
    form: NewPasswordForm
    if request.user.must_choose_password and not request.session.get(BY_CODE):
        form = NewPasswordForm(request.user, request.POST or None)
    else:
        form = OldPasswordForm(request.user, request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        return redirect("home")
    return render(request, "people/password.html", {"form": form}, status=422 if form.errors else 200)


def me(request: Request) -> HttpResponse:
    on = request.on
    terms = Term.objects.filter(on_day(on), person=request.user).select_related("post__unit__parent").order_by("id")
    return render(request, "people/me.html", {"terms": list(terms)})


@require_POST
def language(request: Request) -> HttpResponse:
    """Remember the language with the account, or in a cookie before the sign-in."""
    wanted = request.POST.get("language", "")
    response = back_in_language(request, wanted, home="/")
    if wanted in dict(settings.LANGUAGES) and request.user.is_authenticated:
        choose_language(person=request.user, language=wanted, at=request.at)
    return response


def back_in_language(request: Request, wanted: str, *, home: str) -> HttpResponse:
    """Back to the page from which the language was chosen, if it lies below `home`, with the cookie that says so."""
    back = request.POST.get("next", "")
    # A word without a slash is the name of a view to redirect(), and to a browser an address beside this one.
    if not back.startswith(home) or not url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    ):
        back = home
    response = HttpResponseRedirect(back)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 24 * 3600, samesite="Lax")
    return response


urlpatterns = [
    path("sign-in", SignIn.as_view(), name="sign_in"),
    path("sign-out", SignOut.as_view(), name="sign_out"),
    path("password", password, name="choose_password"),
    path("me", me, name="me"),
    path("language", language, name="language"),
]
