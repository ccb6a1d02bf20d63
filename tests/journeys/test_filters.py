"""Filters in a real browser: what is wrong with one takes the focus, and they need no script."""


def test_the_errors_of_a_filter_take_the_focus_and_lead_to_it(visitor):
    reader = visitor()
    reader.goes_to("/policies/?lead=nobody")
    assert reader.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    reader.page.click(".govuk-error-summary a")
    assert reader.page.evaluate("document.activeElement.name") == "lead"


def test_a_filter_is_applied_and_taken_away_without_scripts(visitor):
    reader = visitor(script=False)
    # Given the list of policies
    reader.goes_to("/policies/")
    # When funds are asked for
    reader.page.select_option("select[name=form]", "fund")
    reader.presses("Apply filters")
    # Then the address keeps the filter, and a link takes it away
    assert "form=fund" in reader.page.url
    count = reader.page.locator("tbody tr").count()
    assert reader.sees(f"{count} policies")
    reader.page.locator("main").get_by_role("link", name="Remove").first.click()
    assert "form=fund" not in reader.page.url
    assert reader.page.locator("tbody tr").count() > count
