"""What changed between two texts, word by word, marked for those who see and those who listen."""

import difflib
import re
from collections import Counter

from django.utils.translation import gettext as _
from markupsafe import Markup

WORDS = re.compile(r"\S+\s*")
# Shorter or longer texts, and those with less than this in common, are easier to compare whole.
FEWEST, MOST = 4, 1500
LEAST_IN_COMMON = 0.4
# Comparing takes time by how often words meet themselves: 5,000 are a twentieth of a second, and prose of 500 words
# has fewer. Past them somebody wrote one word over and over.
MOST_MEETINGS = 5000
REMOVED, ADDED = Markup("{}<del>{}{}{}</del>{}"), Markup("{}<ins>{}{}{}</ins>{}")


def marked(before, after):
    """The new text with the words that left it and those that came, or None where two whole texts say more."""
    old, new = WORDS.findall(before or ""), WORDS.findall(after or "")
    if min(len(old), len(new)) < FEWEST or max(len(old), len(new)) > MOST:
        return None
    bare = [[word.strip() for word in words] for words in (old, new)]  # a space more or less is no other word
    often = [Counter(words) for words in bare]
    if sum(number * often[1][word] for word, number in often[0].items()) > MOST_MEETINGS:
        return None
    matcher = difflib.SequenceMatcher(None, *bare, autojunk=False)
    if matcher.ratio() < LEAST_IN_COMMON:
        return None
    parts = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            parts.append(Markup("{}").format("".join(new[c:d])))
            continue
        parts += [_mark("del", _("removed:"), "".join(old[a:b])), _mark("ins", _("added:"), "".join(new[c:d]))]
    return Markup("").join(parts)


def _mark(tag, words, text):
    """Text within its mark; spaces at its ends stay outside, so that nothing but words is struck out."""
    inside = text.strip()
    if not inside:
        return Markup("{}").format(text if tag == "ins" else "")
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    hidden = Markup('<span class="govuk-visually-hidden">{}</span>').format
    pattern = REMOVED if tag == "del" else ADDED
    return pattern.format(lead, hidden(f"[{words} "), inside, hidden("]"), trail)
