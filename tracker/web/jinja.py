"""The Jinja environment of every page: loaders, escaping, filters and the two macro namespaces.

Settings that it expects: `TEMPLATES` with Django's Jinja2 backend first, `"environment":
"tracker.web.jinja.environment"` and the context processor `tracker.web.jinja.site_context`.

An undefined name is loud: printing, testing or looping over a name that the view did not pass raises
UndefinedError. Only a key that is absent from a dict is quiet, because components take optional parameters
that way.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from django.utils.translation import gettext_lazy as _
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined

from policies.permissions import is_administrator
from tracker.web import display
from tracker.web.components import Design, Interface
from tracker.web.forms.problems import problems

SERVICE_NAME = _("Policy alignment tracker")

# Section key, words on the link, URL name. The key is what a page sets as `section`.
NAVIGATION = (
    ("home", _("Home"), "home"),
    ("policies", _("Policies"), "policies"),
    ("commitments", _("Commitments"), "commitments"),
    ("partnerships", _("Partnerships"), "partnerships"),
    ("flags", _("Flags"), "flags"),
    ("reports", _("Reports"), "reports"),
    ("checks", _("Checks"), "checks"),
    ("search", _("Search"), "search"),
)
FOOTER = (
    (_("Accessibility statement"), "accessibility-statement"),
    (_("Cookies"), "cookies"),
    (_("API documentation"), "api-docs"),
)
ATTRIBUTION = _(
    "Source: Office for National Statistics, NHS England, OHID, MHCLG, licensed under the Open Government "
    "Licence v.3.0. Formal names of councils: mySociety, CC BY 4.0."
)


class LoudUndefined(Undefined):
    """Raises when used, unless it stands for a key that a dict lacks or for a macro's absent caller."""

    __slots__ = ()

    def _is_optional(self) -> bool:
        return isinstance(self._undefined_obj, dict) or self._undefined_name == "caller"

    def __str__(self) -> str:
        return super().__str__() if self._is_optional() else self._fail_with_undefined_error()

    def __iter__(self):
        return super().__iter__() if self._is_optional() else self._fail_with_undefined_error()

    def __len__(self) -> int:
        return super().__len__() if self._is_optional() else self._fail_with_undefined_error()

    def __bool__(self) -> bool:
        return super().__bool__() if self._is_optional() else self._fail_with_undefined_error()


def first_url(*names: str) -> str:
    """The address of the first of these URL names that exists, or an empty string."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """`reverse` in a template: url("policy", reference="MHCLG-0004"). Raises NoReverseMatch."""
    return reverse(name, args=args, kwargs=kwargs)


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend uses; made once a process."""
    options["loader"] = ChoiceLoader(
        [options["loader"], PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    options["undefined"] = LoudUndefined
    options.setdefault("lstrip_blocks", True)
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n"]
    env = Environment(**{**options, "autoescape": True})  # noqa: S701  it is on: the rule cannot see through **
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.filters.update(display.FILTERS)
    env.globals.update(
        static=static,
        url=url,
        govuk=Design(env),
        ui=Interface(env),
        service_name=SERVICE_NAME,
        navigation=navigation,
        language=get_language,
        get_messages=get_messages,
        problems=problems,
        page_items=page_items,
        section_name=section_name,
        footer_links=lambda: [(text, first_url(name)) for text, name in FOOTER if first_url(name)],
        home_url=lambda: first_url("home") or "/",
        attribution=ATTRIBUTION,
    )
    return env


def navigation(section: str = "") -> list[dict[str, Any]]:
    """Items of the service navigation; the one whose key is `section` is marked as active."""
    return [
        {"text": text, "href": href, "active": key == section}
        for key, text, name in NAVIGATION
        if (href := first_url(name))
    ]


def page_items(page: int, pages: int, href: Callable[[int], str]) -> list[dict[str, Any]]:
    """Numbers of a pagination: first, last, the page and its neighbours, dots where some are left out."""
    shown = sorted({1, pages, *(n for n in range(page - 1, page + 2) if 1 <= n <= pages)})
    items: list[dict[str, Any]] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            items.append({"ellipsis": True})
        items.append({"number": number, "href": href(number), "current": number == page})
    return items


def section_name(section: str) -> str:
    """The words of a section key, for the page title; empty for home and for an unknown key."""
    return next((str(text) for key, text, _name in NAVIGATION if key == section and key != "home"), "")


def site_context(request: Any) -> dict[str, Any]:
    """What base.html needs on every page: who is signed in, and where to sign in or out."""
    user = getattr(request, "user", None)
    return {
        "signed_in_as": str(user) if user is not None and user.is_authenticated else "",
        "sign_in_url": first_url("account_login"),
        "my_work_url": first_url("my_work"),
        "administration_url": first_url("administration") if is_administrator(user) else "",
        "sign_out_url": first_url("account_logout"),
        "feedback_url": first_url("feedback"),
    }
