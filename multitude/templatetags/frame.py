"""What every page pays for: what stands in it in the same words, and the addresses that it names."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.loader_tags import BlockNode
from django.utils.translation import get_language

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


@register.simple_tag
def page(view: str, word: str | int) -> str:
    """Return the path of a page that is named by one word, like `{% url %}` at a fraction of its cost."""
    return address(view, word)
