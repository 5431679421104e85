"""Tests: front caches."""
