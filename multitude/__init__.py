"""The house: settings, addresses and what both apps stand on."""
