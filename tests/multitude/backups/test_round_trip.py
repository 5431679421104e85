"""A newspaper that is brought back is the one that was backed up, to the last row and byte."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile, File
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from articles import pictures
from articles.models import Article, Picture, Rendition
from comments.models import Comment, Decision
from multitude.backups import BackupFailed, files, making
from multitude.backups.archive import DATABASES, SUMS, ArchiveRefused, Reader, Writer
from multitude.backups.making import Made
from multitude.backups.restoring import Restored, destination
from multitude.caching import purge
from multitude.mail.outbox import Outbox
from multitude.models import OutgoingMail, PurgeEvent, Sitting
from tests.factories import decide, make_article, make_comment, make_user
from tests.multitude.backups.conftest import everything, left_in

pytestmark = pytest.mark.django_db(transaction=True)

type Restore = Callable[..., Restored]


def make_picture(content: bytes = b"des pixels", **values: object) -> Picture:
    """Return a stored picture with its file and one rendition."""
    picture = Picture(width=8, height=8, digest=content.hex()[:64], alternative_text="Un pont", credit="X", **values)
    picture.file.name = default_storage.save(f"{picture.key}/originale.jpg", ContentFile(content))
    picture.rendered_at = timezone.now()
    picture.save()
    made = default_storage.save(f"{picture.key}/480.avif", ContentFile(content * 2))
    Rendition.objects.create(picture=picture, format=Rendition.Format.AVIF, width=8, height=8, file=made)
    return picture


def make_newspaper() -> Comment:
    """Store something of everything, and return a comment that was refused."""
    article = make_article(slug="des-elections", headline="Des élections", lead_picture=make_picture())
    make_article(slug="a-venir", headline="À venir", published_at=timezone.now() + timedelta(hours=1))
    make_user("redactrice")
    make_comment(article, author_email="quelquune@exemple.fr")
    return decide(make_comment(article), "reject", reason="insult", explanation="Dit pourquoi.")


def finds(words: str, slug: str) -> bool:
    """Say whether a search shows an article."""
    return f"/articles/{slug}/" in Client().get("/recherche/", {"q": words}).content.decode()


def with_other_database(path: Path, content: bytes) -> None:
    """Put something else in the place of the database of a backup, with its true checksum."""
    with Reader(path) as reader:
        members = {name: b"".join(reader.chunks(name)) for name in reader.members}
    members[DATABASES[connection.vendor]] = content
    del members[SUMS]
    with path.open("wb") as file:
        writer = Writer(file)
        for name, each in members.items():
            writer.add_bytes(name, each)
        writer.close()


def test_everything_comes_back_as_it_was(back_up: Callable[[], Made], restore: Restore, data_dir: Path) -> None:
    refused = make_newspaper()
    before = everything()
    made = back_up()
    secret = (data_dir / "secret").read_text()

    Article.objects.update(headline="Autre chose", lead_picture=None)
    connection.cursor().execute("DELETE FROM comments_evidence")
    for name in [name for name in before if "/" in name]:
        default_storage.delete(name)
    (data_dir / "secret").write_text("un autre secret")
    restored = restore()

    assert everything() == before
    assert restored.rows == made.manifest.rows
    assert restored.files == 2
    assert (data_dir / "secret").read_text() == secret
    assert restored.secret_is_known
    assert Client().get(f"/commentaires/{refused.follow_up_key}/").status_code == 200
    assert Decision.objects.get(comment=refused).evidence.explanation == "Dit pourquoi."
    assert PurgeEvent.objects.order_by("pk").last().keys == "site"
    assert left_in(data_dir) == ["secret"]
    assert make_comment(Article.objects.get(slug="des-elections")).pk > refused.pk


def test_what_is_brought_back_is_searched_and_appears_at_its_hour(
    back_up: Callable[[], Made], restore: Restore
) -> None:
    make_newspaper()
    back_up()
    Article.objects.all().update(headline="Rien")
    restore()
    assert finds("election", "des-elections")
    make_article(headline="Après la restauration", slug="apres")
    assert finds("restauration", "apres")
    assert Client().get("/articles/a-venir/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert Client().get("/articles/a-venir/").status_code == 200


def test_processes_that_have_read_later_purges_read_that_of_the_restoration(
    back_up: Callable[[], Made], restore: Restore
) -> None:
    back_up()
    for _number in range(3):
        purge("front")
    read = PurgeEvent.objects.order_by("pk").last().pk
    restore()
    assert list(PurgeEvent.objects.filter(pk__gt=read).values_list("keys", flat=True)) == ["site"]
    purge("front")
    assert PurgeEvent.objects.order_by("pk").last().keys == "front"


def test_mail_that_waited_is_not_sent_again_unless_somebody_says_so(
    back_up: Callable[[], Made], restore: Restore
) -> None:
    Outbox().send_messages([EmailMessage("Objet", "Texte", to=["quelquune@exemple.fr"])])
    back_up()
    OutgoingMail.objects.update(status="sent", settled_at=timezone.now(), source=None)
    restore()
    mail = OutgoingMail.objects.get()
    assert (mail.status, mail.is_doubtful) == ("parked", True)


def test_a_session_that_ended_since_the_backup_does_not_come_back(
    back_up: Callable[[], Made], restore: Restore
) -> None:
    client = Client()
    client.force_login(make_user("redactrice"))
    back_up()
    assert client.get("/admin/compte/").status_code == 200
    restore()
    assert client.get("/admin/compte/").status_code == 302
    assert not Session.objects.exists()
    assert not Sitting.objects.exists()


def test_a_restoration_names_what_it_writes_to_without_passwords(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    there = {"NAME": "journal", "HOST": "10.0.0.3", "PORT": 5432, "USER": "multitude", "PASSWORD": "secret"}
    monkeypatch.setattr(connection, "settings_dict", there)
    told = destination()
    assert told.startswith("la base de données journal (10.0.0.3:5432), ")
    assert told.endswith("et le stockage d’images django.core.files.storage.InMemoryStorage")
    bucket = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": "journal", "secret_key": "clef"}}
    monkeypatch.setitem(settings.STORAGES, "default", bucket)
    assert destination().endswith("et le stockage d’images journal")


def test_caches_in_front_are_told_to_forget_everything(
    back_up: Callable[[], Made], restore: Restore, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PURGE_URLS = ["http://127.0.0.1:6081"]
    told = []
    monkeypatch.setattr("multitude.frontcaches.send", lambda url, keys: told.append((url, set(keys))))
    back_up()
    restore()
    assert ("http://127.0.0.1:6081", {"site"}) in told


def test_what_is_too_old_to_be_kept_does_not_come_back(back_up: Callable[[], Made], restore: Restore) -> None:
    make_comment(author_email="quelquune@exemple.fr")
    back_up()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        restore()
    assert Comment.objects.get().author_email == ""


def test_a_damaged_backup_changes_nothing(
    back_up: Callable[[], Made], restore: Restore, archive: Path, data_dir: Path
) -> None:
    make_newspaper()
    back_up()
    whole = archive.read_bytes()
    place = whole.index(b"base.") + 700
    changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    archive.write_bytes(changed)
    Article.objects.update(headline="Autre chose")
    before = everything()
    with pytest.raises(ArchiveRefused, match="rien n’a été changé"):
        restore()
    assert everything() == before
    assert left_in(data_dir) == ["secret"]


def test_a_database_that_cannot_be_put_in_place_leaves_rows_and_pictures_as_they_were(
    back_up: Callable[[], Made], restore: Restore, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_newspaper()
    back_up()
    gone, damaged = (str(name) for name in pictures.files_of(Picture.objects.get()))
    for name in (gone, damaged):
        default_storage.delete(name)
    default_storage.save(damaged, ContentFile(b"autre chose"))
    before = everything()

    def fail(*words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"multitude.backups.{'sqlite' if connection.vendor == 'sqlite' else 'postgres'}.put", fail)
    with pytest.raises(BackupFailed, match="plus de place"):
        restore()
    assert everything() == before


def test_a_storage_that_deletes_nothing_is_left_without_copies_of_its_own(
    back_up: Callable[[], Made], restore: Restore, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = str(make_picture().file)
    back_up()
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"autre chose"))
    before = everything()
    monkeypatch.setattr(InMemoryStorage, "delete", Mock(side_effect=PermissionError(13, "Permission denied")))
    with pytest.raises(BackupFailed):
        restore()
    assert everything() == before


def test_a_picture_that_is_there_already_is_left_and_one_that_is_damaged_is_put_right(
    back_up: Callable[[], Made], restore: Restore, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = make_picture()
    back_up()
    name = str(picture.file)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"abimee"))
    saved = []
    save = InMemoryStorage.save

    def note(storage: InMemoryStorage, name: str, content: File) -> str:
        saved.append(name)
        return save(storage, name, content)

    monkeypatch.setattr(InMemoryStorage, "save", note)
    restore()
    assert saved == [name]
    assert default_storage.open(name).read() == b"des pixels"


def test_a_picture_withdrawn_while_files_are_read_is_in_the_backup_under_its_new_address(
    back_up: Callable[[], Made], restore: Restore, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article(lead_picture=make_picture())
    store = files.store

    def store_and_withdraw(*words, **options):
        stored = store(*words, **options)
        if Article.objects.published().exists():
            Article.objects.update(published_at=None, first_published_at=None)
            pictures.withdraw(article)
        return stored

    monkeypatch.setattr(files, "store", store_and_withdraw)
    made = back_up()
    assert made.manifest.missing == []
    assert len(made.manifest.leftovers) == 2
    moved = everything()
    for name in [name for name in moved if "/" in name]:
        default_storage.delete(name)
    restore()
    assert everything() == moved


def test_a_file_that_vanished_is_told_and_its_picture_made_again(back_up: Callable[[], Made], restore: Restore) -> None:
    picture = make_picture()
    gone = str(picture.renditions.get().file)
    default_storage.delete(gone)
    assert back_up().manifest.missing == [gone]
    assert restore().manifest.missing == [gone]
    picture.refresh_from_db()
    assert picture.rendered_at is None


def test_a_database_with_other_rows_than_the_backup_says_changes_nothing(
    back_up: Callable[[], Made], restore: Restore, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_newspaper()
    engine = making.ENGINES[connection.vendor]
    count = engine._rows
    with monkeypatch.context() as patched:
        patched.setattr(engine, "_rows", lambda database: count(database) | {"comments_comment": 99})
        back_up()
    Article.objects.update(headline="Autre chose")
    before = everything()
    with pytest.raises((ArchiveRefused, BackupFailed), match="rien n’a été changé"):
        restore()
    assert everything() == before


@pytest.mark.parametrize(
    "content",
    [
        b"rien",
        gzip.compress(b"")[:10] + b"rien",
        gzip.compress(bytes(10_000_000)),
        gzip.compress(b"SQLite format 3\0" * 64),
    ],
    ids=["not packed", "badly packed", "larger than it says", "no database"],
)
def test_a_hostile_database_whose_checksum_is_right_changes_nothing(
    back_up: Callable[[], Made], restore: Restore, archive: Path, content: bytes
) -> None:
    make_newspaper()
    back_up()
    with_other_database(archive, content)
    before = everything()
    with pytest.raises((ArchiveRefused, BackupFailed), match="rien n’a été changé"):
        restore()
    assert everything() == before


def test_a_backup_of_a_later_version_is_refused_before_anything(
    back_up: Callable[[], Made], restore: Restore, monkeypatch: pytest.MonkeyPatch
) -> None:
    MigrationRecorder(connection).record_applied("comments", "9999_plus_tard")
    try:
        back_up()
    finally:
        MigrationRecorder(connection).record_unapplied("comments", "9999_plus_tard")
    with pytest.raises(BackupFailed, match="plus récente de Multitude"):
        restore()


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(back_up: Callable[[], Made], restore: Restore) -> None:
    call_command("migrate", "sessions", "zero", verbosity=0)
    try:
        back_up()
    finally:
        call_command("migrate", verbosity=0)
    assert restore().migrated == 1
    assert "django_session" in connection.introspection.table_names()


def test_a_backup_of_another_database_is_refused(
    back_up: Callable[[], Made], restore: Restore, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up()
    monkeypatch.setattr(connection, "vendor", {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor])
    with pytest.raises(BackupFailed, match="ne change pas de base de données"):
        restore()
