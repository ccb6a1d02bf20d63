"""Forms as components: every kind of field, its errors and their links, and that no answer is lost."""

import datetime as dt
import re
from decimal import Decimal
from html.parser import HTMLParser

import django_filters
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import RegexValidator
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from policies.models import Organisation
from tracker.web.forms import (
    DateField,
    FilterForm,
    Look,
    MoneyField,
    Period,
    PeriodField,
    ServiceForm,
    ServiceModelForm,
    problems,
)
from tracker.web.forms.account import ResetPasswordForm, SignInForm
from tracker.web.forms.bound import choices
from tracker.web.forms.wording import spoken

PLAIN_WORDS = re.compile(r"\b(please|sorry|valid|invalid|forbidden|this field|this value)\b", re.IGNORECASE)


class Everything(ServiceForm):
    """One of each kind."""

    title = forms.CharField(max_length=20, help_text="As it is written")
    summary = forms.CharField(max_length=200, widget=forms.Textarea)
    note = forms.CharField(widget=forms.Textarea, required=False)
    due = DateField(label="Due date")
    start = PeriodField(label="Start")
    value = MoneyField(min_value=0)
    basis = forms.ChoiceField(
        label="How firm is the date?", choices=[("s", "Stated"), ("j", "Judged")], widget=forms.RadioSelect
    )
    reason = forms.CharField(required=False)
    capitals = forms.MultipleChoiceField(choices=[("h", "Human"), ("s", "Social")], widget=forms.CheckboxSelectMultiple)
    lead = forms.ChoiceField(label="Lead organisation", choices=[("", "---------"), ("1", "MHCLG")])
    read = forms.BooleanField(label="I have read the source")
    email = forms.EmailField(label="Email address")
    link = forms.URLField(assume_scheme="https")
    code = forms.SlugField()
    share = forms.IntegerField(label="Share (%)", min_value=1, max_value=5)
    weight = forms.DecimalField(max_digits=4, decimal_places=1)
    password = forms.CharField(widget=forms.PasswordInput)
    workbook = forms.FileField()

    design = {
        "basis": Look(
            name="basis", hints={"s": "In so many words"}, reveals={"j": ("reason",)}, required_when_shown=("reason",)
        ),
        "share": Look(width=3, suffix="%"),
    }


GOOD = {
    "title": "Build", "summary": "More homes", "due-day": "27", "due-month": "march", "due-year": "2027",
    "start-year": "2021", "value": "£4.8bn", "basis": "s", "capitals": ["h"], "lead": "1", "read": "on",
    "email": "a@example.gov.uk", "link": "https://www.example.gov.uk/x", "code": "a-b", "share": "5", "weight": "1.5",
    "password": "secret words here",
}  # fmt: skip

BAD = {
    "title": "x" * 21, "summary": "x" * 201, "due-day": "31", "due-month": "2", "due-year": "2027",
    "start-month": "13", "start-year": "2021", "value": "lots", "basis": "zzz", "capitals": ["zzz"], "lead": "zzz",
    "email": "nobody", "link": "not a link", "code": "a b", "share": "9", "weight": "12345",
}  # fmt: skip


def sent(data, form=Everything, **files):
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return form(query, files or None)


def a_file():
    return SimpleUploadedFile("a.xlsx", b"x")


class Ids(HTMLParser):
    """What refers to what on a page."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.inputs, self.referred, self.values = [], set(), set(), {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
            if tag in ("input", "select", "textarea"):
                self.inputs.add(given["id"])
        self.referred |= set((given.get("aria-describedby") or "").split()) | (
            {given["for"]} if "for" in given else set()
        )
        if tag == "input":
            self.values.setdefault(given.get("name"), []).append(given)


@pytest.mark.parametrize("form", [Everything(), sent({}), sent(BAD), sent(GOOD, workbook=a_file())],
                         ids=["new", "empty", "bad", "good"])  # fmt: skip
def test_ids_are_unique_and_every_reference_is_there(form):
    page = Ids(str(form))
    assert len(page.ids) == len(set(page.ids))
    assert page.referred <= set(page.ids)


@pytest.mark.parametrize("data", [{}, BAD, {"basis": "j"}], ids=["empty", "bad", "revealed"])
def test_each_error_leads_to_an_input_and_is_told_twice_in_the_same_words(data):
    form = sent(data)
    html, lines = str(form), problems([form])
    page = Ids(html)
    assert len(lines) == sum(len(errors) for errors in form.errors.values())
    for line in lines:
        assert line["href"][1:] in page.inputs, line
        assert str(forms.utils.escape(line["text"])) in html, line
        assert not PLAIN_WORDS.search(line["text"]), line


def test_what_is_said_of_nothing():
    assert [line["text"] for line in problems([sent({})])] == [
        "Enter the title", "Enter the summary", "Enter the due date", "Enter the start", "Enter the value",
        "Select the basis", "Select the capitals", "Select the lead organisation",
        "Select the box “I have read the source”", "Enter the email address", "Enter the link", "Enter the code",
        "Enter the share (%)", "Enter the weight", "Enter the password", "Select the workbook",
    ]  # fmt: skip


def test_what_is_said_of_bad_answers():
    lines = {line["href"]: line["text"] for line in problems([sent(BAD)])}
    assert lines["#id_title"] == "The title must be 20 characters or fewer"
    assert lines["#id_due-day"] == "The due date must be a real date"
    assert lines["#id_start-month"] == "The start must be a real date"
    assert lines["#id_value"] == "The value must be an amount in pounds, like 1,500,000 or 2.5m"
    assert lines["#id_basis"] == "Select the basis from the list"
    assert lines["#id_email"] == "Enter the email address in the correct format, like name@example.gov.uk"
    assert lines["#id_share"] == "The share (%) must be 5 or less"


def test_good_answers_clean():
    form = sent(GOOD, workbook=a_file())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == dt.date(2027, 3, 27)
    assert form.cleaned_data["start"] == Period(dt.date(2021, 1, 1), "year")
    assert form.cleaned_data["value"] == Decimal(4_800_000_000)
    assert problems([form]) == []


@pytest.mark.parametrize("data", [GOOD, BAD], ids=["good", "bad"])
def test_answers_stay_in_the_page(data):
    html = str(sent(data))
    values = Ids(html).values
    for name in ("title", "due-day", "due-month", "due-year", "start-year", "value", "email", "link", "code", "share"):
        assert [given.get("value") for given in values[name]] == [data[name]], name
    assert data["summary"] in html


def test_choices_stay_chosen():
    values = Ids(str(sent(GOOD))).values
    assert [("checked" in given) for given in values["basis"]] == [True, False]
    assert [("checked" in given) for given in values["capitals"]] == [True, False]
    assert "checked" in values["read"][0]
    assert re.search(r'<option value="1" selected>', str(sent(GOOD)))


def test_passwords_are_not_sent_back():
    assert GOOD["password"] not in str(sent(GOOD))


def test_what_was_typed_is_escaped():
    html = str(sent({**BAD, "title": "<script>alert(1)</script>", "due-day": '"><b>', "value": "<i>"}))
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html


class TestRevealed:
    def test_stands_inside_its_choice_only(self):
        html = str(Everything())
        assert html.count('name="reason"') == 1
        assert re.search(r'class="govuk-radios__conditional[^>]*>\s*<div[^>]*>.*?name="reason"', html, re.DOTALL)

    def test_is_asked_for_when_shown(self):
        assert sent({**GOOD, "basis": "j"}).errors["reason"] == ["Enter the reason"]

    def test_is_dropped_when_not_shown(self):
        form = sent({**GOOD, "reason": "left over"}, workbook=a_file())
        assert form.is_valid()
        assert form.cleaned_data["reason"] == ""

    def test_is_not_called_optional(self):
        assert "Reason (optional)" not in str(Everything())


class TestDates:
    @pytest.mark.parametrize(
        ("parts", "words", "box"),
        [
            (("31", "2", "2027"), "The due date must be a real date", "day"),
            (("", "2", "2027"), "The due date must include a day", "day"),
            (("1", "", "2027"), "The due date must include a month", "month"),
            (("1", "", ""), "The due date must include a month and a year", "month"),
            (("1", "2", "27"), "The due date must have 4 numbers in its year", "year"),
            (("1", "soon", "2027"), "The due date must be a real date", "month"),
            (("x", "1", "2027"), "The due date must be a real date", "day"),
            (("1", "1", "never"), "The due date must be a real date", "year"),
            (("1", "1", "²²²²"), "The due date must be a real date", "year"),
            (("29", "2", "2026"), "The due date must be a real date", "day"),
        ],
    )
    def test_errors_name_the_part_and_lead_to_it(self, parts, words, box):
        form = sent(dict(zip(("due-day", "due-month", "due-year"), parts, strict=True)))
        assert form.errors["due"] == [words]
        assert {"text": words, "href": f"#id_due-{box}"} in problems([form])

    @pytest.mark.parametrize("month", ["3", "03", "mar", "March", "MARCH", "mar."])
    def test_months_may_be_names(self, month):
        form = sent({"due-day": "27", "due-month": month, "due-year": "2027"})
        assert "due" not in form.errors

    def test_one_iso_date_is_taken_too(self):
        form = sent({"due": "2027-03-27"})
        assert form.fields["due"].clean(form["due"].data) == dt.date(2027, 3, 27)

    def test_initial_date_is_shown_in_parts(self):
        values = Ids(str(Everything(initial={"due": dt.date(2027, 3, 27)}))).values
        assert [values[f"due-{part}"][0]["value"] for part in ("day", "month", "year")] == ["27", "3", "2027"]

    @given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
    def test_every_date_goes_round(self, date):
        field = DateField()
        assert field.clean(field.prepare_value(date)) == date

    @given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
    def test_nothing_typed_breaks_it(self, day, month, year):
        for field in (DateField(required=False), PeriodField(required=False)):
            parts: set[str] = set()
            try:
                field.clean({"day": day, "month": month, "year": year})
            except forms.ValidationError as error:
                parts = set(error.error_list[0].params["parts"])
            assert parts <= {"day", "month", "year"}

    def test_period_keeps_what_is_known(self):
        field = PeriodField()
        assert field.clean({"month": "5", "year": "2021"}) == Period(dt.date(2021, 5, 1), "month")
        assert field.prepare_value(Period(dt.date(2021, 5, 1), "month")) == {"month": "5", "year": "2021"}
        assert field.prepare_value(Period(dt.date(2021, 1, 1), "year")) == {"year": "2021"}

    def test_a_day_without_a_month_is_incomplete(self):
        with pytest.raises(forms.ValidationError) as caught:
            PeriodField().clean({"day": "5", "year": "2021"})
        assert caught.value.error_list[0].params["parts"] == ["month"]


class TestMoney:
    @pytest.mark.parametrize(
        ("typed", "amount"),
        [
            ("4,800,000,000", "4800000000"), ("£4.8bn", "4800000000"), ("4.8 billion", "4800000000"),
            ("£ 220m", "220000000"), ("220 Million", "220000000"), ("£1,500.50", "1500.50"), ("35k", "35000"),
            ("0", "0"), ("-£5", "-5"), (".5m", "500000"), ("1 000 000", "1000000"),
        ],
    )  # fmt: skip
    def test_takes_what_people_write(self, typed, amount):
        assert MoneyField().clean(typed) == Decimal(amount)

    @pytest.mark.parametrize("typed", ["lots", "4.8.1", "£", "5 apples", "--5", "1e9", "NaN", "inf", "4 8bn x"])
    def test_refuses_what_is_no_amount(self, typed):
        with pytest.raises(forms.ValidationError):
            MoneyField().clean(typed)

    def test_shows_commas_and_no_empty_pence(self):
        assert MoneyField().prepare_value(Decimal("4800000.00")) == "4,800,000"
        assert MoneyField().prepare_value(Decimal("1.50")) == "1.50"

    @given(st.text(max_size=12))
    def test_nothing_typed_breaks_it(self, typed):
        try:
            amount = MoneyField(required=False).clean(typed)
        except forms.ValidationError:
            return
        assert amount is None or amount.is_finite()


class TestWords:
    def test_an_authors_own_words_are_kept(self):
        class Form(ServiceForm):
            a = forms.CharField(error_messages={"required": "Say what it is called"})
            b = forms.CharField(validators=[RegexValidator("^[a-z]+$", "Use small letters only")])

        assert Form({"b": "1"}).errors == {"a": ["Say what it is called"], "b": ["Use small letters only"]}

    @pytest.mark.parametrize(
        ("label", "said"),
        [
            ("Due date", "the due date"), ("NHS body", "the NHS body"), ("Your name", "your name"),
            ("GOV.UK link", "the GOV.UK link"), ("The title", "the title"), ("Title:", "the title"),
        ],
    )  # fmt: skip
    def test_labels_in_the_middle_of_a_sentence(self, label, said):
        assert spoken(label) == said

    def test_a_percent_sign_in_a_label_breaks_nothing(self):
        class Form(ServiceForm):
            share = forms.CharField(label="100% s share", max_length=2)

        assert Form({}).errors["share"] == ["Enter the 100% s share"]
        assert Form({"share": "abc"}).errors["share"] == ["The 100% s share must be 2 characters or fewer"]

    def test_optional_is_said(self):
        assert "Note (optional)" in str(Everything())
        assert "Title (optional)" not in str(Everything())


class TestWholeForm:
    def test_errors_of_the_whole_form_lead_to_its_first_input(self):
        form = sent(GOOD)
        form.add_error(None, "The dates cross")
        assert problems([form])[0] == {"text": "The dates cross", "href": "#id_title"}

    def test_several_forms_and_formsets_make_one_summary(self):
        class Small(ServiceForm):
            name = forms.CharField()

        formset = forms.formset_factory(Small, extra=0)(
            {"f-TOTAL_FORMS": "2", "f-INITIAL_FORMS": "2", "f-0-name": "", "f-1-name": "x"}, prefix="f"
        )
        assert [line["href"] for line in problems([formset, Small({}, prefix="g")])] == ["#id_f-0-name", "#id_g-name"]

    def test_a_form_that_was_not_sent_has_no_problems(self):
        assert problems([Everything()]) == []

    def test_hidden_fields_are_hidden(self):
        class Form(ServiceForm):
            version = forms.IntegerField(widget=forms.HiddenInput)
            name = forms.CharField()

        html = str(Form(initial={"version": 3}))
        assert re.search(r'<input type="hidden" name="version" value="3"', html)
        assert "Version" not in html

    def test_a_widget_without_component_is_an_error(self):
        class Form(ServiceForm):
            day = forms.DateField()

        with pytest.raises(TypeError, match="DateInput"):
            str(Form())

    def test_a_model_form_does_not_write(self):
        class Form(ServiceModelForm):
            class Meta:
                model = Organisation
                fields = ["name"]

        assert "Enter the name" in Form({}).errors["name"]
        with pytest.raises(TypeError, match="action"):
            Form({}).save()

    def test_groups_of_choices_are_laid_out_flat(self):
        class Form(ServiceForm):
            x = forms.ChoiceField(choices=[("", "---------"), ("G", [("1", "One"), ("2", "Two")])])

        assert choices(Form()["x"]) == [("", "---------"), ("1", "One"), ("2", "Two")]


class TestFilters:
    class Set(django_filters.FilterSet):
        name = django_filters.CharFilter(label="Words")
        kind = django_filters.MultipleChoiceFilter(
            label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
        )

        class Meta:
            form = FilterForm
            model = Organisation
            fields = []

    def test_a_filter_set_prints_as_components_and_keeps_its_state(self):
        html = str(self.Set(QueryDict("name=air&kind=b"), queryset=Organisation.objects.none()).form)
        page = Ids(html)
        assert page.values["name"][0]["value"] == "air"
        assert [("checked" in given) for given in page.values["kind"]] == [False, True]
        assert "(optional)" not in html

    def test_a_bad_filter_is_told(self):
        form = self.Set(QueryDict("kind=zzz"), queryset=Organisation.objects.none()).form
        assert [line["text"] for line in problems([form])] == ["Select the kind from the list"]


class TestSignIn:
    @pytest.mark.parametrize("kind", [SignInForm, ResetPasswordForm])
    def test_says_what_is_missing(self, kind):
        lines = problems([kind(data={})])
        assert lines
        assert lines[0]["text"] == "Enter the email address"
        assert not any(PLAIN_WORDS.search(line["text"]) for line in lines)

    def test_fields_can_be_filled_by_a_password_manager(self):
        page = Ids(str(SignInForm()))
        assert page.values["login"][0]["autocomplete"] == "username"
        assert page.values["password"][0]["autocomplete"] == "current-password"
