"""What of articles stands in Django admin; the classes are in `articles.desk`."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.desk.frame import AuthorAdmin, SectionAdmin
from articles.desk.front import FrontPlaceAdmin
from articles.desk.writing import ArticleAdmin
from articles.models import Article, Author, FrontPlace, Section

admin.site.site_header = _("Multitude · Rédaction")
admin.site.site_title = _("Rédaction")
admin.site.index_title = _("Bureau")

admin.site.register(Article, ArticleAdmin)
admin.site.register(Author, AuthorAdmin)
admin.site.register(FrontPlace, FrontPlaceAdmin)
admin.site.register(Section, SectionAdmin)
