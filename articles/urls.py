"""The addresses of articles."""

from django.urls import path

from articles import feeds, previews, views

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
    path("flux/", feeds.site, name="feed"),
    path("vues/<int:article_id>/", views.record_view, name="record_view"),
]
