"""The filters of scans."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.filters.base import Choice, FilterSet, Sort, yes_no
from tracker.models import Scan, ScanKind, ScanStatus


class ScanFilter(FilterSet):
    """Scans by how much they looked at, how they ended and whether they changed a flag."""

    kind = Choice(_("Kind"), ScanKind.choices, field_name="kind")
    # Running ones are not listed: they have no time to be sorted by.
    status = Choice(
        _("Status"), [choice for choice in ScanStatus.choices if choice[0] != ScanStatus.RUNNING], field_name="status"
    )
    changed = yes_no(
        _("Changed a flag"), lambda: Q(opened__gt=0) | Q(changed__gt=0) | Q(reopened__gt=0) | Q(resolved__gt=0)
    )
    sort = Sort(
        {"finished": (_("Earliest first"), _("Latest first"), lambda f: F("finished_at"))}, tie=("-finished_at", "-pk")
    )

    class Meta:
        model = Scan
        fields = ()
