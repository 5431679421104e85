"""Every address of the site, read from its resolver, each with the parameters that it takes.

A route that is added is walked without a word here. The values that lead somewhere come from the rows that there are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import django
import whitenoise
from django.apps import apps
from django.contrib.admin.views import main
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize
from django.utils.termcolors import DARK_PALETTE, PALETTES

from articles.models import Article, Author, LegalPage, Picture, Section, Tag
from comments.models import Comment
from multitude.settings import BASE_DIR

_IN_CODE = re.compile(r"""(?:GET|POST)(?:\.get(?:list)?\(|\[)["'](\w+)["']|parameter_name = ["'](\w+)["']""")
_HEADER = re.compile(
    r"""["'](HTTP_[A-Z_]+)["']|headers(?:\.get\(|\[)["']([\w-]+)["']|["']([\w-]+)["'] in (?:self\.)?request\.headers"""
)
_DECLARED = re.compile(r"params=\(([^)]*)\)")
_OF_ADMIN = {value for name, value in vars(main).items() if name.endswith("_VAR") and isinstance(value, str)}
_OTHERS = {
    "next",
    "term",
    "app_label",
    "model_name",
    "field_name",
    "_selected_action",
    "action",
    "select_across",
    "_method",
}
_OURS = [BASE_DIR / folder for folder in ("multitude", "articles", "comments")]
_LOOKUPS = ("", "__exact", "__in", "__isnull", "__gte", "__regex", "__id__exact", "__year", "__contains")


@dataclass
class Route:
    """One address: its template with `%(name)s` for what varies, those names, and values that lead somewhere."""

    template: str
    names: list[str]
    name: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The address at which there is something."""
        return self.with_values({})

    @property
    def is_inside(self) -> bool:
        """Whether it is of the newsroom."""
        return self.template.startswith("admin/")

    def with_values(self, values: dict[str, str]) -> str:
        """Return the address with some values in place of its own."""
        return "/" + self.template % (self.values | values)

    def model(self) -> Any:
        """Return the model that a page of admin is about, or None."""
        match = re.match(r"admin/(\w+)/(\w+)/", self.template)
        try:
            return apps.get_model(*match.groups()) if match else None
        except LookupError:
            return None


def every() -> list[Route]:
    """Return all routes, each with the values of a row where there is one."""
    found = [Route(template, names, name) for template, names, name in _walk(get_resolver(), "", [])]
    first = {model: model._default_manager.order_by("pk").first() for model in apps.get_models()}
    for route in found:
        route.values = {name: _value(route, name, first) for name in route.names}
    return found


def _walk(resolver: URLResolver, before: str, names: list[str]) -> Iterator[tuple[str, list[str], str]]:
    for pattern in resolver.url_patterns:
        template, own = normalize(str(pattern.pattern.regex.pattern).removeprefix("^"))[0]
        if isinstance(pattern, URLPattern):
            yield before + template, [*names, *own], pattern.name or ""
        else:
            yield from _walk(pattern, before + template, [*names, *own])


def _value(route: Route, name: str, first: dict[Any, Any]) -> str:
    """Return what stands for a part of an address: of the first row of a model, or a word that leads somewhere."""
    named = {model.__name__.lower(): row for model, row in first.items() if row}
    start = route.template.split("/")[0]
    slugs = {"articles": Article, "rubriques": Section, "auteurs": Author, "themes": Tag}
    if name.endswith("_id") and name.removesuffix("_id") in named:
        return str(named[name.removesuffix("_id")].pk)
    if name in {"object_id", "id"}:
        row = first.get(route.model() or Article)
        return str(row.pk) if row else "1"
    if name == "slug" and start in slugs:
        return first[slugs[start]].slug
    key, _slash, file = str(picture.file if (picture := first[Picture]) else f"{'0' * 32}/a.jpg").partition("/")
    known = {
        "key": first[Comment].follow_up_key if start == "commentaires" and first[Comment] else key,
        "name": first[LegalPage].name if route.is_inside else file,
        "content_type_id": str(ContentType.objects.get_for_model(Article).pk),
        "app_label": "articles",
        "number": "1",
        "year": "2026",
        "month": "01",
        "url": "rien/",
    }
    return known.get(name, "1")


@cache
def headers_in_code() -> list[str]:
    """Return every header that the code reads, Django's and WhiteNoise's own included, as WSGI names it."""
    found = {"CONTENT_TYPE", "CONTENT_LENGTH"}
    for folder in (*_OURS, *(Path(package.__file__).parent for package in (django, whitenoise))):
        for file in folder.rglob("*.py"):
            for names in _HEADER.findall(file.read_text()):
                name = "".join(names).upper().replace("-", "_")
                found.add(name if name.startswith("HTTP_") else f"HTTP_{name}")
    # Colours of a terminal have such names too.
    return sorted(found - {*PALETTES[DARK_PALETTE]})


@cache
def names_in_code() -> list[str]:
    """Return every name of a parameter that the code reads, Django's admin included."""
    found = set(_OF_ADMIN | _OTHERS)
    for folder in _OURS:
        for file in folder.rglob("*.py"):
            code = file.read_text()
            found |= {name for pair in _IN_CODE.findall(code) for name in pair if name}
            found |= {name for names in _DECLARED.findall(code) for name in re.findall(r'"(\w+)"', names)}
    return sorted(found)


def lookups(route: Route) -> list[str]:
    """Return the parameters by which a list of admin can be narrowed beside those that it offers."""
    model = route.model()
    if model is None or not route.name.endswith("_changelist"):
        return []
    return [f"{each.name}{lookup}" for each in model._meta.fields for lookup in _LOOKUPS]


def fields_of(page: str) -> dict[str, str]:
    """Return the names of a page's fields with what they hold, and of the parameters in its links."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<(?:input|select|textarea|button)\b[^>]*>", page):
        for name in re.findall(r'\bname="([^"]+)"', tag):
            value = re.search(r'\bvalue="([^"]*)"', tag)
            found.setdefault(name, unescape(value[1]) if value else "")
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>\n?([^<]*)<', page):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        found[name] = chosen[0] if chosen else ""
    for query in re.findall(r'href="[^"?#]*\?([^"#]+)"', page):
        for name, asked in parse_qsl(unescape(query), keep_blank_values=True):
            found.setdefault(name, asked)
    found.pop("csrfmiddlewaretoken", None)
    return found
