"""The one exception of this package."""


class StartError(Exception):
    """Something stands in the way of a start; the text is one sentence that says what to do about it."""
