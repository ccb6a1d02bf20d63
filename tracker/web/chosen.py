"""What somebody chose in a form, in the words of its choices."""

from collections.abc import Iterable

from tracker.filters.base import RecordField


def words_of(field, given: Iterable[str], cleaned) -> list[str]:
    """What the reader sees for each given value: its choice's words, the record's name, or what was typed."""
    if isinstance(field, RecordField):
        return [str(cleaned) for _value in given]
    words = {}
    for value, label in getattr(field, "choices", []):
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        words |= {str(v): str(w) for v, w in inner}
    return [words.get(value, value) for value in given]
