"""What holds of any comment at all, tried on texts that nobody thought of."""

import re
from xml.etree.ElementTree import Element

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.rendering import plain_line, plain_text, render
from tests.comments.helpers import page

PIECES = st.sampled_from(
    [
        *("<", ">", "&", '"', "'", "«", "»", " ", "\n", "\n\n", "\t", "\u202e", "\u2066", "!", "?", ";", ":", "%", "€"),
        *("http://", "https://exemple.fr", "www.", "www.a.fr/(b)", "&amp;", "&lt", "&#x27;", "&copy=2", "javascript:"),
        *("<b>", "</p>", "<!--", "-->", "<a href=x>", "]]>", "`", "1 000", "é", "e\u0301", "😀", "مرحبا", "\u00a0"),
        *("(", ")", ".", "@", "x", "%20", "[", "]", "\\", "{", "}", "\ufdd0", "\x00", "\ud800", "\u2028"),
    ]
)
COMMENTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join))
PROFILE = settings(max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
ALLOWED = {"p": {"dir"}, "br": set(), "a": {"href", "rel"}}
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def body_of(comment: str) -> Element:
    """Return what a browser would make of a comment in a page."""
    body = page(f"<!doctype html><body>{render(comment)}").find("body")
    assert body is not None
    return body


def without_spaces(text: str) -> str:
    """Return a text without any kind of space."""
    return "".join(text.split())


@given(COMMENTS)
@PROFILE
def test_one_reads_what_was_typed_up_to_spaces(comment: str):
    assert without_spaces("".join(body_of(comment).itertext())) == without_spaces(plain_text(comment))


@given(COMMENTS)
@PROFILE
def test_only_paragraphs_line_ends_and_links_come_out(comment: str):
    for element in list(body_of(comment).iter())[1:]:
        assert set(element.attrib) <= ALLOWED[element.tag]


@given(COMMENTS)
@PROFILE
def test_links_lead_to_the_web_and_nowhere_else(comment: str):
    for link in body_of(comment).iter("a"):
        assert re.match(r"https?://", link.attrib["href"], re.IGNORECASE)
        assert link.attrib["rel"] == "nofollow ugc noopener"


@given(COMMENTS)
@PROFILE
def test_a_page_can_carry_what_comes_out(comment: str):
    render(comment).encode()


@given(COMMENTS)
@PROFILE
def test_what_is_plain_stays_as_it_is(comment: str):
    assert plain_text(plain_text(comment)) == plain_text(comment)


@given(COMMENTS)
@PROFILE
def test_a_name_is_one_line_that_reorders_nothing(name: str):
    line = plain_line(name)

    assert line == " ".join(line.split())
    assert not BIDI.search(line)
    assert plain_line(line) == line
