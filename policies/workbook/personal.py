"""What a person's file may do: make and change drafts of organisations that they write for, and revise records.

`policies.permissions` says who writes for whom, and `save_batch` asks it again; here each refusal is a
problem at the row that it is about, so that all of them are seen at once and before anything is written.
"""

from django.db.models import Q
from django.db.models.functions import Upper

from policies import permissions
from policies.models import Initiative, Status
from policies.workbook.revising import beyond_revision, is_published
from policies.workbook.sheets import BY_NAME

MOST_CODES = 20


class Rules:
    """The rules for the files of one person. `copies` are ids of working copies that the rows may name."""

    def __init__(self, by, copies=frozenset()):
        self.by, self.copies = by, copies
        self.writes = permissions.may_lead_for(by)

    def visible(self):
        """The records that a row may name."""
        return Initiative.objects.readable_by(self.by).filter(Q(revises=None) | Q(pk__in=self.copies))

    def check(self, plan, leads):
        """Add a problem for each record that the file would change and its author may not.

        `leads` are the present lead roles by entry.
        """
        groups = {}
        for difference in plan.differences:
            groups.setdefault(difference.entry, []).append(difference)
        revised = [entry.initiative.pk for entry in groups if is_published(entry)]
        opened = dict(Initiative.objects.filter(revises__in=revised).values_list("revises", "reference"))
        for entry, differences in groups.items():
            at = BY_NAME[differences[0].sheet], differences[0].row
            if entry.is_new:
                self._check_new(plan, entry, at)
            elif self._check_known(plan, entry, at, leads.get(entry)) and is_published(entry):
                self._check_published(plan, entry, differences, opened.get(entry.initiative.pk))
        self._check_codes(plan, set(groups))

    def _check_new(self, plan, entry, at):
        reference = entry.initiative.reference
        if reference:
            plan.problem(
                *at,
                "reference",
                reference,
                f"You see no record with the reference {reference}.",
                "The register gives new records their references.",
                "Correct the reference, or empty the cell to add a new record.",
            )
        if entry.initiative.status != Status.DRAFT:
            self._status(plan, entry, at, "Leave the cell empty, or write draft.")
        if entry.lead is None:
            column = "lead" if at[0].column("lead") else ""
            fix = "Name one here" if column else "Add a row to the sheet of roles with the role lead"
            plan.problem(
                *at,
                column,
                "",
                "The new record has no lead organisation.",
                "Only people who write for its lead can work on it.",
                f"{fix}: an organisation that you write for.",
                self._codes(plan),
            )
        elif self.writes is not None and entry.lead not in self.writes:
            name = plan.lookups.organisations[entry.lead].name
            sheet, row = BY_NAME[entry.lead_at[0]], entry.lead_at[1]
            plan.problem(
                sheet,
                row,
                "lead" if sheet.column("lead") else "organisation",
                plan.lookups.codes.of("organisation", entry.lead),
                f"You do not write for {name}.",
                "A new record belongs to its lead organisation.",
                "Name an organisation that you write for, or ask somebody there to upload the row.",
                self._codes(plan),
            )

    def _check_known(self, plan, entry, at, lead):
        """Whether the record is the person's to change, and stands where it can be changed."""
        initiative, before = entry.initiative, entry.before.get("status", entry.initiative.status)
        theirs = lead.organisation_id in self.writes if lead and self.writes is not None else True
        if lead is None and self.writes is not None:
            theirs = initiative.created_by_id == self.by.pk
        if not theirs:
            name = plan.lookups.organisations[lead.organisation_id].name if lead else "somebody else"
            what, why = f"{initiative.reference} belongs to {name}.", "Only people who write for its lead change it."
            fix = "Take the row out, or put back what the downloaded workbook had."
        elif before in (Status.CLOSED, Status.WITHDRAWN):
            what, why = f"{initiative.reference} is {before}.", "What has ended stays as it was."
            fix = "Have it reopened on its own page first, or take the row out."
        elif before == Status.IN_REVIEW:
            what, why = f"{initiative.reference} is in review.", "Its approver is looking at it as it stands."
            fix = "Take it back from review on its own page first, or take the row out."
        else:
            if "status" in entry.before and not is_published(entry):
                self._status(plan, entry, at, f"Write {before} again.")
            return True
        plan.problem(*at, "", initiative.reference, what, why, fix)
        return False

    def _check_published(self, plan, entry, differences, opened):
        """Its changes go to a revision, which holds nearly everything; one revision is open at a time."""
        reference = entry.initiative.reference
        first = differences[0]
        if opened:
            plan.problem(
                BY_NAME[first.sheet],
                first.row,
                "",
                reference,
                f"A revision of {reference} is open.",
                "One revision is open at a time, so that nobody's changes are lost.",
                f"Change {opened} on its own page, or have it published or discarded first.",
            )
            return
        for difference in differences:
            for column in beyond_revision(difference):
                plan.problem(
                    BY_NAME[difference.sheet],
                    difference.row,
                    column,
                    reference,
                    f"{reference} is published, and a revision does not hold this.",
                    "An approver checks every change to what is public.",
                    "Put back what the downloaded workbook had, or take the row out.",
                )

    def _status(self, plan, entry, at, fix):
        plan.problem(
            *at,
            "status",
            entry.initiative.status,
            "A workbook makes drafts and changes drafts.",
            "An approver publishes on the record's own page.",
            fix,
            [Status.DRAFT.value],
        )

    def _codes(self, plan):
        if self.writes is None:
            return []
        return sorted(plan.lookups.codes.of("organisation", pk) for pk in self.writes)[:MOST_CODES]

    def _check_codes(self, plan, entries):
        """A short code stands for one record, those that the author cannot see included."""
        wanted = {
            entry.initiative.short_code.upper(): entry
            for entry in entries
            if entry.at and entry.initiative.short_code and (entry.is_new or "short_code" in entry.before)
        }
        taken = (
            Initiative.objects.annotate(code=Upper("short_code"))
            .filter(code__in=wanted)
            .exclude(pk__in=[entry.initiative.pk for entry in entries if not entry.is_new])
        )
        for code in taken.values_list("code", flat=True):
            sheet, row = wanted[code].at
            plan.problem(
                BY_NAME[sheet],
                row,
                "short_code",
                code,
                f"Another record has the short code {code.lower()}.",
                "A short code stands for one initiative.",
                "Choose another, or empty the cell.",
            )
