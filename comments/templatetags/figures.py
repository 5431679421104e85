"""Figures as French writes them."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """Return a number with its thousands apart, by a space at which no line breaks."""
    return str(number_format(number, force_grouping=True))
