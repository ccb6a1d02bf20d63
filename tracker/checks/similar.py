"""Pairs of texts that may be near-identical, without comparing each with each.

Similarity is that of PostgreSQL's pg_trgm: the share of trigrams in common among all trigrams of two texts, where a
text is its words in small letters, each with two spaces before it and one after. What is found here are candidates:
no pair above the threshold is missed, and the caller lets the database say which of them are above it.
"""

from itertools import chain

import numpy as np

# Letters, digits and the space between words take the codes below this; a trigram is three codes.
ALPHABET = 128
SPACE = ord(" ")
BREAK = ord("\n")
ROUNDING = 1e-9
WORDS = 4  # of 64 bits, in which a text's trigrams leave their marks


def candidates(texts, groups, owners, threshold):
    """Pairs of positions in `texts` whose similarity may be above the threshold (0 to 1), as two arrays.

    `groups` holds for each text the numbers of the groups that it belongs to; only texts that share a group and have
    different owners are paired. Two sets that are that similar share one of the rarest trigrams of each (prefix
    filtering: Chaudhuri, Ganti and Kaushik, 2006), so that only texts listed under one rare trigram are looked at;
    marks in bitmaps then rule out most of them.
    """
    if len(texts) < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    text, rank = trigrams(texts)
    sizes = np.bincount(text, minlength=len(texts))
    position = np.arange(len(text)) - (np.cumsum(sizes) - sizes)[text]
    marks = _marks(text, rank, len(texts))
    rare = position < sizes[text] - np.ceil(threshold * sizes[text] - ROUNDING) + 1
    lists, listed = _lists(text[rare], rank[rare], groups, sizes)
    places = _Places(lists, listed, sizes, np.unique(np.asarray(owners), return_inverse=True)[1], marks)
    found = [np.empty(0, np.int64)]
    for one, other in places.near(threshold):
        one, other = listed[one], listed[other]
        found.append(np.minimum(one, other) * len(texts) + np.maximum(one, other))
    pairs = np.unique(np.concatenate(found))
    return pairs // len(texts), pairs % len(texts)


def trigrams(texts):
    """Each text's trigrams, once each and rarest first: two arrays, of positions in `texts` and of ranks by rarity."""
    codes = _codes(texts)
    first, second, third = codes[:-2], codes[1:-1], codes[2:]
    number = np.cumsum(codes == BREAK)[:-2] - 1
    whole = (first != BREAK) & (second != BREAK) & (third != BREAK) & ~((second == SPACE) & (third == SPACE))
    trigram = ((first[whole].astype(np.int64) * ALPHABET) + second[whole]) * ALPHABET + third[whole]
    common = np.bincount(trigram, minlength=ALPHABET**3)
    known = np.flatnonzero(common)
    ranks = np.zeros(ALPHABET**3, np.int64)
    ranks[known[np.argsort(common[known], kind="stable")]] = np.arange(len(known))
    keys = np.sort(number[whole] * ALPHABET**3 + ranks[trigram])
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys
    return keys // ALPHABET**3, keys % ALPHABET**3


def _codes(texts):
    """All texts in one array of letters: each begins with a break, and its words stand between two spaces."""
    lines = "\n".join(text.replace("\n", " ") for text in texts)
    raw = np.frombuffer(f"\n{lines}\n".lower().encode("utf-32-le"), "<u4")
    ascii_code = np.full(ALPHABET, SPACE, np.uint8)
    for letter in "abcdefghijklmnopqrstuvwxyz0123456789\n":
        ascii_code[ord(letter)] = ord(letter)
    codes = ascii_code[np.minimum(raw, ALPHABET - 1)]
    # Codes that ASCII leaves over stand for the other letters. More of those than codes would share some: a loss.
    spare = [code for code in range(1, ALPHABET) if code not in (SPACE, BREAK) and ascii_code[code] == SPACE]
    others = [letter for letter in np.unique(raw[raw >= ALPHABET]) if chr(letter).isalpha() or chr(letter).isdecimal()]
    codes[raw >= ALPHABET] = SPACE
    for number, letter in enumerate(others):
        codes[raw == letter] = spare[number % len(spare)]
    return _spaced(codes)


def _spaced(codes):
    """Put two spaces where words begin or end, whatever stood there, and beside every break."""
    gap = codes == SPACE
    codes = codes[~(gap & np.concatenate(([False], gap[:-1])))]
    twice = np.where((codes == SPACE), 2, 1)
    codes = np.repeat(codes, twice)
    # A break needs spaces on both sides: before it one that ends a word, after it two that begin one.
    breaks = np.flatnonzero(codes == BREAK)
    return np.insert(codes, np.repeat(np.concatenate((breaks, breaks + 1)), 2), SPACE)


def _marks(text, rank, count):
    """A bitmap for each text: every trigram sets the bit that its rank falls on."""
    bits = np.zeros((count, WORDS * 64), bool)
    bits[text, rank % (WORDS * 64)] = True
    return np.packbits(bits, axis=1).view(np.uint64)


def _lists(text, rank, groups, sizes):
    """Texts listed under each trigram and group, from the fewest trigrams to the most: list numbers, and texts."""
    counts = np.array([len(numbers) for numbers in groups])
    flat = np.unique(np.fromiter(chain.from_iterable(groups), np.int64), return_inverse=True)[1]
    times = counts[text]
    text, rank = np.repeat(text, times), np.repeat(rank, times)
    within = np.arange(len(text)) - np.repeat(np.cumsum(times) - times, times)
    group = flat[(np.cumsum(counts) - counts)[text] + within] if len(text) else text
    lists = np.unique(rank * (flat.max(initial=0) + 1) + group, return_inverse=True)[1]
    order = np.lexsort((sizes[text], lists))
    return lists[order], text[order]


class _Places:
    """What is known of the text at each place of the lists, laid out in their order: neighbours are near in memory."""

    def __init__(self, lists, listed, sizes, owners, marks):
        self.lists, self.sizes, self.owners = lists, sizes[listed], owners[listed]
        self.marks = [column[listed] for column in marks.T]

    def near(self, threshold):
        """Pairs of places in one list whose texts may be similar, one distance after the other.

        A place with no neighbour of its size at a distance has none further on either, so each step looks at fewer.
        """
        here, distance = np.arange(len(self.lists) - 1), 1
        while len(here):
            there = here + distance
            kept = (self.lists[there] == self.lists[here]) & (
                self.sizes[here] >= threshold * self.sizes[there] - ROUNDING
            )
            here = here[kept]
            yield self._alike(here, here + distance, threshold)
            distance += 1
            here = here[here + distance < len(self.lists)]

    def _alike(self, one, other, threshold):
        """Of these pairs, those of two owners whose marks differ by no more than similar texts may.

        Marks that differ are trigrams that differ, at least as many; so one column of marks after the other rules
        out pairs.
        """
        apart = self.owners[one] != self.owners[other]
        one, other = one[apart], other[apart]
        allowed = (self.sizes[one] + self.sizes[other]) * (1 - threshold) / (1 + threshold) + ROUNDING
        for column in self.marks:
            allowed = allowed - np.bitwise_count(column[one] ^ column[other])
            possible = allowed >= 0
            one, other, allowed = one[possible], other[possible], allowed[possible]
        return one, other
