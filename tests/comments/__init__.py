"""Tests: comments."""
