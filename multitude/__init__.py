"""The house: settings, addresses and what both apps stand on."""

# What pyproject.toml says too; a test holds the two together.
VERSION = "0.1.0"
