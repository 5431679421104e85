"""What the start page of the desk says of the state of the site."""

from typing import Any

from django import template

from multitude.health import Grade
from multitude.models import Incident

register = template.Library()


@register.inclusion_tag("admin/_state.html")
def site_state() -> dict[str, Any]:
    """Say how many points are to be looked at, as they were last written down: the page itself asks nothing."""
    grades = list(Incident.objects.filter(ended_at=None).values_list("grade", flat=True))
    return {"number": len(grades), "is_down": Grade.DOWN in grades}
