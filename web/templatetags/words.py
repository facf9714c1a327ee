"""Words for templates: days in words, lights, file sizes."""

from django import template

register = template.Library()
