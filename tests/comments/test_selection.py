"""«Sélection de la rédaction»: chosen comments on top of a thread, in the newsroom's order."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from articles import publishing
from comments import newsroom, threads
from comments.models import Comment
from multitude.models import PurgeEvent
from tests.comments.helpers import QUEUE, by_id, make_many, page, text
from tests.factories import decide, logged_in, make_approved, make_article, make_comment, make_user
from tests.parallel import together

HEADING = "Sélection de la rédaction"


@pytest.fixture
def chief(db: None) -> User:
    """Return somebody who speaks for the newsroom."""
    return make_user("cheffe", groups=["Modération en chef"])


@pytest.fixture
def chief_client(chief: User) -> Client:
    """Return a client logged in as them."""
    return logged_in(chief)


def select(*comments: Comment, moderator: User | None = None) -> None:
    """Choose comments, one after the other."""
    for comment in comments:
        newsroom.select(comment_id=comment.pk, moderator=moderator)
        comment.refresh_from_db()


def chosen(client: Client, comment: Comment) -> list[str]:
    """Return the texts on top of the thread, in their order."""
    source = client.get(comment.article.get_absolute_url())
    sections = [section for section in page(source).iter("section") if section.get("class") == "selection"]
    return [text(item) for section in sections for item in section.iter("li")]


def send(client: Client, comment: Comment, verb: str) -> Any:
    """Press one of the selection's buttons."""
    return client.post(f"{QUEUE}{comment.pk}/selection/", {"verb": verb}, follow=True)


def order() -> list[int]:
    """Return the keys of what is chosen, in its order."""
    return list(Comment.objects.exclude(selected_rank=None).order_by("selected_rank").values_list("pk", flat=True))


@pytest.mark.django_db
def test_what_is_chosen_stands_on_top_in_the_order_of_choice(client: Client):
    article = make_article()
    first, second, _other = (make_approved(article, body=f"Avis {number}.") for number in range(3))
    reply = make_approved(article, parent=first, body="Une réplique.")
    select(second, reply)

    top = chosen(client, first)
    assert [part in shown for part, shown in zip(["Avis 1.", "Une réplique."], top, strict=True)] == [True, True]
    assert "Lire dans le fil" in top[0]


@pytest.mark.django_db
def test_in_its_place_it_is_marked(client: Client):
    root = make_approved()
    reply = make_approved(root.article, parent=root)
    select(reply)
    tree = page(client.get(root.article.get_absolute_url()))

    assert HEADING in text(by_id(tree, f"c{reply.pk}"))
    assert HEADING not in text(by_id(tree, f"c{root.pk}"))
    newsroom.unselect(comment_id=reply.pk, moderator=None)
    assert HEADING not in client.get(root.article.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_its_link_leads_to_its_page_of_the_thread(client: Client):
    comments = make_many(threads.PAGE_LENGTH + 1)
    last = comments[-1]
    select(last, comments[0])
    path = last.article.get_absolute_url()
    source = client.get(path).content.decode()

    assert f'href="{path}?page=2#c{last.pk}"' in source
    assert f'href="{path}#c{comments[0].pk}"' in source
    second = client.get(f"{path}?page=2").content.decode()
    assert "titre-selection" not in second
    assert f'id="c{last.pk}"' in second


@pytest.mark.django_db
def test_the_page_names_no_place_twice(client: Client):
    root = make_approved()
    select(root)
    identifiers = [
        str(element.get("id"))
        for element in page(client.get(root.article.get_absolute_url())).iter()
        if element.get("id")
    ]

    assert len(identifiers) == len(set(identifiers))


@pytest.mark.django_db
def test_a_copy_says_that_it_is_masked_or_the_newsroom_s(client: Client):
    root = decide(make_approved(body="Quel âne."), "redact", text="Quel […].")
    select(root, newsroom.answer(comment_id=root.pk, body="Merci.", moderator=None))
    top = chosen(client, root)

    assert "modéré" in top[0]
    assert "Réponse du journal" in top[1]


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["remove", "return_to_queue", "undo"])
def test_what_is_no_longer_public_leaves_the_selection(client: Client, action: str):
    kept, gone = make_approved(), None
    gone = make_approved(kept.article, body="Ce qui part.")
    select(gone, kept)
    decide(gone, action, reason="insult")

    assert gone.selected_rank is None
    assert len(chosen(client, kept)) == 1
    assert "Ce qui part." not in client.get(kept.article.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_what_comes_back_is_chosen_anew_or_not_at_all():
    comment = make_approved()
    select(comment)
    decide(decide(comment, "remove", reason="insult"), "undo")

    assert comment.status == "approved"
    assert comment.selected_rank is None
    assert HEADING not in (comment.public_html or "")


@pytest.mark.django_db
def test_under_an_article_that_is_withdrawn_nothing_is_shown_nor_chosen(client: Client):
    comment, other = make_approved(body="Introuvable."), None
    other = make_approved(comment.article)
    select(comment)
    publishing.unpublish(article_id=comment.article_id)

    assert "Introuvable." not in client.get(comment.article.get_absolute_url()).content.decode()
    with pytest.raises(newsroom.NotPublic):
        select(other)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_comment, lambda: decide(make_comment(), "mark_as_spam")])
def test_only_what_is_public_is_chosen(make):
    comment = make()
    with pytest.raises(newsroom.NotPublic, match="en ligne"):
        select(comment)
    assert order() == []


@pytest.mark.django_db
def test_five_are_chosen_at_most_and_twice_is_once():
    comments = make_many(6)
    select(*comments[:5])
    select(comments[4])

    with pytest.raises(newsroom.SelectionFull, match="déjà 5 commentaires"):
        select(comments[5])
    assert order() == [comment.pk for comment in comments[:5]]
    newsroom.unselect(comment_id=comments[0].pk, moderator=None)
    select(comments[5])
    assert order() == [comment.pk for comment in comments[1:]]


@pytest.mark.django_db
def test_they_move_up_and_down_and_stop_at_the_ends():
    a, b, c = make_many(3)
    select(a, b, c)
    for comment, by in ((a, -1), (a, +1), (c, +1), (c, -1)):
        newsroom.move(comment_id=comment.pk, by=by, moderator=None)

    assert order() == [b.pk, c.pk, a.pk]
    newsroom.move(comment_id=make_approved().pk, by=-1, moderator=None)
    assert order() == [b.pk, c.pk, a.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["select", "unselect", "move"])
def test_each_change_has_the_page_made_anew(verb: str):
    first, second = make_many(2)
    select(second) if verb == "select" else select(first, second)
    PurgeEvent.objects.all().delete()
    values = {"by": +1} if verb == "move" else {}
    getattr(newsroom, verb)(comment_id=first.pk, moderator=None, **values)

    [event] = PurgeEvent.objects.all()
    assert event.keys.split() == [f"article:{first.article_id}"]


@pytest.mark.django_db
def test_who_chose_is_logged_and_nothing_when_nothing_changes(chief: User):
    comment, other = make_many(2)
    select(comment, comment, other, moderator=chief)
    newsroom.move(comment_id=other.pk, by=-1, moderator=chief)
    newsroom.move(comment_id=other.pk, by=-1, moderator=chief)
    newsroom.unselect(comment_id=comment.pk, moderator=chief)
    newsroom.unselect(comment_id=comment.pk, moderator=chief)

    said = [entry.change_message.split()[0] for entry in LogEntry.objects.order_by("pk")]
    assert said == ["Choisi", "Choisi", "Déplacé", "Retiré"]
    assert set(LogEntry.objects.values_list("user", flat=True)) == {chief.pk}


@pytest.mark.django_db(transaction=True)
def test_of_eight_chosen_at_the_same_instant_five_are():
    comments = make_many(8, make_article())

    def choose(number: int) -> bool:
        try:
            newsroom.select(comment_id=comments[number].pk, moderator=None)
        except newsroom.SelectionFull:
            return False
        return True

    assert sum(together(choose)) == 5
    ranks = (
        Comment.objects.exclude(selected_rank=None).order_by("selected_rank").values_list("selected_rank", flat=True)
    )
    assert list(ranks) == [1, 2, 3, 4, 5]


# The pages --------------------------------------------------------------------------------------


def test_buttons_choose_order_and_take_out(chief_client: Client):
    a, b = make_many(2)
    for comment, verb in ((a, "select"), (b, "select")):
        send(chief_client, comment, verb)
    shown = send(chief_client, b, "up")
    assert order() == [b.pk, a.pk]
    assert text(page(shown)).index(b.author_name) < text(page(shown)).index(a.author_name)
    shown = send(chief_client, b, "unselect")

    assert order() == [a.pk]
    assert shown.redirect_chain[-1][0] == f"{QUEUE}selection/{a.article_id}/"


def test_a_comment_s_page_offers_what_can_be_done(chief_client: Client, moderator_client: Client):
    comment, waiting = make_approved(), make_comment()
    path = f"{QUEUE}{comment.pk}/change/"

    assert "Choisir pour la sélection" in text(page(chief_client.get(path)))
    select(comment)
    assert "Retirer de la sélection" in text(page(chief_client.get(path)))
    assert "Choisir pour la sélection" not in text(page(chief_client.get(f"{QUEUE}{waiting.pk}/change/")))
    assert "de la sélection" not in text(page(moderator_client.get(path)))


def test_what_is_refused_is_said(chief_client: Client):
    comments = make_many(6)
    select(*comments[:5])

    assert "retirez-en un d’abord" in text(page(send(chief_client, comments[5], "select")))
    assert "en ligne" in text(page(send(chief_client, make_comment(), "select")))


def test_an_empty_selection_says_so_and_its_links_lead_somewhere(chief_client: Client):
    article = make_approved(body="Un avis à choisir.").article
    tree = page(chief_client.get(f"{QUEUE}selection/{article.pk}/"))
    make_approved(body="Ailleurs.")

    assert "Rien n’est choisi" in text(tree)
    [link] = [str(a.get("href")) for a in tree.iter("a") if "publiés de cet article" in text(a)]
    listed = text(page(chief_client.get(link)))
    assert "Un avis à choisir." in listed
    assert "Ailleurs." not in listed


def test_who_does_not_speak_for_the_newsroom_chooses_nothing(
    moderator_client: Client, editor_client: Client, client: Client, chief: User
):
    comment = make_approved()
    careless = Client(enforce_csrf_checks=True)
    careless.force_login(chief)
    path = f"{QUEUE}{comment.pk}/selection/"

    for somebody in (moderator_client, editor_client, logged_in(make_user("stagiaire")), careless):
        assert somebody.post(path, {"verb": "select"}).status_code == 403
    for somebody in (moderator_client, editor_client):
        assert somebody.get(f"{QUEUE}selection/{comment.article_id}/").status_code == 403
    assert client.post(path, {"verb": "select"})["Location"].startswith("/admin/login/")
    assert order() == []


def test_what_is_not_there_is_not_found(chief_client: Client):
    comment = make_approved()
    path = f"{QUEUE}{comment.pk}/selection/"

    assert chief_client.get(path).status_code == 405
    for data in ({}, {"verb": "delete"}, {"verb": ""}):
        assert chief_client.post(path, data).status_code == 404
    assert chief_client.post(f"{QUEUE}{'9' * 40}/selection/", {"verb": "select"}).status_code == 404
    assert chief_client.get(f"{QUEUE}selection/999999/").status_code == 404
    assert order() == []
