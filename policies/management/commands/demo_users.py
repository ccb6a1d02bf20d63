"""`manage.py demo_users`: demonstration sign-ins, one for each role. Never for a real service."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from policies.actions.people import put_person, registrar
from policies.models import MembershipRole, Organisation

PEOPLE = [
    ("reader@dhsc.example", "Robin Reader", "dhsc", MembershipRole.READER, "reads for DHSC, drafts included"),
    ("editor@dhsc.example", "Ellis Editor", "dhsc", MembershipRole.EDITOR, "writes for DHSC"),
    ("approver@dhsc.example", "Alex Approver", "dhsc", MembershipRole.APPROVER, "writes and publishes for DHSC"),
    ("editor@dft.example", "Dana Drafter", "dft", MembershipRole.EDITOR, "writes for DfT"),
    ("approver@dft.example", "Dale Driver", "dft", MembershipRole.APPROVER, "writes and publishes for DfT"),
    ("editor@nhs-england.example", "Nic Nurse", "nhs-england", MembershipRole.EDITOR, "answers for NHS England"),
    ("editor@gmca.example", "Morgan Mayor", "gmca", MembershipRole.EDITOR, "answers for Greater Manchester"),
    ("administrator@tracker.example", "Ada Administrator", None, None, "may do everything"),
]


class Command(BaseCommand):
    help = (
        "Creates one demonstration sign-in for each role. The file that TRACKER_DEMO_FILE names keeps their passwords."
    )

    def handle(self, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("Demonstration sign-ins need DEMONSTRATION=true. Nothing was created.")
        path = Path(os.environ["TRACKER_DEMO_FILE"]) if os.environ.get("TRACKER_DEMO_FILE") else None
        known = _passwords(path)
        lines = []
        for email, name, code, role, what in PEOPLE:
            password = known.get(email) or "-".join(secrets.token_hex(2) for _ in range(4))
            memberships = [(Organisation.objects.get(code=code), role)] if code else []
            put_person(
                by=registrar(),
                email=email,
                name=name,
                password=password,
                memberships=memberships,
                is_administrator=code is None,
            )
            lines.append(f"{email:32} {password}   {what}")
        if path:
            path.touch(mode=0o600)
            path.write_text("\n".join(lines) + "\n")
        else:
            self.stdout.write("\n".join(lines))


def _passwords(path):
    if path is None or not path.exists():
        return {}
    return dict(line.split()[:2] for line in path.read_text().splitlines() if line.strip())
