"""People sign in with their phone number or their user name."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from casework.models import Person


class PhoneOrName(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Person | None:
        if not username or password is None:
            return None
        name = username.strip()
        # A phone number wins over a user name of the same digits: two people can't share either.
        people = list(Person.objects.filter(Q(phone=name) | Q(username=name)))
        person = next((one for one in people if one.phone == name), people[0] if people else None)
        if person is None:
            Person().set_password(password)  # takes as long as a real one, so that names can't be guessed by the clock
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None
