"""The addresses of articles."""

from django.urls import path, re_path

from articles import feeds, media, previews, results, sitemaps, views
from multitude.syndication import Form

app_name = "articles"

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("apercu/<str:token>/", previews.preview, name="preview"),
    path("rectificatifs/", views.corrections_page, name="corrections"),
    path("rubriques/<slug:slug>/", views.section, name="section"),
    path("rubriques/<slug:slug>/flux/", feeds.section, {"form": Form.ATOM}, name="section_feed"),
    path("rubriques/<slug:slug>/flux/rss/", feeds.section, {"form": Form.RSS}, name="section_rss"),
    path("auteurs/<slug:slug>/", views.author, name="author"),
    path("auteurs/<slug:slug>/flux/", feeds.author, {"form": Form.ATOM}, name="author_feed"),
    path("auteurs/<slug:slug>/flux/rss/", feeds.author, {"form": Form.RSS}, name="author_rss"),
    path("themes/<slug:slug>/", views.tag, name="tag"),
    path("archives/", views.archive, name="archive"),
    re_path(r"^archives/(?P<year>[0-9]{4})/(?P<month>0[1-9]|1[0-2])/$", views.archive_month, name="archive_month"),
    path("classements/lus/", views.most_read, name="most_read"),
    path("classements/commentes/", views.most_commented, name="most_commented"),
    path("recherche/", results.search_page, name="search"),
    path("flux/", feeds.site, {"form": Form.ATOM}, name="feed"),
    path("flux/rss/", feeds.site, {"form": Form.RSS}, name="rss"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-rubriques.xml", sitemaps.sections, name="sitemap_sections"),
    path("sitemap-auteurs.xml", sitemaps.authors, name="sitemap_authors"),
    path("sitemap-themes.xml", sitemaps.tags, name="sitemap_tags"),
    path("sitemap-archives.xml", sitemaps.archive, name="sitemap_archives"),
    path("sitemap-actualites.xml", sitemaps.news, name="sitemap_news"),
    re_path(r"^sitemap-articles-(?P<number>[1-9][0-9]{0,8})\.xml$", sitemaps.articles, name="sitemap_articles"),
    re_path(
        r"^media/(?P<key>[0-9a-f]{32})/(?P<name>[0-9A-Za-z_]{1,40}\.(?:avif|webp|jpg))$",
        media.picture_file,
        name="picture_file",
    ),
    path("vues/<int:article_id>/", views.record_view, name="record_view"),
]
