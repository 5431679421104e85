"""The addresses of articles."""

from django.urls import path, re_path

from articles import feeds, media, previews, results, views

app_name = "articles"

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("apercu/<str:token>/", previews.preview, name="preview"),
    path("rectificatifs/", views.corrections_page, name="corrections"),
    path("rubriques/<slug:slug>/", views.section, name="section"),
    path("rubriques/<slug:slug>/flux/", feeds.section, name="section_feed"),
    path("auteurs/<slug:slug>/", views.author, name="author"),
    path("classements/lus/", views.most_read, name="most_read"),
    path("classements/commentes/", views.most_commented, name="most_commented"),
    path("recherche/", results.search_page, name="search"),
    path("flux/", feeds.site, name="feed"),
    re_path(
        r"^media/(?P<key>[0-9a-f]{32})/(?P<name>[0-9A-Za-z_]{1,40}\.(?:avif|webp|jpg))$",
        media.picture_file,
        name="picture_file",
    ),
    path("vues/<int:article_id>/", views.record_view, name="record_view"),
]
