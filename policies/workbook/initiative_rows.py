"""Rows of the sheets of policies, commitments and partnerships."""

import re

from policies.models import PUBLIC, CollectionItem, Footprint, Initiative, Kind, Precision, Status
from policies.workbook.lookups import Entry

# Columns that are not plain fields of the initiative's own row.
APART = {"reference", "lead", "places", "collections", "parent", "status", "version"}
REFERENCE = re.compile(r"[A-Z][A-Z0-9]*-[0-9]{4,}")


def read(plan, sheet, table):
    """The entries that a sheet describes, with its values set; problems go to the plan."""
    titles = _titles(plan, sheet)
    entries = []
    for number, row in table.rows:
        values = plan.read(sheet, number, row)
        entry = _match(plan, sheet, number, values, titles)
        if entry is None:
            continue
        entry.at, entry.version = (sheet.name, number), values.get("version")
        entries.append(entry)
        for column in sheet.columns:
            if column.name in values and column.name not in APART:
                entry.set(column.attribute, values[column.name])
        _status(plan, sheet, number, entry, values)
        _parent(plan, sheet, number, entry, values)
        _lead(plan, sheet, number, entry, values)
        _dates(plan, sheet, number, entry, values)
        _sets(plan, sheet, number, entry, values)
        plan.lookups.know(entry)
    return entries


def _titles(plan, sheet):
    """Initiatives by title and what they stand under, to know a row again that names no reference."""
    titles = {}
    for entry in plan.lookups.entries.values():
        if entry.initiative.kind == sheet.kind and entry.initiative.revises_id is None:
            titles.setdefault(_title_key(entry.initiative), []).append(entry)
    return titles


def _title_key(initiative):
    parent = initiative.parent_id or (initiative.parent and id(initiative.parent)) or None
    return parent, " ".join(initiative.title.split()).lower()


def _match(plan, sheet, number, values, titles):
    """The entry that a row is about: one of the register, or a new one. None if that cannot be said."""
    reference, short = (values.get("reference") or "").upper(), values.get("short_code") or ""
    found = plan.lookups.entry(reference) if reference else None
    by_short = plan.lookups.entry(short) if short else None
    if found and by_short and found is not by_short:
        return plan.problem(
            sheet,
            number,
            "short_code",
            short,
            f"“{short}” is the short code of {by_short.initiative.reference}.",
            "A short code stands for one initiative.",
            "Choose another, or leave it empty.",
        )
    if by_short and not found and reference and not (by_short.at and not by_short.initiative.reference):
        return plan.problem(
            sheet,
            number,
            "reference",
            reference,
            f"“{short}” has the reference {by_short.initiative.reference}.",
            "A reference never changes.",
            f"Write {by_short.initiative.reference}.",
        )
    entry = found or by_short
    if entry is None and not reference and not short and values.get("title"):
        parent = values.get("parent")
        key = (parent and (parent.initiative.pk or id(parent.initiative)), values["title"].lower())
        same = titles.setdefault(key, [])
        if len(same) > 1:
            return plan.problem(
                sheet,
                number,
                "title",
                values["title"],
                "More than one initiative has this title.",
                "Which one is meant is unknown.",
                "Give its reference.",
                [e.initiative.reference for e in same],
            )
        entry = same[0] if same else None
        if entry is None:
            entry = _new(plan, sheet, number, reference, values)
            same.append(entry)
            return entry
    if entry is None:
        return _new(plan, sheet, number, reference, values)
    return _known(plan, sheet, number, entry)


def _new(plan, sheet, number, reference, values):
    if reference and not REFERENCE.fullmatch(reference):
        return plan.problem(
            sheet,
            number,
            "reference",
            reference,
            f"“{reference}” does not look like a reference.",
            "References are quoted elsewhere, so all look alike.",
            "Write letters, a hyphen and four or more digits, such as DHSC-0042, or leave it empty.",
        )
    form = {"form": Kind.COMMITMENT} if sheet.kind == Kind.COMMITMENT else {}
    return Entry(Initiative(kind=sheet.kind, reference=reference, **form))


def _known(plan, sheet, number, entry):
    initiative = entry.initiative
    name = initiative.reference or initiative.short_code or initiative.title
    if entry.at:
        return plan.problem(
            sheet,
            number,
            sheet.key[0],
            name,
            f"{name} is described in row {entry.at[1]} of {entry.at[0]} too.",
            "Which row counts is unknown.",
            "Keep one of them.",
        )
    if initiative.kind != sheet.kind:
        return plan.problem(
            sheet,
            number,
            sheet.key[0],
            name,
            f"{name} is a {initiative.get_kind_display().lower()}.",
            "An initiative does not change its kind.",
            "Move the row to the sheet of its kind, or change its reference.",
        )
    return entry


def _status(plan, sheet, number, entry, values):
    """The register's own rules of status: what was published is never a draft again, and ends with a reason."""
    status, before = values.get("status"), entry.initiative.status
    if not status or (status == before and not entry.is_new):
        return
    if status in (Status.CLOSED, Status.WITHDRAWN):
        plan.problem(
            sheet,
            number,
            "status",
            status,
            f"A row cannot make an initiative {status}.",
            "Ending one needs a reason.",
            "Leave the status as it was, and end it on its page.",
        )
    elif before in PUBLIC:
        plan.problem(
            sheet,
            number,
            "status",
            status,
            f"{entry.initiative.reference} is {before}.",
            "What was public stays public.",
            f"Write {before}, or leave the cell empty.",
            [before],
        )
    else:
        entry.set("status", status)


def _parent(plan, sheet, number, entry, values):
    if "parent" not in values:
        return
    parent = values["parent"]
    if parent is not None and (parent is entry or parent.initiative.kind == Kind.COMMITMENT):
        name = parent.initiative.reference or parent.initiative.title
        plan.problem(
            sheet,
            number,
            "parent",
            name,
            f"{name} is a commitment.",
            "Nothing can stand under a commitment.",
            "Give the policy or partnership above it.",
        )
    elif parent is None:
        entry.set("parent_id", None)
    elif parent.is_new or entry.initiative.parent_id != parent.initiative.pk:
        entry.before["parent_id"] = entry.initiative.parent_id
        entry.initiative.parent = parent.initiative
        entry.fields.add("parent")


def _lead(plan, sheet, number, entry, values):
    if values.get("lead"):
        entry.lead, entry.lead_at = values["lead"], (sheet.name, number)


def _dates(plan, sheet, number, entry, values):
    initiative = entry.initiative
    for column in sheet.columns:
        if not column.name.endswith("_precision"):
            continue
        date_name = column.name.replace("_precision", "_date")
        date = getattr(initiative, column.attribute.replace("_precision", "_date"))
        precision = getattr(initiative, column.attribute)
        if date and not precision:
            entry.set(column.attribute, Precision.DAY)
        elif precision and not date and values.get(column.name) and date_name in values:
            plan.problem(
                sheet,
                number,
                date_name,
                "",
                f"There is a {column.title.lower()} and no date.",
                "It says how much of a date is known.",
                "Give the date, or empty the precision.",
            )
        elif precision and not date:
            entry.set(column.attribute, "")
    start, end = initiative.start_date, initiative.end_date
    if start and end and end < start:
        plan.problem(
            sheet,
            number,
            "end_date",
            end,
            f"It ends on {end} and begins on {start}.",
            "Nothing ends before it begins.",
            "Change one of the two dates.",
        )


def _sets(plan, sheet, number, entry, values):
    if "collections" in values:
        entry.collections = set(values["collections"])
    if "places" not in values:
        return
    entry.places = set(values["places"])
    start = entry.initiative.start_date
    for area in (plan.lookups.areas[pk] for pk in sorted(entry.places)):
        if start and area.active_to and area.active_to < start:
            plan.problem(
                sheet,
                number,
                "places",
                area.gss_code,
                f"{area.gss_code} ({area.name}) ended on {area.active_to}, before {start}.",
                "The place had another code by then.",
                "Give the code of the time.",
                [f"{successor.gss_code} ({successor.name})" for successor in area.successors.all()],
            )


def compare_sets(plan, entries):
    """Places and collections: a cell holds them all, so what it does not name is taken away."""
    known = {entry.initiative.pk: entry for entry in entries if not entry.is_new}
    for model, column, attribute in (
        (Footprint, "area_id", "places"),
        (CollectionItem, "collection_id", "collections"),
    ):
        present = {}
        for row in model.objects.filter(initiative__in=known):
            present.setdefault(row.initiative_id, {})[getattr(row, column)] = row
        for entry in entries:
            wanted = getattr(entry, attribute)
            if wanted is None:
                continue
            rows = present.get(entry.initiative.pk, {}) if not entry.is_new else {}
            removed = [row for key, row in rows.items() if key not in wanted]
            added = [model(initiative=entry.initiative, **{column: key}) for key in sorted(wanted - rows.keys())]
            plan.batch.removed += removed
            plan.batch.added += added
            if removed or added:
                entry.before[attribute] = set(rows)
                entry.rows_change = entry.is_moved = True
