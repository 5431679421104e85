"""The search: what French words find, what a question may be, what is shown of it, and what it costs."""
