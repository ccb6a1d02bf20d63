"""Reports."""

from tracker.web.page import page


def listing(request):
    """Every report there is."""
    return page(request, "reports/list.html")


def record(request, slug):
    """One report."""
    return page(request, "reports/list.html")
