"""The anchor of what Django itself costs: `startproject`'s own middleware in front of a view that answers nothing."""
