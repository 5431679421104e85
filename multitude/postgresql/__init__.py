"""Django's PostgreSQL, which knows within a second that the server does not answer, and says so to all who would wait for it."""
