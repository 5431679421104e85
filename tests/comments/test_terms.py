"""Terms as they are typed, and the key under which each stands once."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import terms
from comments.models import BlockedTerm

ALIKE = [
    ("word", ["arnaque", " Arnaques ", "ARNAQUÉE", "ar\u200bnaque"]),
    ("word", ["œuvre", "Oeuvres"]),
    ("word", ["Gagnez de l’argent", "gagné de l'argent", "gagner, de l argent !"]),
    ("word", ["« con »", '"CON"', "“con”"]),
    ("domain", ["exemple.fr", "https://www.Exemple.fr/page?a=b#c", "@exemple.fr", "*.exemple.fr", "exemple.fr:80."]),
    ("domain", ["élysée.fr", "ÉLYSÉE.FR", "xn--lyse-9oad.fr", "http://élysée.fr/"]),
    ("email", ["nom@exemple.fr", "Nom@EXEMPLE.fr", "nom+tag@exemple.fr"]),
    ("network", ["203.0.113.9", "203.0.113.9/32", "::ffff:203.0.113.9"]),
    ("network", ["203.0.113.0/24", "203.0.113.77/24"]),
    ("network", ["2001:db8:1:2::/64", "2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::1/128"]),
]
DIFFERENT = [
    ("word", ["con", "« con »"]),
    ("word", ["arnaque", "arnaqueur"]),
    ("domain", ["exemple.fr", "exemple.com", "autre.exemple.fr"]),
    ("email", ["nom@exemple.fr", "n.om@exemple.fr", "nom@autre.fr"]),
    ("network", ["203.0.113.9", "203.0.113.0/24", "203.0.0.0/16"]),
]
REFUSED = [
    ("word", ["", "!", "a", "…", "« »", "\u200b", " ".join(["mot"] * 11), "mot" * 100]),
    (
        "domain",
        ["", "com", "localhost", "a b.fr", "a..fr", "-a.fr", "http://", "é" * 70 + ".fr", "a." * 130 + "fr", "\0.fr"],
    ),
    ("email", ["", "nom", "nom@", "@exemple.fr", "nom@exemple", "nom @exemple.fr", f"{'n' * 60}@{'e' * 250}.fr"]),
    ("network", ["", "abc", "203.0.113", "203.0.113.9/33", "0.0.0.0/0", "203.0.0.0/7", "::/0", "2001::/15", "1" * 300]),
]


@pytest.mark.parametrize(("kind", "typed"), ALIKE)
def test_writings_of_a_term_have_one_key(kind: str, typed: list[str]):
    assert len({terms.normal(kind, value).key for value in typed}) == 1


@pytest.mark.parametrize(("kind", "typed"), DIFFERENT)
def test_other_terms_have_others(kind: str, typed: list[str]):
    assert len({terms.normal(kind, value).key for value in typed}) == len(typed)


@pytest.mark.parametrize(("kind", "typed"), [(kind, value) for kind, values in REFUSED for value in values])
def test_what_is_no_term_is_refused_with_a_sentence(kind: str, typed: str):
    with pytest.raises(ValidationError) as refusal:
        terms.normal(kind, typed)
    assert refusal.value.messages[0].endswith(".")


@settings(deadline=None)  # the first word imports the stemmer
@given(kind=st.sampled_from(BlockedTerm.Kind.values), typed=st.text())
def test_whatever_is_typed_is_a_term_or_refused_and_reads_the_same_again(kind: str, typed: str):
    try:
        term = terms.normal(kind, typed)
    except ValidationError:
        return
    assert terms.normal(kind, term.value) == term


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Voir http://exemple.fr/page.", "exemple.fr"),
        ("(exemple.fr)", "exemple.fr"),
        ("http://exemple.fr@autre.fr:80/", "autre.fr"),
        ("http://ex%65mple.fr/", "exemple.fr"),
        ("écrire à nom@exemple.fr…", "exemple.fr"),
        ("www.ex\u200bemple.fr", "www.exemple.fr"),
        ("ｅｘｅｍｐｌｅ．ｆｒ", "exemple.fr"),
        ("exemple。fr", "exemple.fr"),
        ("ÉLYSÉE.fr", "xn--lyse-9oad.fr"),
        ("XN--LYSE-9OAD.fr", "xn--lyse-9oad.fr"),
    ],
)
def test_hosts_are_found_however_they_are_written(text: str, host: str):
    assert host in list(terms.hosts(text))
