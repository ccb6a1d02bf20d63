"""What a fund's criteria and allocations add up to, in numbers and in words."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.models import Allocation, Form
from tracker.web.display import money_exact, number

# Whose money is handed out by rules and to places.
HANDS_OUT = [Form.FUND, Form.PROGRAMME]
WHOLE = Decimal(100)


def hands_out(initiative):
    """Whether criteria and allocations belong to a record."""
    return initiative.form in HANDS_OUT


@dataclass(frozen=True)
class Weights:
    """The criteria of one round and stage."""

    round: str
    stage: str
    rows: tuple

    @property
    def known(self):
        """What the published weights add up to, in per cent; None where none is published."""
        found = [row.weight_percent for row in self.rows if row.weight_percent is not None]
        return sum(found, Decimal(0)) if found else None

    @property
    def healthy(self):
        """What those of measures of health add up to."""
        return sum((row.weight_percent or Decimal(0) for row in self.rows if row.is_health), Decimal(0))

    @property
    def all_known(self):
        """Whether every weight is published."""
        return all(row.weight_percent is not None for row in self.rows)

    @property
    def sum_in_words(self):
        """What they add up to: "100%", "80%, without 2 criteria whose weight is not recorded"."""
        if self.known is None:
            return _("no weights recorded")
        said = f"{number(self.known)}%"
        if self.all_known:
            return said
        missing = sum(row.weight_percent is None for row in self.rows)
        return ngettext(
            "%(sum)s, without %(number)s criterion whose weight is not recorded",
            "%(sum)s, without %(number)s criteria whose weight is not recorded",
            missing,
        ) % {"sum": said, "number": missing}

    @property
    def warning(self):
        """What is wrong with the sum, or nothing. With weights still to come, only too much is wrong."""
        if self.known is None or self.known == WHOLE or (self.known < WHOLE and not self.all_known):
            return ""
        words = _("The weights of %(round)s, %(stage)s, add up to %(sum)s%%, not 100%%. Check them with the source.")
        return words % {"round": self.round, "stage": self.stage.lower(), "sum": number(self.known)}

    @property
    def health_in_words(self):
        """How much of it is health: by weight where all weights are known, else by count."""
        if self.all_known and self.known:
            return _("%(share)s%% of the weight is health") % {
                "share": number(round(self.healthy / self.known * 100, 1))
            }
        healthy = sum(row.is_health for row in self.rows)
        return _("%(healthy)s of %(all)s are measures of health") % {"healthy": healthy, "all": len(self.rows)}


def weights(criteria):
    """Criteria by round and stage, in the order in which they come."""
    groups = {}
    for row in criteria:
        groups.setdefault((row.round, row.get_stage_display()), []).append(row)
    return [Weights(name, stage, tuple(rows)) for (name, stage), rows in groups.items()]


def allocated(initiative):
    """How many allocations a record has, and their sum in pounds."""
    rows = Allocation.objects.filter(initiative=initiative)
    return rows.aggregate(number=Count("pk"), total=Sum("amount_gbp", default=Decimal(0)))


def allocated_in_words(initiative, found):
    """The sum beside the record's value, and a warning where it is too much."""
    value, total = initiative.value_gbp, found["total"]
    counted = ngettext("%(number)s allocation", "%(number)s allocations", found["number"])
    said = counted % {"number": number(found["number"])} + f", {money_exact(total)}"
    if value is None:
        return said, ""
    said += " " + _("of %(value)s") % {"value": money_exact(value)}
    if total <= value:
        return said, ""
    over = _("The allocations add up to %(more)s more than the value of %(value)s. Check the amounts, or the value.")
    return said, over % {"more": money_exact(total - value), "value": money_exact(value)}
