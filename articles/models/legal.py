"""The pages that the law asks for, in versions: what the newsroom says of itself, of data, of access and of how to write to it."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from multitude.append_only import AppendOnly

LEGAL_LENGTH = 50_000


class LegalPage(AppendOnly):
    """One version of one of the pages; the highest number is what readers see."""

    class Name(models.TextChoices):
        """Which page, by the word of its address."""

        NOTICE = "mentions-legales", _("Mentions légales")
        PRIVACY = "confidentialite", _("Confidentialité")
        ACCESSIBILITY = "accessibilite", _("Accessibilité")
        CONTACT = "contact", _("Contact")

    name = models.CharField(_("page"), max_length=20, choices=Name)
    number = models.PositiveIntegerField(_("version"))
    body = models.TextField(_("texte"), max_length=LEGAL_LENGTH)
    body_html = models.TextField(editable=False)
    author = models.ForeignKey("auth.User", models.PROTECT, verbose_name=_("auteur"), related_name="+", null=True)
    published_at = models.DateTimeField(_("en ligne depuis"), default=timezone.now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("page légale")
        verbose_name_plural = _("pages légales")
        default_permissions = ("change", "view")
        ordering = ("name", "-number")
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="legal_version_once")]

    def __str__(self) -> str:
        return self.get_name_display()

    def get_absolute_url(self) -> str:
        """Return the address of the page."""
        return reverse(ROUTES[LegalPage.Name(self.name)])


# The names of the addresses in `multitude.urls`.
ROUTES = {
    LegalPage.Name.NOTICE: "legal_notice",
    LegalPage.Name.PRIVACY: "privacy",
    LegalPage.Name.ACCESSIBILITY: "accessibility",
    LegalPage.Name.CONTACT: "contact",
}
