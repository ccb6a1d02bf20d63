"""Who does the work of a body that has ended: the successors that exist, at the end of every chain."""

from collections import defaultdict

from django.utils import timezone

from .organisation import Organisation, OrganisationSuccession


class Successions:
    """All chains of successors on a day, read once; `today` unless told otherwise."""

    def __init__(self, day=None):
        self.day = day or timezone.localdate()
        self.after = defaultdict(list)
        self.ended = set(Organisation.objects.filter(active_to__lte=self.day).values_list("pk", flat=True))
        pairs = OrganisationSuccession.objects.values_list("predecessor_id", "successor_id").order_by("successor_id")
        for predecessor, successor in pairs:
            self.after[predecessor].append(successor)

    def heirs(self, organisation_id):
        """Ids of the bodies that do its work now: itself while it exists; none if it ended without a successor."""
        found, seen, waiting = [], set(), [organisation_id]
        while waiting:
            one = waiting.pop(0)
            if one in seen:
                continue
            seen.add(one)
            if one not in self.ended:
                found.append(one)
            else:
                waiting += self.after[one]
        return found

    def counted_as(self, organisation_id):
        """Ids of all bodies whose work is now that of the same heirs: the body's own heirs, and who ended in them."""
        heirs = set(self.heirs(organisation_id)) or {organisation_id}
        return heirs | {one for one in self.ended if heirs & set(self.heirs(one))}
