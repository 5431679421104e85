"""What of comments stands in Django admin; the classes are in `comments.desk`."""

from django.contrib import admin

from comments.desk.blocklist import BlockedTermAdmin
from comments.desk.journal import DecisionAdmin
from comments.desk.queue import CommentAdmin
from comments.models import BlockedTerm, Comment, Decision

admin.site.register(BlockedTerm, BlockedTermAdmin)
admin.site.register(Comment, CommentAdmin)
admin.site.register(Decision, DecisionAdmin)
