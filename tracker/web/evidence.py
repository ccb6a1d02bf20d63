"""A flag's evidence as tables. It is JSON that a check built, so anything may be in it, and nothing is trusted."""

from decimal import Decimal

from django.utils.translation import gettext as _

from policies.models import Initiative
from tracker.web import display, links

REFERENCES = ("Initiative", "Reference", "Commitment", "Policy", "Partnership")


def tables(evidence, user):
    """The labelled facts, and the proving rows with their columns; references that the user may read are linked."""
    evidence = evidence if isinstance(evidence, dict) else {"evidence": evidence}
    rows = [row for row in evidence.get("rows") or [] if isinstance(row, dict)]
    columns = evidence.get("columns") or list(dict.fromkeys(key for row in rows for key in row))
    facts = [
        (str(fact.get("label", "")), shown(fact.get("value"), str(fact.get("label", ""))))
        for fact in evidence.get("facts") or []
        if isinstance(fact, dict)
    ]
    addresses = _addresses(rows, user)
    others = {key: value for key, value in evidence.items() if key not in ("facts", "rows", "columns")}
    facts += [(str(key), shown(value, str(key))) for key, value in others.items()]
    return {
        "facts": facts,
        "columns": [{"text": str(name), "numeric": _is_numeric(rows, name)} for name in columns],
        "rows": [[_cell(row.get(name), str(name), addresses) for name in columns] for row in rows],
    }


def shown(value, label=""):
    """A JSON value in words; None when it is empty."""
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float | Decimal):
        return display.money_exact(Decimal(str(value))) if "pounds" in label.lower() else display.number(value)
    if isinstance(value, list):
        return ", ".join(shown(each, label) or display.not_recorded() for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown(each, str(key)) or display.not_recorded()}" for key, each in value.items())
    return str(value)


def _is_numeric(rows, name):
    values = [row.get(name) for row in rows if row.get(name) is not None]
    return bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _addresses(rows, user):
    named = {row.get(key) for row in rows for key in REFERENCES if isinstance(row.get(key), str)}
    found = Initiative.objects.visible_to(user).filter(reference__in=named).only("reference", "kind")
    return {one.reference: links.record(one) for one in found}


def _cell(value, name, addresses):
    words = shown(value, name)
    return {"text": words, "href": addresses.get(words, "") if name in REFERENCES else ""}
