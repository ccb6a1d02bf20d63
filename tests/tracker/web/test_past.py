"""A record's timeline, and the record as it stood on a day: what was, for whom, and nothing that was not public."""

import datetime
import time

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.actions import initiatives, revisions, roles
from policies.models import Area, Capital, Initiative, Organisation, Outcome, Status, Update
from tests.policies import steps
from tracker.models import Flag
from tracker.web.differences import marked
from tracker.web.stood import NAMED, PARTS

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

TODAY = datetime.date.today()


def age(days, *models):
    """Make history so many days older, as if nothing had been written since: of all that changes here, or of these."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in models or (Initiative, *PARTS, Flag):
            cursor.execute(
                f"UPDATE {model.pgh_event_model._meta.db_table} SET pgh_created_at = pgh_created_at"
                " - make_interval(days => %s) WHERE pgh_created_at > now() - interval '40 days'",
                [days],
            )
        cursor.execute("SET LOCAL session_replication_role = origin")


def ago(days):
    return (TODAY - datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def approver(person):
    return person("approver", "dhsc")


@pytest.fixture
def record(approver):
    """A commitment of the health department: a draft until 20 days ago, changed 10 days ago and today."""
    age(100, *NAMED, Initiative, *PARTS, Flag)
    lead = Organisation.objects.get(code="dhsc")
    made = initiatives.create(
        by=approver, kind="commitment", form="commitment", lead=lead, title="A secret first title", summary="Hushed"
    )
    age(10)
    initiatives.edit(by=approver, initiative=made, version=1, title="A title for all", summary="Halve it by 2027")
    public = steps.publish(made, by=approver)
    age(10)
    steps.revised(public, lambda copy: fill(copy, approver), by=approver)
    Update.objects.create(initiative=made, reported_on=TODAY, rag="green", narrative="On its way", by=approver)
    age(10)
    return steps.revised(public, lambda copy: change(copy, approver), by=approver)


def fill(copy, by):
    """A capital, an outcome, a place and a measure."""
    capital, outcome = Capital.objects.get(code="human"), Outcome.objects.first()
    for version, (part, row) in enumerate(
        [
            ("capitals", {"capital": capital, "weight": "primary", "rationale": "Skills"}),
            ("outcomes", {"outcome": outcome, "direction": "improves", "horizon": "long"}),
            ("places", {"area": Area.objects.get(gss_code="E92000001")}),
            ("measures", {"words": "Smokers in 2027", "purpose": "progress"}),
        ],
        start=1,
    ):
        initiatives.set_parts(by=by, initiative=copy, version=version, part=part, rows=[row])


def change(copy, by):
    """Another title, a value, and no capital any more."""
    initiatives.edit(by=by, initiative=copy, version=1, title="A better title for all", value_gbp=5)
    initiatives.set_parts(by=by, initiative=copy, version=2, part="capitals", rows=[])


def saved(record, times):
    """So many saves, each one of its own."""
    for number in range(times):
        with pghistory.context(number=number):
            Initiative.objects.filter(pk=record.pk).update(notes=f"Note {number}")


def at(record, day):
    return f"/commitments/{record.reference}/?as_of={day}"


class TestAsOf:
    def test_shows_fields_and_parts_as_they_were(self, read, record):
        page = read(at(record, ago(10)))
        assert page.title.startswith("A title for all")
        assert "A better title" not in page.main
        assert "This is how the record stood at the end of" in page.main
        for words in ("Human", "Skills", "England", "Smokers in 2027", "On its way", Outcome.objects.first().name):
            assert words in page.main
        assert "£5" not in page.main

    def test_the_day_before_had_less(self, read, record):
        main = read(at(record, ago(11))).main
        assert "A title for all" in main
        assert "No capital is recorded" in main
        assert "On its way" not in main

    def test_today_is_what_stands(self, read, record):
        main = read(at(record, ago(0))).main
        assert "A better title for all" in main
        assert "No capital is recorded" in main
        assert "£5" in main

    def test_before_publication_there_is_nothing_for_readers(self, read, record, person):
        for reader in (None, person("editor", "dft")):
            page = read(at(record, ago(25)), status=404, by=reader)
            assert "This record was not public at the end of that day." in page.main
            assert "secret" not in page.html
            assert "Hushed" not in page.html
            same = read(at(record, "2001-01-01"), status=404).main
            assert "This record was not public" in same, "nobody is told whether a draft was there"

    def test_those_who_could_read_the_draft_still_can(self, read, record, approver, person):
        for reader in (approver, person("reader", "dhsc"), person(administrator=True)):
            page = read(at(record, ago(25)), by=reader)
            assert "A secret first title" in page.main
            assert "Draft" in page.main
        assert "was not on the register" in read(at(record, "2001-01-01"), status=404).main

    def test_what_was_sensitive_for_a_time_stays_so(self, read, record):
        Initiative.objects.filter(pk=record.pk).update(sensitivity="official_sensitive", title="Hush")
        age(2)
        Initiative.objects.filter(pk=record.pk).update(sensitivity="official", title="Open again")
        assert "Hush" not in read(at(record, ago(1)), status=404).html
        assert "Open again" in read(at(record, ago(0))).main
        timeline = read(f"/commitments/{record.reference}/history/")
        assert "Hush" not in timeline.html
        assert "Open again" in read(f"/commitments/{record.reference}/").main

    def test_a_record_that_cannot_be_seen_now_is_not_found(self, read, record, person):
        Initiative.objects.filter(pk=record.pk).update(sensitivity="official_sensitive")
        assert read(at(record, ago(10)), status=404).title.startswith("Page not found")
        assert read(f"/commitments/{record.reference}/history/", status=404).title.startswith("Page not found")

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            ("as_of=nonsense", "The day must include a month and a year"),
            ("as_of=2026-02-30", "The day must be a real date"),
            ("as_of=", "Enter the day"),
            ("as_of=%00", "The day must"),
            ("as_of-day=1&as_of-month=11", "must include a year"),
            ("as_of=2199-01-01", "The day must be today or earlier"),
            ("as_of=9999-12-31", "The day must be a real date"),
        ],
    )
    def test_a_day_that_is_none_says_what_to_do(self, read, record, asked, words):
        page = read(f"/commitments/{record.reference}/?{asked}")
        assert page.title.startswith("Error: ")
        assert words in page.main

    def test_a_day_in_parts_gets_an_address_that_can_be_passed_on(self, client, record):
        answer = client.get(f"/commitments/{record.reference}/?as_of-day=1&as_of-month=Nov&as_of-year=2026")
        assert answer["Location"] == f"/commitments/{record.reference}/?as_of=2026-11-01"

    def test_a_wrong_kind_or_spelling_keeps_the_day(self, client, record):
        answer = client.get(f"/policies/{record.reference.lower()}/?as_of=2026-11-01")
        assert answer["Location"] == at(record, "2026-11-01")

    def test_flags_that_stood_then(self, read):
        flag = Flag.objects.get(fingerprint="NHS001:policy:MHCLG-0001")
        age(5)
        Flag.objects.filter(pk=flag.pk).update(resolved_at="2026-11-24T10:00Z", summary="It is resolved")
        assert flag.summary in read(f"/policies/MHCLG-0001/?as_of={ago(1)}").main
        assert "It is resolved" not in read(f"/policies/MHCLG-0001/?as_of={ago(0)}").main
        assert "Flag resolved" in read("/policies/MHCLG-0001/history/").main

    def test_the_number_of_queries_does_not_grow(self, client, many, person):
        few, lots = many(2)
        bodies = Organisation.objects.filter(kind="department").exclude(code="dft")[:30]
        for n, body in enumerate(bodies):
            lots.responsibilities.create(organisation=body, role="supporting")
            Initiative.objects.filter(pk=lots.pk).update(title=f"Title {n}")
        counts = []
        for one in (few, lots):
            client.get(f"/policies/{one.reference}/?as_of={ago(0)}")
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"/policies/{one.reference}/?as_of={ago(0)}").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 40


class TestTimeline:
    def address(self, record, query=""):
        return f"/commitments/{record.reference}/history/{query}"

    def test_days_and_saves_with_differences(self, read, record, approver):
        page = read(self.address(record), by=approver)
        headings = page.links(f"/commitments/{record.reference}/?as_of=")
        assert headings == [at(record, ago(n)) for n in (0, 10, 20, 30)]
        assert approver.name in page.main
        assert "Capital removed : Human, Primary" in page.main
        assert "Value, pounds : from not recorded to £5" in page.main

    def test_changed_words_are_marked_for_eyes_and_ears(self, read, record):
        page = read(self.address(record))
        assert 'A <ins><span class="govuk-visually-hidden">[added: </span>better' in page.html

    def test_strangers_see_it_from_publication_on(self, read, record):
        page = read(self.address(record))
        assert "secret" not in page.html
        assert "Published" in page.main
        assert len(page.links(f"/commitments/{record.reference}/?as_of=")) == 3

    @pytest.mark.parametrize(
        ("about", "there", "gone"),
        [
            ("wording", "better", "Capital removed"),
            ("dates", "Value, pounds", "Capital removed"),
            ("links", "Capital removed", "Value, pounds"),
            ("measures", "Smokers in 2027", "Value, pounds"),
            ("updates", "Progress update added", "Value, pounds"),
            ("signoff", "Published", "Value, pounds"),
        ],
    )
    def test_is_narrowed_to_one_sort(self, read, record, about, there, gone):
        main = read(self.address(record, f"?about={about}")).main
        assert there in main
        assert gone not in main

    def test_a_sort_that_is_none_shows_nothing_and_says_so(self, read, record):
        main = read(self.address(record, "?about=nonsense")).main
        assert "the history is not sorted into “nonsense”" in main
        assert "Published" not in main

    def test_an_answer_to_a_role_is_told(self, read, record, person):
        held = record.responsibilities.create(organisation=Organisation.objects.get(code="dft"), role="delivery")
        roles.answer_role(by=person("editor", "dft"), responsibility=held, answer="accepted", words="")
        assert "Accepted" in read(self.address(record, "?about=roles")).main

    def test_pages(self, read, record, approver):
        saved(record, 30)
        first, second = read(self.address(record)), read(self.address(record, "?page=2"))
        assert "?page=2" in first.html
        assert "Published" not in first.main
        assert "Published" in second.main
        assert "Published" in read(self.address(record, "?page=99")).main

    def test_a_wrong_kind_leads_to_the_right_address(self, client, record):
        answer = client.get(f"/policies/{record.reference}/history/?about=roles")
        assert answer["Location"] == self.address(record, "?about=roles")

    def test_the_record_leads_there_and_keeps_a_short_version(self, read, record, approver):
        page = read(f"/commitments/{record.reference}/", by=approver)
        assert self.address(record) in page.links()
        assert page.html.count("app-timeline__item") == 5

    def test_a_flag_that_names_a_record_nobody_may_read_is_left_out(self, read, record):
        hidden = Initiative.objects.get(short_code="gear-change")
        Flag.objects.filter(other=hidden).delete()
        flag = Flag.objects.filter(initiative__reference="MHCLG-0001").first()
        Flag.objects.filter(pk=flag.pk).update(other=hidden, summary="Names a secret")
        Flag.objects.filter(pk=flag.pk).update(resolved_at="2026-11-24T10:00Z")
        assert "Names a secret" in read("/policies/MHCLG-0001/history/").main
        Initiative.objects.filter(pk=hidden.pk).update(status=Status.DRAFT)
        assert "Names a secret" not in read("/policies/MHCLG-0001/history/").html

    def test_the_number_of_queries_does_not_grow(self, client, record, approver):
        def count():
            client.get(self.address(record))
            with CaptureQueriesContext(connection) as asked:
                client.get(self.address(record))
            return len(asked)

        few = count()
        saved(record, 20)
        assert count() == few <= 35


class TestMarks:
    @pytest.mark.parametrize(
        ("before", "after"),
        [("", "Some words that are new"), (None, "a b c d"), ("a b c d e", "v w x y z"), ("A", "B"), ("a b", None)],
    )
    def test_short_new_or_other_texts_are_shown_whole(self, before, after):
        assert marked(before, after) is None

    def test_what_left_and_what_came(self):
        found = marked("Halve smoking in the north by 2027", "Halve smoking by 2030")
        assert found.count("<del>") == 2
        assert found.count("<ins>") == 1
        assert "2030" in found

    def test_one_word_over_and_over_takes_no_time(self):
        began = time.process_time()
        assert marked("a " * 1000, "a b " * 500) is None
        assert marked("a " * 60, "a b " * 30)
        assert time.process_time() - began < 2

    def test_long_prose_is_still_marked(self):
        words = [f"word{number % 211}" if number % 9 else "the" for number in range(400)]
        assert marked(" ".join(words), " ".join([*words[:200], "new", *words[200:]])).count("<ins>") == 1

    def test_markup_in_a_text_stays_text(self):
        assert "<script>" not in marked("a b c d <script>e", "a b c d <script>f")


class TestSignOff:
    def test_steps_between_writers_and_approvers_stay_there(self, read, record, approver):
        address = f"/commitments/{record.reference}/history/?about=signoff"
        main = read(address).main
        assert "Revision published" in main
        assert "Revision started" not in main
        assert "Sent for review" not in main
        main = read(address, by=approver).main
        assert "Revision started" in main
        assert "Sent for review" in main

    def test_a_working_copy_is_nowhere_in_it(self, read, record, approver, person):
        copy = revisions.start_revision(by=approver, initiative=record)
        initiatives.edit(by=approver, initiative=copy, version=1, title="Not yet for all")
        for reader in (None, person("editor", "dft"), approver):
            for address in (f"/commitments/{record.reference}/history/", at(record, ago(0))):
                assert "Not yet for all" not in read(address, by=reader).html
        read(f"/commitments/{copy.reference}/history/", status=404)
        read(at(copy, ago(0)), status=404)
