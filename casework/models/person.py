"""Who signs in. What a person may do hangs on the posts held today, never on the account."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None = None, **values: Any) -> "Person":
        person = self.model(username=username, **values)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """An account. Signs in with the phone number or the user name."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20, unique=True, null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    must_choose_password = models.BooleanField(_("chooses a password at the next sign-in"), default=False)
    # Until when the password that an administrator handed out opens the door.
    first_password_until = models.DateTimeField(
        _("one-time password holds until"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()
    history = tracked(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def first_password_is_over(self, at: datetime) -> bool:
        """Whether the one-time password that an administrator handed out has run out unused."""
        until = self.first_password_until
        return self.must_choose_password and until is not None and until < at

    def __str__(self) -> str:
        return self.name or self.username
