"""Comments: submitted by anyone, visible once a moderator has approved them."""
