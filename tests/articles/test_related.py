"""«À lire aussi»: what shares most tags, then the newest of the section; never what is not public."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing, related
from articles.models import MOST_TAGS, Article
from tests.articles.reading import every, parse, text
from tests.factories import make_article, make_draft, make_section, make_tag

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def offered(client: Client, article: Article) -> list[str]:
    """Return the headlines under an article."""
    links = every(parse(client.get(article.get_absolute_url())), ".//h:section[@class='related']//h:li/h:a")
    return [text(link) for link in links]


def surrogates(client: Client, article: Article) -> set[str]:
    """Return the keys of an article's page."""
    return set(client.get(article.get_absolute_url())["Surrogate-Key"].split())


def test_what_shares_most_tags_comes_first_then_the_newest(client: Client) -> None:
    water, river, mill = make_tag(), make_tag(), make_tag()
    now = timezone.now()
    article = make_article(tags=[water, river, mill])
    for headline, shared, age in (
        ("Un, ancien", [water], 9),
        ("Deux, ancien", [river, mill], 8),
        ("Un, récent", [mill], 1),
        ("Trois, ancien", [water, river, mill], 99),
    ):
        make_article(headline=headline, tags=shared, published_at=now - age * DAY)
    assert offered(client, article) == ["Trois, ancien", "Deux, ancien", "Un, récent", "Un, ancien"]


def test_the_section_fills_what_tags_leave(client: Client) -> None:
    section, tag = make_section(), make_tag()
    article = make_article(section=section, tags=[tag])
    make_article(headline="Même rubrique", section=section)
    make_article(headline="Même thème", tags=[tag], published_at=timezone.now() - 400 * DAY)
    make_article(headline="Ni l’un ni l’autre")
    assert offered(client, article) == ["Même thème", "Même rubrique"]


def test_an_article_does_not_lead_to_itself(client: Client) -> None:
    article = make_article(tags=[make_tag()])
    assert offered(client, article) == []
    assert "À lire aussi" not in client.get(article.get_absolute_url()).content.decode()


def test_the_list_is_short(client: Client) -> None:
    section = make_section()
    for _ in range(related.LENGTH + 2):
        make_article(section=section)
    assert len(offered(client, make_article(section=section))) == related.LENGTH


def test_what_is_not_public_is_not_offered(client: Client) -> None:
    section, tag, now = make_section(), make_tag(), timezone.now()
    article = make_article(section=section, tags=[tag])
    make_draft(section=section, tags=[tag])
    make_article(section=section, tags=[tag], published_at=now + DAY)
    make_article(section=section, tags=[tag], unpublished_at=now - DAY)
    assert offered(client, article) == []


def test_more_tags_than_one_may_give_are_no_fault(client: Client) -> None:
    shared = [make_tag() for _ in range(MOST_TAGS + 3)]
    article = make_article(tags=shared)
    make_article(headline="Pareil", tags=shared)
    assert offered(client, article) == ["Pareil"]


def test_the_page_depends_on_what_it_names(client: Client) -> None:
    section = make_section()
    article, other = make_article(section=section), make_article(section=section)
    assert f"headline:{other.pk}" in surrogates(client, article)
    publishing.unpublish(article_id=other.pk)
    assert f"headline:{other.pk}" not in surrogates(client, article)


def test_the_page_is_not_kept_beyond_the_hour_at_which_one_of_them_goes(client: Client) -> None:
    section = make_section()
    article = make_article(section=section)
    make_article(section=section, unpublished_at=timezone.now() + timedelta(seconds=20))
    policy = client.get(article.get_absolute_url())["Cache-Control"]
    seconds = int(policy.partition("s-maxage=")[2].partition(",")[0])
    assert seconds <= 20
