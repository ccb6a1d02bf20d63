"""The addresses of the pages."""

from django.urls import include, path, register_converter

from policies.models import Kind
from tracker.web import links
from tracker.web.views import (
    checks,
    deciding,
    emails,
    flags,
    home,
    initiatives,
    joining,
    moves,
    my_work,
    past,
    precision,
    previewing,
    reports,
    roles,
    rounds,
    saved,
    scans,
    search,
    statements,
    together,
    watching,
    workbook,
)


class Reference:
    """The public reference of an initiative, in either case."""

    regex = "[A-Za-z0-9-]{1,32}"

    def to_python(self, value):
        """As it stands: the view leads on to the right spelling."""
        return value

    def to_url(self, value):
        """As it stands."""
        return value


class Fingerprint(Reference):
    """What a flag is known by: its check and what it is about."""

    regex = "[A-Za-z0-9:+_.-]{1,120}"


class FileFormat(Reference):
    """How a workbook is written."""

    regex = "xlsx|ods"


register_converter(FileFormat, "file_format")
register_converter(Reference, "reference")
register_converter(Fingerprint, "fingerprint")

urlpatterns = [
    path("", home.home, name="home"),
    path("policies/", initiatives.listing, {"kind": Kind.POLICY}, name="policies"),
    path("policies/workbook.<file_format:file_format>", workbook.download, {"kind": Kind.POLICY}, name="policies_file"),
    path("policies/<reference:reference>/", initiatives.record, {"kind": Kind.POLICY}, name="policy"),
    path("commitments/", initiatives.listing, {"kind": Kind.COMMITMENT}, name="commitments"),
    path(
        "commitments/workbook.<file_format:file_format>",
        workbook.download,
        {"kind": Kind.COMMITMENT},
        name="commitments_file",
    ),
    path("commitments/<reference:reference>/", initiatives.record, {"kind": Kind.COMMITMENT}, name="commitment"),
    path("partnerships/", initiatives.listing, {"kind": Kind.PARTNERSHIP}, name="partnerships"),
    path(
        "partnerships/workbook.<file_format:file_format>",
        workbook.download,
        {"kind": Kind.PARTNERSHIP},
        name="partnerships_file",
    ),
    path("partnerships/<reference:reference>/", initiatives.record, {"kind": Kind.PARTNERSHIP}, name="partnership"),
    path("", include("tracker.web.assertion_urls")),
    *(
        path(f"{many}/<reference:reference>/history/", past.timeline, {"kind": kind}, name=f"{kind}_history")
        for kind, many in links.LISTS.items()
    ),
    path("flags/", flags.listing, name="flags"),
    path("flags/together/", together.decide, name="flags_together"),
    path("flags/<fingerprint:fingerprint>/", flags.record, name="flag"),
    path("flags/<fingerprint:fingerprint>/acknowledge/", deciding.acknowledge, name="flag_acknowledge"),
    path("flags/<fingerprint:fingerprint>/comment/", deciding.comment, name="flag_comment"),
    path("flags/<fingerprint:fingerprint>/dismiss/", deciding.dismiss, name="flag_dismiss"),
    path("flags/<fingerprint:fingerprint>/take-back/<slug:side>/", deciding.take_back, name="flag_take_back"),
    path("checks/", checks.listing, name="checks"),
    path("checks/precision/", precision.listing, name="checks_precision"),
    path("checks/<slug:code>/", checks.record, name="check"),
    path("scans/", scans.listing, name="scans"),
    path("scans/start/", scans.start, name="scan_start"),
    path("scans/<int:pk>/", scans.record, name="scan"),
    path("reports/", reports.listing, name="reports"),
    path("reports/<slug:code>/", reports.record, name="report"),
    path("rounds/", rounds.listing, name="rounds"),
    path("rounds/open/", rounds.start, name="round_start"),
    path("rounds/<int:pk>/", rounds.record, name="round"),
    path("rounds/<int:pk>/call-off/", rounds.call_off, name="round_call_off"),
    path("accessibility/", statements.accessibility, name="accessibility-statement"),
    path("cookies/", statements.cookies, name="cookies"),
    path("feedback/", statements.feedback, name="feedback"),
    path("search/", search.search, name="search"),
    path("saved-searches/", saved.listing, name="saved"),
    path("saved-searches/new/", saved.new, name="saved_new"),
    path("saved-searches/<int:number>/rename/", saved.rename, name="saved_rename"),
    path("saved-searches/<int:number>/delete/", saved.delete, name="saved_delete"),
    path("my-work/", my_work.my_work, name="my_work"),
    path("my-work/roles/", roles.all_roles, name="my_roles"),
    path("roles/<str:reference>/<str:organisation>/<str:role>/", my_work.answer, name="answer_role"),
    path("roles/<str:reference>/<str:organisation>/<str:role>/reply/", roles.settle, name="settle_role"),
    path("moves/<str:reference>/", moves.decide, name="decide_move"),
    path("emails/", emails.settings, name="digest_settings"),
    path("emails/stop/<str:token>/", emails.stop, name="digest_stop"),
    path("watches/", watching.listing, name="watches"),
    path("watches/list/", watching.new_list, name="watch_list"),
    path("watches/new/<slug:kind>/", watching.new, name="watch_new"),
    path("watches/off/<str:token>/", watching.off, name="watch_off"),
    path("watches/<int:number>/", watching.change, name="watch"),
    path("watches/<int:number>/stop/", watching.stop, name="watch_stop"),
    path("administration/", include("tracker.web.administration_urls")),
    path("join/<str:token>/", joining.join, name="join"),
    path("workbook/", workbook.start, name="workbook"),
    path("workbook/template.<file_format:file_format>", workbook.blank, name="workbook_template"),
    path("workbook/<int:number>/", workbook.upload, name="upload"),
    path("workbook/<int:number>/problems.<file_format:file_format>", workbook.problems, name="upload_problems"),
    path("workbook/<int:number>/confirm/", workbook.confirm, name="upload_confirm"),
    path("workbook/<int:number>/what-if/", previewing.upload, name="upload_what_if"),
    path("workbook/<int:number>/undo/", workbook.take_back, name="upload_undo"),
    path("log/", include("tracker.web.journey_urls")),
    path("account/", include("tracker.web.account_urls")),
]
