"""What programs look for at addresses of their own: robots.txt, security.txt, the icons."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
import time_machine
from django.conf import settings as project_settings
from django.test import Client
from PIL import Image
from pytest_django import Settings

SITE = "https://journal.exemple"
STATIC = Path(project_settings.BASE_DIR) / "static" / "images"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = SITE


def fields(client: Client) -> dict[str, str]:
    """Return what security.txt says, by field."""
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


def test_crawlers_find_the_sitemaps_and_stay_out_of_the_newsroom(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    robots = RobotFileParser()
    robots.parse(response.content.decode().splitlines())
    assert robots.site_maps() == [f"{SITE}/sitemap.xml", f"{SITE}/sitemap-actualites.xml"]
    for path in ("/", "/articles/un/", "/flux/", "/sitemap.xml", "/media/a/b.jpg", "/static/css/base.css"):
        assert robots.can_fetch("Googlebot", f"{SITE}{path}"), path
    for path in ("/admin/", "/admin/articles/article/"):
        assert not robots.can_fetch("Googlebot", f"{SITE}{path}"), path


def test_crawlers_may_see_where_one_searches_and_not_what_is_found(client: Client) -> None:
    """Python's own parser drops a question mark at the end of a rule; RFC 9309 compares it as any other sign."""
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert [line for line in lines if "recherche" in line] == ["Disallow: /recherche/?"]


def test_crawlers_do_not_walk_through_the_forms_of_replies(client: Client) -> None:
    assert "Disallow: /articles/*/commentaires/" in client.get("/robots.txt").content.decode().splitlines()


def test_security_txt_has_the_fields_of_its_rfc(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = "mailto:securite@journal.exemple"
    found = fields(client)
    assert [*found] == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert found["Contact"] == "mailto:securite@journal.exemple"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["Expires"])
    assert found["Canonical"] == f"{SITE}/.well-known/security.txt"


def test_security_goes_to_the_newsroom_unless_told_otherwise() -> None:
    assert project_settings.SECURITY_CONTACT == "mailto:redaction@exemple.fr"


@pytest.mark.parametrize("month", range(1, 13))
def test_security_txt_never_ends_and_never_lasts_a_year(client: Client, month: int) -> None:
    for now in (datetime(2026, month, 1, tzinfo=UTC), datetime(2026, month, 28, 23, 59, tzinfo=UTC)):
        with time_machine.travel(now, tick=False):
            left = datetime.fromisoformat(fields(client)["Expires"]) - now
            assert timedelta(days=180) < left < timedelta(days=365)


def test_security_txt_is_kept_until_the_month_ends(client: Client) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), tick=False):
        assert "s-maxage=60," in client.get("/.well-known/security.txt")["Cache-Control"]


def test_the_icon_is_one_in_three_sizes(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response["Content-Type"] == "image/x-icon"
    icon = Image.open(BytesIO(response.content))
    assert icon.format == "ICO"
    assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_a_telephone_has_an_icon_without_transparency() -> None:
    with Image.open(STATIC / "touch-icon.png") as icon:
        assert (icon.format, icon.size) == ("PNG", (180, 180))
        assert "transparency" not in icon.info


def test_the_icon_of_tabs_is_drawn_anew_in_the_dark() -> None:
    assert "prefers-color-scheme:dark" in (STATIC / "favicon.svg").read_text()


def test_what_stands_in_for_a_picture_is_of_the_size_that_networks_want() -> None:
    with Image.open(STATIC / "sharing.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert (STATIC / "sharing.png").stat().st_size < 40_000
