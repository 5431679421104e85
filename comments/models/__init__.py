"""The tables of comments: what readers wrote, what was decided of it, and what the newsroom set."""

from comments.models.comment import (
    BODY_LENGTH,
    EMAIL_LENGTH,
    NAME_LENGTH,
    Comment,
    CommentQuerySet,
    Finding,
    new_follow_up_key,
)
from comments.models.house import NOTE_LENGTH, BlockedTerm, CommentSettings, LaneCount, Presence
from comments.models.records import CHARTER_LENGTH, EXPLANATION_LENGTH, Charter, Decision, Evidence

__all__ = [
    "BODY_LENGTH",
    "CHARTER_LENGTH",
    "EMAIL_LENGTH",
    "EXPLANATION_LENGTH",
    "NAME_LENGTH",
    "NOTE_LENGTH",
    "BlockedTerm",
    "Charter",
    "Comment",
    "CommentQuerySet",
    "CommentSettings",
    "Decision",
    "Evidence",
    "Finding",
    "LaneCount",
    "Presence",
    "new_follow_up_key",
]
