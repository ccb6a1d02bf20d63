"""The wiring: settings, URLs, background worker, and the servers and processes of a local installation."""
