"""What of comments stands in Django admin; the classes are in `comments.desk`."""

from django.contrib import admin

from comments.desk.blocklist import BlockedTermAdmin
from comments.desk.charter import CharterAdmin
from comments.desk.journal import DecisionAdmin
from comments.desk.queue import CommentAdmin
from comments.desk.settings import SettingsAdmin
from comments.models import BlockedTerm, Charter, Comment, CommentSettings, Decision

admin.site.register(BlockedTerm, BlockedTermAdmin)
admin.site.register(Comment, CommentAdmin)
admin.site.register(Decision, DecisionAdmin)
admin.site.register(Charter, CharterAdmin)
admin.site.register(CommentSettings, SettingsAdmin)
