"""Migrations are complete, and make the newsroom's groups with just their rights."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

pytestmark = pytest.mark.django_db

WRITING = {
    "articles.add_article",
    "articles.change_article",
    "articles.view_article",
    "articles.preview_article",
    "articles.view_author",
    "articles.add_byline",
    "articles.change_byline",
    "articles.delete_byline",
    "articles.view_byline",
    "articles.add_picture",
    "articles.change_picture",
    "articles.view_picture",
    "articles.view_section",
    "articles.add_tag",
    "articles.view_tag",
}
RIGHTS = {
    "Modérateurs": {
        "comments.view_comment",
        "comments.decide_comment",
        "comments.view_decision",
        "articles.view_article",
    },
    "Modération en chef": {
        "comments.view_comment",
        "comments.decide_comment",
        "comments.view_decision",
        "articles.view_article",
        "comments.speak_for_newsroom",
        "comments.close_commenting",
        "comments.export_decision",
        "comments.add_blockedterm",
        "comments.change_blockedterm",
        "comments.delete_blockedterm",
        "comments.view_blockedterm",
        "comments.add_charter",
        "comments.view_charter",
        "comments.change_commentsettings",
        "comments.view_commentsettings",
    },
    "Direction de la publication": {
        "comments.view_comment",
        "comments.decide_comment",
        "comments.decide_escalated_comment",
        "comments.view_decision",
        "articles.view_article",
        "articles.change_legalpage",
        "articles.view_legalpage",
        "comments.speak_for_newsroom",
        "comments.close_commenting",
        "comments.export_decision",
        "redirects.add_redirect",
        "redirects.change_redirect",
        "redirects.delete_redirect",
        "redirects.view_redirect",
    },
    "Journalistes": WRITING,
    "Rédacteurs": WRITING
    | {
        "articles.publish_article",
        "articles.add_author",
        "articles.change_author",
        "articles.change_tag",
        "articles.delete_tag",
        "articles.add_correction",
        "articles.view_correction",
        "articles.change_frontplace",
        "articles.view_frontplace",
        "comments.view_comment",
    },
}


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_there_are_these_groups() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(RIGHTS)


@pytest.mark.parametrize("name", list(RIGHTS))
def test_a_group_has_just_its_rights(name: str) -> None:
    rights = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    assert {f"{app}.{codename}" for app, codename in rights} == RIGHTS[name]


@pytest.mark.parametrize("name", list(RIGHTS))
def test_no_group_sees_personal_data(name: str) -> None:
    assert not Group.objects.get(name=name).permissions.filter(codename="view_personal_data").exists()
