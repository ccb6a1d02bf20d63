"""Which characters a title or a name may be made of: at least one that can be seen, and none that hide or turn text.

Accents, every script and emoji are fine; joiners and marks that these need are allowed beside something visible.
Source: Unicode 16, categories Cc, Cf and Zs and the blank letters and symbols of other categories.
"""

import re

from django.db import models
from django.db.models import Q

# Written as escapes that Python and PostgreSQL read alike.
BLANK = (
    r"\s\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef"
)
SOMETHING_VISIBLE = f"[^{BLANK}]"

# Control characters save tab and new lines; zero-width spaces; overrides and isolates of the direction of writing.
HIDDEN = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]")


def hides_something(text):
    """Whether a text holds a character that nobody sees and that hides or turns others, or nothing that is seen."""
    return bool(HIDDEN.search(text)) or (bool(text) and not re.search(SOMETHING_VISIBLE, text))


def visible(name, field):
    """There is something to see in a column of text."""
    return models.CheckConstraint(condition=Q(**{f"{field}__regex": SOMETHING_VISIBLE}), name=name)
