"""Tests: articles."""
