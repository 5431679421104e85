"""What every page pays for: what stands in it in the same words, the addresses that it names, and its card when it is shared."""

import re
from html import escape, unescape
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.loader_tags import BlockNode
from django.utils.translation import get_language, gettext

from multitude.addresses import address

register = template.Library()


class OnceNode(template.Node):
    """What stands between the tags, kept as it was rendered first, for each language."""

    # Whoever looks for blocks in a template need not look here.
    child_nodelists = ()

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._rendered: dict[str | None, str] = {}

    def render(self, context: template.Context) -> str:
        """Return what is kept; nothing of the page's context reaches it."""
        language = get_language()
        html = self._rendered.get(language)
        if html is None:
            html = self._rendered[language] = self.nodelist.render(context.new())
        return html


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """Render what stands between `{% once %}` and `{% endonce %}` once: it can name addresses, files and sentences.

    It sees no variable, so that nothing of one page can be kept for another, and it holds no block.
    """
    nodelist: Any = parser.parse(("endonce",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise template.TemplateSyntaxError("{% once %} holds no {% block %}: each page fills it with its own words")
    return OnceNode(nodelist)


class SharedNode(template.Node):
    """A page's title, description and address, and what Open Graph and the cards of networks make of the three."""

    child_nodelists = ("page", "picture")

    def __init__(self, page: NodeList, picture: NodeList) -> None:
        self.page, self.picture = page, picture

    def render(self, context: template.Context) -> str:
        """Return the page's own elements, and those of its card; a page without a canonical address is not for sharing."""
        html = self.page.render(context)
        canonical = _CANONICAL.search(html)
        if canonical is None:
            return html
        described = _DESCRIPTION.search(html)
        told = {
            "og:site_name": "Multitude",
            # Networks ask for a country, too.
            "og:locale": gettext("fr_FR"),
            "og:title": _words(_TITLE.search(html)),
            "og:description": _words(described),
            "og:url": _words(canonical),
        }
        tags = "\n    ".join(
            f'<meta property="{name}" content="{escape(words)}">' for name, words in told.items() if words
        )
        return f"{html}\n    {tags}\n    {self.picture.render(context)}"


_TITLE = re.compile(r"<title>(.*?)(?:\s— Multitude)?</title>", re.DOTALL)
_DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')


def _words(found: re.Match[str] | None) -> str:
    return unescape(found[1]).strip() if found else ""


@register.tag
def shared(parser: Parser, token: Token) -> SharedNode:
    """Say of a page what it says of itself between `{% shared %}` and `{% pictured %}`, for whoever shares it.

    What stands between `{% pictured %}` and `{% endshared %}` says with which picture, and is left out with the rest.
    """
    page: Any = parser.parse(("pictured",))
    parser.delete_first_token()
    picture: Any = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(page, picture)


@register.simple_tag
def page(view: str, word: str | int) -> str:
    """Return the path of a page that is named by one word, like `{% url %}` at a fraction of its cost."""
    return address(view, word)
