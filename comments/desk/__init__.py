"""The moderators' desk: what Django admin shows of comments, and how decisions come in from there."""
