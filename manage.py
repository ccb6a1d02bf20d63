#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main():
    """Run a command; say what to do when no database answers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    # Made the current Celery app by importing it: without it a command would send its tasks to nowhere.
    from config.celery import app  # noqa: F401

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if "Is the server running" not in str(error):
            raise
        sys.exit("No PostgreSQL server answers. Type `make run` in another window, or set DATABASE_URL.")


if __name__ == "__main__":
    main()
