"""Figures as French writes them."""

from django import template

from comments.desk.changelist import figure

register = template.Library()
register.filter("grouped", figure)
