"""What of articles stands in Django admin; the classes are in `articles.desk`."""

from django.contrib import admin
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.utils.translation import gettext_lazy as _

from articles.desk.frame import AuthorAdmin, SectionAdmin
from articles.desk.front import FrontPlaceAdmin
from articles.desk.legal import LegalPageAdmin
from articles.desk.pictures import PictureAdmin
from articles.desk.redirects import RedirectAdmin
from articles.desk.tags import TagAdmin
from articles.desk.writing import ArticleAdmin
from articles.models import Article, Author, FrontPlace, LegalPage, Picture, Section, Tag

admin.site.site_header = _("Multitude · Rédaction")
admin.site.site_title = _("Rédaction")
admin.site.index_title = _("Bureau")

admin.site.register(Article, ArticleAdmin)
admin.site.register(Author, AuthorAdmin)
admin.site.register(FrontPlace, FrontPlaceAdmin)
admin.site.register(LegalPage, LegalPageAdmin)
admin.site.register(Picture, PictureAdmin)
admin.site.register(Section, SectionAdmin)
admin.site.register(Tag, TagAdmin)

# There is one site, and its row follows SITE_URL.
admin.site.unregister([Redirect, Site])
admin.site.register(Redirect, RedirectAdmin)
