"""The demo newspaper: what it says, how it grows, and how it is written. `manage.py demo` calls it."""
