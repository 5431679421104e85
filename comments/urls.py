"""The addresses of comments."""

from django.urls import path

from comments import feeds, views

app_name = "comments"

urlpatterns = [
    path("articles/<slug:slug>/commentaires/", views.submit, name="submit"),
    path("articles/<slug:slug>/flux/", feeds.article, name="feed"),
    path("commentaires/<slug:key>/", views.follow_up, name="follow_up"),
]
