"""Lines of the log without what they must not hold."""

import logging
import re

import structlog

# Addresses that prove who follows them; what comes after is the proof. A slash may be written as %2F.
SLASH = r"(?:/|%2F)"
PLACES = ("join", "emails/stop", "watches/off", "account/password/reset/key")
TOKEN = re.compile(
    rf"({SLASH}(?:{'|'.join(place.replace('/', SLASH) for place in PLACES)}){SLASH})"
    rf"(?:(?!{SLASH})[^\s\"'?&#<>\\])+",
    re.IGNORECASE,
)


def without_tokens(text):
    """The text with an ellipsis in place of each token."""
    return TOKEN.sub(r"\1…", text)


class Lines(structlog.stdlib.ProcessorFormatter):
    """Every line of every logger passes here, tracebacks included, so no path of a log escapes."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without tokens."""
        return without_tokens(super().format(record))
