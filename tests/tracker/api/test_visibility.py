"""Who reads which record: one table for every kind of record and every kind of reader."""

import pytest

from policies.models import Organisation
from tests.policies import factories

READERS = ["nobody", "signed_in", "reader", "editor", "approver", "other_editor", "author", "administrator"]
OWN = {"reader", "editor", "approver", "author", "administrator"}
# What a record is like, and who of READERS may read it.
TABLE = [
    ({"status": "published"}, set(READERS)),
    ({"status": "closed"}, set(READERS)),
    ({"status": "withdrawn"}, set(READERS)),
    ({"status": "draft"}, OWN),
    ({"status": "in_review"}, OWN),
    ({"status": "changes_requested"}, OWN),
    ({"status": "published", "sensitivity": "official_sensitive"}, OWN),
]
KINDS = [("policies", factories.policy), ("commitments", factories.commitment), ("partnerships", factories.partnership)]


@pytest.fixture
def readers(reading, person):
    """Everybody of READERS, each with the API as they read it; the record's lead is DHSC."""
    people = {
        "nobody": None,
        "signed_in": person(),
        "reader": person("reader", "dhsc"),
        "editor": person("editor", "dhsc"),
        "approver": person("approver", "dhsc"),
        "other_editor": person("editor", "dft"),
        "author": person(),
        "administrator": person(administrator=True),
    }
    made = {name: reading(user) for name, user in people.items()}
    return made, people


@pytest.mark.parametrize(("collection", "make"), KINDS)
@pytest.mark.parametrize(("values", "may"), TABLE)
class TestEveryRecordByEveryReader:
    @pytest.fixture
    def record(self, readers, make, values):
        _made, people = readers
        initiative = make(created_by=people["author"], **values)
        dhsc = Organisation.objects.get(code="dhsc")
        factories.responsibility(initiative=initiative, organisation=dhsc)
        factories.flag(fingerprint=f"FAC001:x:{initiative.reference}", initiative=initiative)
        return initiative

    def test_record_list_and_flags_agree(self, readers, record, collection, may):
        made, _people = readers
        answers = {name: read(f"{collection}/{record.reference}").status_code for name, read in made.items()}
        assert answers == {name: 200 if name in may else 404 for name in READERS}
        for name, read in made.items():
            # It was changed last, so that it begins this order.
            listed = [
                row["reference"] for row in read.json(collection, {"sort": "-updated", "page_size": 1})["results"]
            ]
            assert (record.reference in listed) == (name in may), name
            flag = f"FAC001:x:{record.reference}"
            assert read(f"flags/{flag}").status_code == (200 if name in may else 404), name
            assert bool(read.json("flags", {"q": "does not add up", "page_size": 1})["results"]) == (name in may), name


class TestWhatStandsBesideARecord:
    def test_a_draft_above_is_not_named_to_those_who_may_not_read_it(self, readers):
        made, people = readers
        above = factories.policy(status="draft", created_by=people["author"])
        below = factories.commitment(status="published", parent=above)
        named = {name: read.json(f"commitments/{below.reference}")["parent"] for name, read in made.items()}
        assert {name for name, parent in named.items() if parent} == {"author", "administrator"}

    def test_a_pair_needs_both_of_its_sides(self, readers):
        made, people = readers
        flag = factories.flag(
            initiative=factories.policy(status="published"),
            other=factories.policy(status="draft", created_by=people["author"]),
        )
        may = {name for name, read in made.items() if read(f"flags/{flag.fingerprint}").status_code == 200}
        assert may == {"author", "administrator"}

    def test_a_check_counts_only_the_flags_that_the_reader_may_read(self, readers):
        made, people = readers
        before = made["nobody"].json("checks/NHS001")["flag_counts"]["standing"]
        factories.flag(check_code="NHS001", initiative=factories.policy(status="draft", created_by=people["author"]))
        counts = {name: read.json("checks/NHS001")["flag_counts"]["standing"] for name, read in made.items()}
        assert {name for name, count in counts.items() if count == before + 1} == {"author", "administrator"}
        assert counts["nobody"] == before


class TestReadingInPublicIsOff:
    @pytest.fixture(autouse=True)
    def _off(self, settings):
        settings.PUBLIC_READING = False

    @pytest.mark.parametrize("path", ["policies", "policies/MHCLG-0001", "flags", "checks", "areas", "scans", ""])
    def test_nobody_is_asked_to_sign_in(self, reading, path):
        answer = reading()(path)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Session ")
        assert answer.json()["detail"] == "Sign in to read this."

    def test_whoever_signed_in_reads(self, reading, person):
        assert reading(person()).json("policies")["results"]

    def test_somebody_who_was_shut_out_is_nobody(self, reading, person):
        user = person(administrator=True)
        read = reading(user)
        user.is_active = False
        user.save()
        assert read("policies").status_code == 401

    def test_the_description_is_for_everybody(self, reading):
        assert reading()("schema").status_code == reading()("docs").status_code == 200
