"""Days and hours in words, for the pages and mails of `multitude`."""

from django import template

from multitude.labels import day_label, hour_label

register = template.Library()
register.filter(day_label)
register.filter(hour_label)
