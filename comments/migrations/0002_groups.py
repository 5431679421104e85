"""Create the groups of the newsroom, with just their rights."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

MODERATION = [
    ("comments", "view_comment"),
    ("comments", "decide_comment"),
    ("comments", "view_decision"),
    ("articles", "view_article"),
]
NEWSROOM = [
    ("comments", "speak_for_newsroom"),
    ("comments", "close_commenting"),
    ("comments", "export_decision"),
]
# Whoever writes does not publish: what has a date is the affair of «Rédacteurs».
WRITING = [
    *(
        ("articles", f"{verb}_{model}")
        for model in ("article", "byline", "picture")
        for verb in ("add", "change", "view")
    ),
    ("articles", "delete_byline"),
    ("articles", "preview_article"),
    ("articles", "view_author"),
    ("articles", "view_section"),
    # A tag that one types while writing stands nowhere until somebody publishes.
    *(("articles", f"{verb}_tag") for verb in ("add", "view")),
]
RIGHTS = {
    "Journalistes": WRITING,
    "Modérateurs": MODERATION,
    "Modération en chef": [
        *MODERATION,
        *NEWSROOM,
        *(("comments", f"{verb}_blockedterm") for verb in ("add", "change", "delete", "view")),
        *(("comments", f"{verb}_charter") for verb in ("add", "view")),
        *(("comments", f"{verb}_commentsettings") for verb in ("change", "view")),
    ],
    "Direction de la publication": [
        *MODERATION,
        *NEWSROOM,
        ("comments", "decide_escalated_comment"),
        *(("redirects", f"{verb}_redirect") for verb in ("add", "change", "delete", "view")),
        *(("articles", f"{verb}_legalpage") for verb in ("change", "view")),
    ],
    "Rédacteurs": [
        *WRITING,
        ("comments", "view_comment"),
        ("articles", "publish_article"),
        *(("articles", f"{verb}_author") for verb in ("add", "change")),
        *(("articles", f"{verb}_tag") for verb in ("change", "delete")),
        *(("articles", f"{verb}_correction") for verb in ("add", "view")),
        *(("articles", f"{verb}_frontplace") for verb in ("change", "view")),
    ],
}


def create_groups(apps, schema_editor):
    """Create the groups; permissions, which Django makes only after all migrations, are made first."""
    using = schema_editor.connection.alias
    for label in ("articles", "comments", "redirects"):
        config = apps.get_app_config(label)
        models_module, config.models_module = getattr(config, "models_module", None), True
        create_permissions(config, apps=apps, using=using, verbosity=0)
        config.models_module = models_module
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in RIGHTS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(
            Permission.objects.using(using).get(content_type__app_label=app, codename=codename)
            for app, codename in rights
        )


class Migration(migrations.Migration):
    """Groups, apart from the schema."""

    dependencies = [
        ("comments", "0001_initial"),
        ("articles", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("redirects", "0002_alter_redirect_new_path_help_text"),
    ]

    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
