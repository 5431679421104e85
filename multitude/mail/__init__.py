"""Mail: the outbox that acts write into, and how it leaves."""
