"""What may stand under what, in words: the database holds the rule, and a person must be able to read it."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction

from policies.actions.action import RuleError

WORDS = {
    "initiative_not_own_parent": "A record cannot stand under itself.",
    "initiative_parent_kind": (
        "Nothing can stand under a commitment. Choose a policy or a partnership, or move what stands under this"
        " record first."
    ),
    "initiative_parent_depth": (
        "A policy can stand only under a policy that stands alone, and a partnership only under a policy or under a"
        " partnership that is under no other. Choose the record at the top."
    ),
}


@contextmanager
def parents_in_words():
    """Turn the database's refusal of a parent into a RuleError; other refusals pass."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if broken not in WORDS:
            raise
        raise RuleError(WORDS[broken]) from error
