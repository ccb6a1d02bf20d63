"""One search over the register: what is found, in what order, and what stays hidden."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from policies.models import Initiative

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


def test_an_empty_search_asks_for_words(read):
    page = read("/search/")
    assert "Words, a reference or a name" in page.main
    assert "Nothing on record" not in page.main


def test_words_find_records_of_every_kind_and_count_them(read):
    page = read("/search/?q=cycling+walking")
    assert "Gear Change: a bold vision for cycling and walking" in page.main
    assert "Invest £2bn in cycling and walking over five years" in page.main
    counts = {link: link for link in page.links("/commitments/?")}
    assert "/commitments/?q=cycling+walking" in counts


def test_each_count_is_that_of_its_list(read):
    page = read("/search/?q=housing")
    for name in ("policies", "commitments", "partnerships"):
        for link in page.links(f"/{name}/?q="):
            count = int(page.main.split(f" {name}")[0].split()[-1])
            assert f"{count} {name}" in read(link).main or f"{count} {name[:-1]}" in read(link).main


@pytest.mark.parametrize("words", ["MHCLG-0001", "mhclg-0001", "luf"])
def test_a_reference_or_short_code_leads_to_its_record(client, words):
    answer = client.get("/search/", {"q": words})
    assert answer["Location"] == reverse("policy", kwargs={"reference": "MHCLG-0001"})


def test_organisations_are_found_by_abbreviation_and_lead_to_what_they_do(read):
    page = read("/search/?q=DfT")
    assert "Department for Transport (DfT)" in page.main
    assert "/policies/?organisation=dft" in page.links("/policies/")


def test_nothing_found_says_what_to_try(read):
    assert "Nothing on record holds these words" in read("/search/?q=zzzzqqq").main


def test_drafts_are_found_only_by_those_who_may_read_them(read, person, client):
    hidden = Initiative.objects.get(short_code="gear-change")
    Initiative.objects.filter(pk=hidden.pk).update(status="draft")
    assert "Gear Change: a bold" not in read("/search/?q=cycling").main
    assert client.get("/search/?q=gear-change").status_code == 200, "the short code does not lead there either"
    assert "Gear Change: a bold" in read("/search/?q=cycling", by=person("reader", "dft")).main


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "' OR 1=1 --", "a" * 300, "%", "& | !"])
def test_odd_words_are_only_words(read, words):
    page = read("/search/?" + "q=" + quote(words))
    assert "<script>alert(1)" not in page.html


def test_a_control_character_is_refused_with_words(client):
    text = client.get("/search/?q=a%00b").content.decode()
    assert "control characters" in text


def test_the_queries_do_not_grow_with_what_is_found(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        assert client.get("/search/?q=health").status_code == 200


def test_one_is_spoken_of_as_one(read):
    Initiative.objects.filter(short_code="gear-change").update(title="Wheels quagga")
    main = read("/search/?q=quagga").main
    assert "Search 1 policy , 0 commitments, 0 partnerships." in main
