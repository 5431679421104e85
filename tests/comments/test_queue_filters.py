"""What the queue can be narrowed to, and the lanes with their numbers."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from comments import counters
from comments.models import Comment, Finding
from tests.comments.helpers import QUEUE, listed, make_many, page, text
from tests.factories import decide, logged_in, make_approved, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeing_client(db: None) -> Client:
    """Return a client of an account that may see e-mails."""
    return logged_in(make_user("cheffe", is_superuser=True))


def lanes(client: Client, **query: str) -> dict[str, str]:
    """Return the numbers that the lanes show, by their names."""
    tree = page(client.get(QUEUE, query))
    nav = next(element for element in tree.iter("nav") if element.get("class") == "lanes")
    return dict(text(link).rsplit(" ", 1) for link in nav.iter("a"))


def suspect(comment: Comment, rule: str = "honeypot") -> Comment:
    """Have the screening suspect a stored comment."""
    Comment.objects.filter(pk=comment.pk).update(is_suspect=True)
    Finding.objects.get_or_create(comment=comment, rule=rule)
    counters.recount()
    return comment


def test_every_lane_says_how_many_stand_in_it(moderator_client: Client):
    make_comment()
    suspect(make_comment())
    decide(make_comment(), "escalate", explanation="Une note.")
    make_approved()
    decide(make_comment(), "reject", reason="insult")

    assert lanes(moderator_client) == {
        "à décider": "1",
        "probablement indésirables": "1",
        "à la direction": "1",
        "publiés": "1",
        "refusés": "1",
        "indésirables": "0",
        "retirés": "0",
        "repris": "0",
        "tous": "5",
    }


def test_what_is_probably_spam_waits_in_a_lane_of_its_own(moderator_client: Client):
    ordinary, spam = make_comment(), suspect(make_comment())

    assert listed(moderator_client.get(QUEUE)) == [ordinary.pk]
    assert listed(moderator_client.get(QUEUE, {"status": "suspect"})) == [spam.pk]


def test_one_can_decide_about_it_like_about_any_other(moderator_client: Client):
    spam = suspect(make_comment())
    moderator_client.post(QUEUE, {"action": "approve", "_selected_action": spam.pk})

    assert Comment.objects.get().status == "approved"


@pytest.mark.parametrize("name", ["number", "slug", "address"])
def test_the_comments_of_one_article(moderator_client: Client, name: str):
    wanted = make_comment()
    make_comment()
    article = wanted.article
    value = {
        "number": str(article.pk),
        "slug": article.slug,
        "address": f"https://exemple.fr{article.get_absolute_url()}",
    }
    response = moderator_client.get(QUEUE, {"article": value[name]})

    assert listed(response) == [wanted.pk]


def test_the_comments_of_one_section(moderator_client: Client):
    wanted = make_comment()
    make_comment()
    response = moderator_client.get(QUEUE, {"section": str(wanted.article.section_id)})

    assert listed(response) == [wanted.pk]
    assert wanted.article.section.name in text(page(response))


def test_the_comments_with_a_finding(moderator_client: Client):
    wanted = make_comment(honeypot="http://spam.example")
    make_comment()

    assert listed(moderator_client.get(QUEUE, {"finding": "honeypot", "status": "all"})) == [wanted.pk]


@pytest.mark.parametrize(
    ("age", "hours"), [("moins-1h", [0]), ("moins-24h", [0, 2]), ("plus-24h", [30, 200]), ("plus-168h", [200])]
)
def test_the_comments_of_an_age(moderator_client: Client, age: str, hours: list[int]):
    now, made = timezone.now(), {}
    for number in (200, 30, 2, 0):
        comment = make_comment()
        Comment.objects.filter(pk=comment.pk).update(submitted_at=now - timedelta(hours=number))
        made[comment.pk] = number

    assert sorted(made[pk] for pk in listed(moderator_client.get(QUEUE, {"age": age}))) == hours


def test_the_comments_of_a_person_without_their_e_mail(moderator_client: Client):
    email = "la-meme@exemple.fr"
    first, second = make_approved(author_email=email), make_comment(author_email=email)
    make_comment()
    response = moderator_client.get(QUEUE, {"person": str(second.pk), "status": "all"})

    assert listed(response) == [first.pk, second.pk]
    assert email not in response.content.decode()


def test_what_one_has_decided_oneself_lately(moderator_client: Client, moderator: User):
    mine = decide(make_comment(), "approve", moderator=moderator)
    decide(make_comment(), "approve", moderator=make_user("collegue"))

    assert listed(moderator_client.get(QUEUE, {"decided": "moi-1h", "status": "all"})) == [mine.pk]


def test_a_page_of_decisions_leads_to_where_they_can_be_taken_back(moderator_client: Client):
    comment = make_comment()
    data = {"action": "approve", "_selected_action": comment.pk}
    tree = page(moderator_client.post(QUEUE, data, follow=True))
    [link] = [link.get("href") for link in tree.iter("a") if text(link) == "Le revoir, ou annuler"]

    assert listed(moderator_client.get(link)) == [comment.pk]


@pytest.mark.parametrize(
    ("action", "number", "words"),
    [
        ("approve", 1, "Le revoir, ou annuler"),
        ("approve", 2, "Les revoir, ou annuler"),
        ("undo", 1, "Le revoir"),
        ("undo", 2, "Les revoir"),
    ],
)
def test_the_link_says_what_one_can_still_do(moderator_client: Client, action: str, number: int, words: str):
    comments = [make_comment() for _number in range(number)]
    if action == "undo":
        comments = [decide(comment, "approve") for comment in comments]
    data = {"action": action, "_selected_action": [comment.pk for comment in comments]}
    tree = page(moderator_client.post(QUEUE, data, follow=True))

    assert [text(link) for link in tree.iter("a") if "revoir" in text(link)] == [words]


def test_a_comment_whose_e_mail_is_gone_has_no_person(moderator_client: Client):
    make_comment()
    comment = make_comment()
    Comment.objects.update(author_email="")

    assert listed(moderator_client.get(QUEUE, {"person": str(comment.pk), "status": "all"})) == []


def test_the_comments_of_an_e_mail(seeing_client: Client):
    wanted = make_comment(author_email="celle-ci@exemple.fr")
    make_comment()

    assert listed(seeing_client.get(QUEUE, {"email": "Celle-Ci@exemple.fr "})) == [wanted.pk]


def test_nobody_finds_by_an_e_mail_that_they_may_not_see(moderator_client: Client):
    make_comment(author_email="celle-ci@exemple.fr")

    assert moderator_client.get(QUEUE, {"email": "celle-ci@exemple.fr"}).status_code == 400


@pytest.mark.parametrize(
    "lookup",
    [
        "text_digest__startswith",
        "submission_digest",
        "follow_up_key",
        "client_network",
        "pk",
        "author_email",
        "decisions__moderator",
    ],
)
def test_nobody_asks_the_list_for_anything_else(seeing_client: Client, lookup: str):
    make_comment()

    assert seeing_client.get(QUEUE, {lookup: "1"}).status_code == 400


@pytest.mark.parametrize("name", ["status", "article", "section", "finding", "age", "decided", "person", "q"])
def test_a_criterion_that_names_nothing_finds_nothing_and_breaks_nothing(
    seeing_client: Client, subtests: pytest.Subtests, name: str
):
    make_comment()
    for value in ("0", "9" * 30, "'; --", "é" * 300, "-1", "%00", "\x00", "[]", "true", "٣"):
        with subtests.test(value=value):
            response = seeing_client.get(QUEUE, {name: value}, follow=True)

            assert response.status_code == 200
            assert name == "q" or not value.strip("\x00") or listed(response) == []


def test_criteria_join_and_can_be_taken_off_one_by_one(moderator_client: Client):
    wanted = make_comment(body="Un mot rare.")
    make_comment(wanted.article)
    query = {"article": str(wanted.article_id), "age": "moins-1h", "q": "rare"}
    response = moderator_client.get(QUEUE, query)

    assert listed(response) == [wanted.pk]
    given = [criterion["without"] for criterion in response.context["cl"].criteria]
    assert given == ["?age=moins-1h&q=rare", f"?article={wanted.article_id}&q=rare"]


def test_all_that_match_the_criteria_are_decided(moderator_client: Client):
    wanted, other = make_comment(), make_comment()
    data = {"action": "approve", "_selected_action": wanted.pk, "select_across": "1", "index": "0"}
    moderator_client.post(f"{QUEUE}?article={wanted.article_id}", data)

    assert [Comment.objects.get(pk=comment.pk).status for comment in (wanted, other)] == ["approved", "pending"]


def test_the_next_page_keeps_the_criteria(moderator_client: Client):
    article = make_article()
    make_many(30, article, status="pending")
    pages = moderator_client.get(QUEUE, {"article": str(article.pk)}).context["cl"].pages

    assert f"article={article.pk}" in pages["next"]


def test_a_row_tells_the_article_s_standfirst_and_where_links_lead(moderator_client: Client):
    article = make_article(standfirst="Ce que dit le chapô.")
    make_comment(article, body="Voyez https://exemple.org/a et www.аpple.example !")
    shown = text(page(moderator_client.get(QUEUE, {"status": "all"})))

    assert "Ce que dit le chapô." in shown
    assert "exemple.org https://exemple.org/a" in shown
    assert "www.xn--pple-43d.example" in shown
