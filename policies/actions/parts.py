"""One row of what hangs on an initiative, changed in place."""

from policies.actions.action import RuleError, action
from policies.actions.guarding import require, require_writable, take_version
from policies.actions.initiatives import PARTS, SAME_THING
from policies.models import Answer, Role


@action
def change_row(*, by, initiative, version, part, pk, values):
    """Change one row of a part, even what tells it from the others; its id and its history go on.

    An organisation's answer was to the role that it was asked about, so another role or organisation is not
    answered yet. Raises RuleError where another row is about the same thing, or where the row is gone.
    """
    require(by, "edit", initiative)
    require_writable(initiative)
    initiative = take_version(initiative, version)
    model, key = PARTS[part]
    rows = model.objects.filter(initiative=initiative)
    row = rows.select_for_update().filter(pk=pk).first()
    if row is None or getattr(row, "asserted_by_id", None) is not None:
        raise RuleError("It was removed in the meantime. Go back to the list to see what is there now.")
    before = _key(row, key)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if part == "roles" and Role.LEAD in (row.role, values.get("role")):
        raise RuleError("The lead is not changed here.")
    for name in changed:
        setattr(row, name, values[name])
    if _key(row, key) != before:
        if rows.filter(**dict(zip(key, _key(row, key), strict=True))).exclude(pk=pk).exists():
            raise RuleError(SAME_THING)
        changed += _unanswered(row) if part == "roles" else []
    if changed:
        row.save(update_fields=changed)
    return initiative


def _key(row, names):
    return tuple(getattr(row, name) for name in names)


def _unanswered(role):
    role.answer, role.answer_words, role.answered_by, role.answered_at = Answer.PROPOSED, "", None, None
    return ["answer", "answer_words", "answered_by", "answered_at"]
