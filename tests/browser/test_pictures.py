"""Pictures in a browser: sent and described at the desk, with and without JavaScript, and shown to readers."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import FilePayload, Page, Route, expect

from articles.models import Picture
from tests.articles.pictures.making import encoded, make_picture
from tests.browser.accessibility import LOOKS, faults
from tests.browser.session import log_in
from tests.factories import make_article, make_user

LIBRARY = "/admin/articles/picture/"
PLACES = (
    "() => [...document.querySelectorAll('main p, main img, main h2')].map((each) => each.getBoundingClientRect().top)"
)


@pytest.fixture
def journalist(transactional_db: None) -> User:
    """Return a member of «Rédacteurs»."""
    return make_user("journaliste", groups=["Rédacteurs"])


def photograph() -> FilePayload:
    """Return a file as a browser sends it."""
    return {"name": "Été à Brest.png", "mimeType": "image/png", "buffer": encoded("PNG", size=(400, 200))}


def fill(page: Page) -> None:
    """Say what a picture shows and whose it is."""
    page.get_by_label("Fichier").set_input_files(photograph())
    page.get_by_label("Texte de remplacement").fill("Le port de Brest")
    page.get_by_label("Crédit").fill("Anna Legrand")


def test_a_journalist_adds_a_picture_and_clicks_on_its_focal_point(page: Page, journalist: User) -> None:
    log_in(page, journalist)
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(f"{LIBRARY}add/")
    fill(page)
    page.locator("[data-focal] img").click(position={"x": 100, "y": 150})
    expect(page.get_by_label("Point focal, de gauche à droite (%)")).to_have_value("25")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".success")).to_be_visible()

    picture = Picture.objects.get()
    assert (picture.focal_x, picture.focal_y, picture.width) == (25, 75, 400)


def test_a_picture_is_added_without_javascript(plain_page: Page, journalist: User) -> None:
    log_in(plain_page, journalist)
    plain_page.goto(f"{LIBRARY}add/")
    fill(plain_page)
    plain_page.get_by_label("Point focal, de haut en bas (%)").fill("10")
    plain_page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(plain_page.locator(".success")).to_be_visible()

    assert Picture.objects.get().focal_y == 10


def test_a_lead_picture_is_found_and_shown_as_soon_as_it_is_chosen(page: Page, journalist: User) -> None:
    make_picture(alternative_text="Un port")
    lighthouse = make_picture(alternative_text="Un phare", size=(90, 60))
    article = make_article()
    log_in(page, journalist)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator(".field-lead_picture .select2-selection").click()
    page.get_by_role("searchbox").fill("phare")
    page.get_by_role("option", name="Un phare").click()
    expect(page.get_by_role("img", name="Un phare")).to_be_visible()
    page.get_by_role("button", name="Enregistrer", exact=True).click()

    article.refresh_from_db()
    assert article.lead_picture == lighthouse


def open_without_pictures(page: Page, path: str) -> list[float]:
    """Open a page, hold its pictures back, return where everything then stands, and let them come."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/media/**", hold)
    page.goto(path, wait_until="domcontentloaded")
    page.evaluate("document.fonts.ready.then(() => true)")
    places = page.evaluate(PLACES)
    # Those that are held back are let through by this too.
    page.unroute("**/media/**")
    assert held
    page.wait_for_load_state("networkidle")
    return places


def test_the_library_is_accessible_and_fits(page: Page, journalist: User) -> None:
    picture = make_picture(size=(900, 600), made=True)
    make_article(lead_picture=picture)
    log_in(page, journalist)
    for path in (LIBRARY, f"{LIBRARY}add/", f"{LIBRARY}{picture.pk}/change/"):
        page.goto(path)
        assert faults(page, "#content", looks=LOOKS) == [], path


def test_readers_get_avif_and_nothing_moves(page: Page, transactional_db: None) -> None:
    shown = [make_picture(size=size, made=True, focal_point=(90, 0)) for size in ((900, 600), (400, 800), (700, 300))]
    body = "".join(f'<p>Texte.</p><figure data-picture="{picture.pk}"></figure>' for picture in shown)
    article = make_article(lead_picture=shown[0], body=body)
    for path in (article.get_absolute_url(), "/"):
        before = open_without_pictures(page, path)
        assert page.evaluate(PLACES) == pytest.approx(before, abs=0.5)
        lead = page.locator("img[fetchpriority=high]")
        assert lead.evaluate("image => image.currentSrc").endswith(".avif")
        assert lead.evaluate("image => getComputedStyle(image).objectPosition") == "90% 0%"
        assert faults(page) == []
