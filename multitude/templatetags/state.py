"""What the desk says of the state of the site, and since when."""

from typing import Any

from django import template

from multitude.health import Grade
from multitude.labels import day_label, hour_label
from multitude.models import Incident

register = template.Library()
register.filter(day_label)
register.filter(hour_label)


@register.inclusion_tag("admin/_state.html")
def site_state() -> dict[str, Any]:
    """Say how many points are to be looked at, as they were last written down: the page itself asks nothing."""
    grades = list(Incident.objects.filter(ended_at=None).values_list("grade", flat=True))
    return {"number": len(grades), "is_down": Grade.DOWN in grades}
