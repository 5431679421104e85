"""Tests: deployment."""
