"""`make bench`: fills scratch databases and prints ratios against floors and peers.

`python -m benchmarks 1000 10000` measures at these sizes only.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["LOG_LEVEL"] = "ERROR"

SIZES = [1_000, 10_000, 100_000]
START, END = "<!-- figures -->\n", "<!-- /figures -->"


def main(sizes):
    """Measure on the server that DATABASE_URL names; without it, on one that is started for this and deleted."""
    from tests.servers import SERVERS

    SERVERS.start()
    try:
        import django

        django.setup()
        from benchmarks.measure import report

        text = report(sizes)
        print(text)
        readme = Path(__file__).parent / "README.md"
        page = readme.read_text()
        readme.write_text(page[: page.index(START) + len(START)] + text + "\n" + page[page.index(END) :])
    finally:
        SERVERS.stop()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
