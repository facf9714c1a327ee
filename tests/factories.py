"""Rows for tests. The city is invented."""

import itertools
from datetime import date

import factory
from django.contrib.auth.hashers import make_password

from casework.models import CatalogueItem, Person, Post, Term, Unit
from casework.models.unit import UnitLevel
from casework.offices.units import add_unit
from casework.stages import Role

numbers = itertools.count(1)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"某{n}")
    password = factory.LazyFunction(lambda: make_password("correct horse"))


def unit(level: UnitLevel, parent: Unit | None = None, **values: object) -> Unit:
    number = next(numbers)
    return add_unit(parent=parent, **{"code": f"99{number:07d}", "name": f"单位{number}", "level": level, **values})


def appoint(person: Person, role: Role, at: Unit, *, valid_from: date | None = None, until: date | None = None) -> Post:
    """Give a person a post of their own."""
    post = Post.objects.create(unit=at, role=role, number=Post.objects.filter(unit=at, role=role).count() + 1)
    Term.objects.create(post=post, person=person, valid_from=valid_from, valid_until=until)
    return post


def holder(role: Role, at: Unit, name: str) -> Person:
    person = PersonFactory(name=name, username=name)
    appoint(person, role, at)
    return person


def item(severity: int = 2) -> CatalogueItem:
    """An item of the default catalogue of this severity."""
    return CatalogueItem.objects.filter(severity=severity).order_by("id")[0]
