"""The addresses of comments."""

from django.urls import path, re_path

from comments import charter_pages, feeds, views
from multitude.syndication import Form

app_name = "comments"

urlpatterns = [
    path("articles/<slug:slug>/commentaires/", views.submit, name="submit"),
    path("articles/<slug:slug>/flux/", feeds.article, {"form": Form.ATOM}, name="feed"),
    path("articles/<slug:slug>/flux/rss/", feeds.article, {"form": Form.RSS}, name="rss"),
    path("charte/", charter_pages.current, name="charter"),
    re_path(r"^charte/(?P<number>[1-9][0-9]{0,8})/$", charter_pages.version, name="charter_version"),
    path("commentaires/<slug:key>/", views.follow_up, name="follow_up"),
]
