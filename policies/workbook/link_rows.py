"""Rows of the sheets that hang on initiatives: roles, links, criteria and measures."""

from collections import defaultdict
from dataclasses import dataclass

from policies.models import CapitalWeight, Responsibility, Role
from policies.workbook.differences import of_link
from policies.workbook.lookups import Entry
from policies.workbook.sheets import CAPITAL_LINKS, MEASURES, ROLES
from policies.workbook.values import same


@dataclass(eq=False)
class Draft:
    """A row as read: the initiative that it hangs on, its values by the model's attributes, and its number."""

    entry: Entry
    values: dict
    number: int

    def key(self, sheet):
        """What tells it from other rows of its sheet."""
        return (self.entry, *(self.values.get(name) for name in key_attributes(sheet)))


def key_attributes(sheet):
    """The attributes of the model that a sheet's key columns stand for, but the initiative."""
    return [sheet.column(name).attribute for name in sheet.key if name != "initiative"]


def read(plan, sheet, table):
    """The rows of a sheet that can be understood; problems go to the plan."""
    drafts, seen = [], {}
    for number, row in table.rows:
        known = len(plan.problems)
        values = plan.read(sheet, number, row)
        for column in sheet.columns:
            if column.name in sheet.key and column.name not in values and column.name not in row:
                values[column.name] = column.default if column.default is not None else _nothing(column)
        if len(plan.problems) > known:
            continue
        entry = values.pop("initiative")
        draft = Draft(entry, {sheet.column(name).attribute: value for name, value in values.items()}, number)
        key = draft.key(sheet)
        if key in seen:
            plan.problem(
                sheet,
                number,
                sheet.key[-1],
                row.get(sheet.key[-1], ""),
                f"Row {seen[key]} is about the same thing.",
                "Which row counts is unknown.",
                "Keep one of them.",
            )
            continue
        seen[key] = number
        if sheet is MEASURES:
            _check_measure(plan, number, draft.values)
        drafts.append(draft)
    return drafts


def _nothing(column):
    return None if column.attribute.endswith("_id") else ""


def _check_measure(plan, number, values):
    if not values.get("indicator_id") and not values.get("words"):
        plan.problem(
            MEASURES,
            number,
            "words",
            "",
            "The row names no indicator and has no words.",
            "A measure says what is measured.",
            "Give an indicator's code, or describe the measure.",
        )
    start, end = values.get("baseline_date"), values.get("target_date")
    if start and end and end < start:
        plan.problem(
            MEASURES,
            number,
            "target_date",
            end,
            f"The target, {end}, is before the start, {start}.",
            "Progress is drawn from one to the other.",
            "Change one of the two dates.",
        )


def check_leads(plan, drafts):
    """One organisation at most leads an initiative, whichever sheet says so."""
    for draft in drafts:
        if draft.values["role"] != Role.LEAD:
            continue
        entry, lead = draft.entry, draft.values["organisation_id"]
        if entry.lead is not None and entry.lead != lead:
            other = plan.lookups.organisations[entry.lead].name
            plan.problem(
                ROLES,
                draft.number,
                "role",
                Role.LEAD,
                f"Row {entry.lead_at[1]} of {entry.lead_at[0]} names {other} as the lead.",
                "One organisation answers for an initiative.",
                "Make one of them co-lead.",
                [Role.CO_LEAD.value],
            )
            continue
        if entry.lead is None:
            entry.lead, entry.lead_at = lead, (ROLES.name, draft.number)


def compare(plan, sheet, drafts):
    """Sort rows into new, changed and unchanged against the register's."""
    present = _present(plan, sheet, drafts)
    count = plan.counts[sheet.name]
    for draft in drafts:
        row = present.get(draft.key(sheet))
        if row is None:
            row = sheet.model(initiative=draft.entry.initiative, **draft.values)
            present[draft.key(sheet)] = row
            plan.batch.added.append(row)
            count.added += 1
            plan.differences.append(of_link(plan, sheet, draft, None))
            draft.entry.rows_change = True
            continue
        changed = {name: value for name, value in draft.values.items() if not same(getattr(row, name), value)}
        if changed:
            before = {name: getattr(row, name) for name in changed}
            plan.differences.append(of_link(plan, sheet, draft, before))
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            plan.batch.altered.append((row, {name.removesuffix("_id") for name in changed}))
            count.changed += 1
            draft.entry.rows_change = True
        else:
            count.unchanged += 1
    if sheet is CAPITAL_LINKS:
        _check_primary(plan, present, drafts)


def _present(plan, sheet, drafts):
    known = {d.entry.initiative.pk: d.entry for d in drafts if not d.entry.is_new}
    rows = sheet.model.objects.filter(initiative__in=known)
    if any(field.name == "asserted_by" for field in sheet.model._meta.fields):
        rows = rows.filter(asserted_by=None)
    names = key_attributes(sheet)
    return {(known[row.initiative_id], *(getattr(row, name) for name in names)): row for row in rows}


def _check_primary(plan, rows, drafts):
    """After the import an initiative has one primary capital at most, the register's own rows counted."""
    primary = defaultdict(list)
    for (entry, capital), row in rows.items():
        if row.weight == CapitalWeight.PRIMARY:
            primary[entry].append(capital)
    for draft in drafts:
        others = [capital for capital in primary[draft.entry] if capital != draft.values["capital_id"]]
        if draft.values["weight"] == CapitalWeight.PRIMARY and others:
            plan.problem(
                CAPITAL_LINKS,
                draft.number,
                "weight",
                CapitalWeight.PRIMARY,
                f"{draft.entry.initiative.reference} has another primary capital.",
                "Its pounds are counted under one.",
                "Make the other one secondary, in a row of this sheet.",
                [CapitalWeight.SECONDARY.value],
            )


def put_leads(plan, entries, leads):
    """Make the leads that the file names the leads: the one before gives way, and the new one gets its role."""
    added = {
        id(row.initiative): row for row in plan.batch.added if isinstance(row, Responsibility) and row.role == Role.LEAD
    }
    for entry in sorted((entry for entry in entries if entry.lead), key=lambda entry: entry.lead_at):
        before = leads.get(entry)
        if before is not None and before.organisation_id != entry.lead:
            entry.before["lead"] = before.organisation_id
            plan.batch.removed.append(before)
            entry.rows_change = entry.is_moved = True
        elif before is not None:
            continue
        entry.before.setdefault("lead", None)
        if id(entry.initiative) not in added:
            plan.batch.added.append(
                Responsibility(
                    initiative=entry.initiative,
                    organisation_id=entry.lead,
                    role=Role.LEAD,
                    source_title=entry.initiative.source_title,
                    source_url=entry.initiative.source_url,
                )
            )
            entry.rows_change = entry.is_moved = True
