"""The whole of a page can be reached and seen by keyboard, at both widths."""

import pytest

# Where the focus is now: what it is called, and whether it looks other than without the focus.
SEEN = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  // The ring of a radio or a checkbox is drawn by its label.
  const drawn = one.matches("[type=radio], [type=checkbox]") ? [one.nextElementSibling, "::before"] : [one, null];
  const look = () => {
    const style = getComputedStyle(...drawn), solid = colour => !/, 0\\)$|transparent/.test(colour);
    const ring = style.outlineStyle !== "none" && solid(style.outlineColor) && style.outlineWidth + style.outlineColor;
    return [ring, style.boxShadow, style.backgroundColor].join();
  };
  const box = one.getBoundingClientRect(), focused = look();
  one.blur();
  const plain = look();
  one.focus({preventScroll: true});
  one.dataset.visited = "yes";
  return {
    name: (one.getAttribute("aria-label") || one.innerText || one.name || one.id || one.tagName).trim().slice(0, 60),
    told: focused !== plain,
    shown: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
  };
}"""
# What can be pressed or typed into, is on the page, and was never come by. One radio of a group has the tab stop.
MISSED = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.dataset.visited && e.type !== "radio" && !e.disabled)
  .map(e => (e.innerText || e.name).trim())"""


def tab_through(visitor, most=400):
    """Press Tab until the page's end; returns what was come by."""
    stops = []
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        stop = visitor.page.evaluate(SEEN)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError("the focus does not leave the page")


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    "path", ["/", "/partnerships/", "/account/login/", "/checks/NHS001/", "/policies/?form=nonsense"]
)
def test_every_stop_is_reached_and_seen(visitor, path, width):
    reader = visitor(width=width)
    reader.goes_to(path)
    reader.page.wait_for_function("document.body.classList.contains('govuk-frontend-supported')")
    # An error summary takes the focus: start at the top all the same.
    reader.page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")
    stops = tab_through(reader)
    assert stops[0]["name"] == "Skip to main content"
    assert [stop["name"] for stop in stops if not stop["told"]] == []
    assert [stop["name"] for stop in stops if not stop["shown"]] == []
    assert reader.page.evaluate(MISSED) == []


def test_the_skip_link_skips(visitor):
    """Given a reader at the top of a page, when they skip, then the next stop is inside the main part."""
    reader = visitor()
    reader.goes_to("/policies/")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.className").startswith("govuk-skip-link")
    reader.page.keyboard.press("Enter")
    assert reader.page.url.endswith("#main-content")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_and_the_filters_open_by_keyboard_on_a_narrow_screen(visitor):
    """Given a narrow screen, when Menu and Show filters are pressed by keyboard, then what they hide is reached."""
    reader = visitor(width=320)
    reader.goes_to("/policies/")
    menu = reader.page.get_by_role("button", name="Menu")
    menu.focus()
    reader.page.keyboard.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.innerText").strip() == "Home"
    assert reader.faults() == []
    button = reader.page.get_by_role("button", name="Show filters")
    button.focus()
    reader.page.keyboard.press("Space")
    assert reader.page.get_by_role("button", name="Hide filters").evaluate("e => e === document.activeElement")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.type("bus")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/policies/?q=bus")
    assert reader.faults() == []
    assert reader.overflow <= 0
    assert reader.complaints == []
