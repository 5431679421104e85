"""The permissions beyond Django's own, as one asks for them; groups get them in `comments.migrations`."""

PUBLISH = "articles.publish_article"
ARRANGE = "articles.change_frontplace"
SEE_ARRANGEMENT = "articles.view_frontplace"
WRITE = "articles.add_article"
SEE_ARTICLES = "articles.view_article"
SEE_COMMENTS = "comments.view_comment"
