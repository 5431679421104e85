"""Tests: multitude."""
