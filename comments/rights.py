"""The permissions beyond Django's own, as one asks for them; groups get them in `comments.migrations`."""

DECIDE = "comments.decide_comment"
# The publication director's, without whom nobody decides on what was passed on to them.
DIRECT = "comments.decide_escalated_comment"
SEE_DECISIONS = "comments.view_decision"
SEE_PERSONAL_DATA = "comments.view_personal_data"
SPEAK = "comments.speak_for_newsroom"
CLOSE = "comments.close_commenting"
EXPORT = "comments.export_decision"
