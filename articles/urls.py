"""The addresses of articles."""

from django.urls import path, re_path

from articles import feeds, media, previews, views

app_name = "articles"

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("apercu/<str:token>/", previews.preview, name="preview"),
    path("rectificatifs/", views.corrections_page, name="corrections"),
    path("rubriques/<slug:slug>/", views.section, name="section"),
    path("rubriques/<slug:slug>/flux/", feeds.section, name="section_feed"),
    path("auteurs/<slug:slug>/", views.author, name="author"),
    path("themes/<slug:slug>/", views.tag, name="tag"),
    path("archives/", views.archive, name="archive"),
    re_path(r"^archives/(?P<year>[0-9]{4})/(?P<month>0[1-9]|1[0-2])/$", views.archive_month, name="archive_month"),
    path("classements/lus/", views.most_read, name="most_read"),
    path("classements/commentes/", views.most_commented, name="most_commented"),
    path("flux/", feeds.site, name="feed"),
    re_path(
        r"^media/(?P<key>[0-9a-f]{32})/(?P<name>[0-9A-Za-z_]{1,40}\.(?:avif|webp|jpg))$",
        media.picture_file,
        name="picture_file",
    ),
    path("vues/<int:article_id>/", views.record_view, name="record_view"),
]
