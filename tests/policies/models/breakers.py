"""For each rule that the database holds, a statement that breaks it.

`change("initiative", "title = ''")` updates the sound row of a table (or of another name in `sound.Rows`),
`again("capital", position="5000")` inserts a copy of it, with other values in the columns that are named.
`{name}` in a value stands for the id of a sound row.
"""

from tests.policies.models.breaking import again, change, not_http, unknown

OTHER_DIGEST = "repeat('a', 64)"

BREAKERS = [
    # Places
    ("policies_area_gss_code_key", again("area")),
    ("area_gss_code_form", change("area", "gss_code = 'X00000001'")),
    ("area_gss_code_form", change("area", "gss_code = 'E0000001'")),
    ("area_name_filled", change("area", "name = ''")),
    ("area_dates_ordered", change("area", "active_from = '2021-02-01', active_to = '2021-01-31'")),
    ("area_succession_once", again("areasuccession")),
    ("area_succession_not_itself", change("areasuccession", "successor_id = predecessor_id")),
    ("area_part_once", again("areapart")),
    ("area_part_not_itself", change("areapart", "whole_id = part_id")),
    ("area_part_share_range", change("areapart", "share = 0")),
    ("area_part_share_range", change("areapart", "share = 1.0001")),
    ("area_part_dates_ordered", change("areapart", "active_from = '2021-02-01', active_to = '2021-01-31'")),
    ("area_closure_once", again("areaclosure")),
    # Bodies
    ("policies_organisation_code_key", again("organisation")),
    ("organisation_code_form", change("organisation", "code = 'no spaces'")),
    ("organisation_code_form", change("organisation", "code = ''")),
    ("organisation_name_filled", change("organisation", "name = ''")),
    ("organisation_name_filled", change("organisation", r"name = U&'\200B\2060'")),
    ("organisation_lineage_filled", change("organisation", "lineage = ''")),
    ("organisation_dates_ordered", change("organisation", "active_from = '2021-02-01', active_to = '2021-01-31'")),
    *(
        (f"organisation_{code}_once", again("coded", code="'other-code'", **others))
        for code, others in {
            "govuk_slug": {"govuk_code": "''", "gss_code": "''", "ods_code": "''"},
            "govuk_code": {"govuk_slug": "''", "gss_code": "''", "ods_code": "''"},
            "gss_code": {"govuk_slug": "''", "govuk_code": "''", "ods_code": "''"},
            "ods_code": {"govuk_slug": "''", "govuk_code": "''", "gss_code": "''"},
        }.items()
    ),
    ("organisation_ended_with_a_date", change("organisation", "ended_reason = 'Merged'")),
    ("organisation_succession_once", again("organisationsuccession")),
    ("organisation_succession_not_itself", change("organisationsuccession", "successor_id = predecessor_id")),
    ("organisation_alias_once", again("organisationalias", name="upper(name)")),
    ("organisation_alias_filled", change("organisationalias", "name = ''")),
    # People and other systems
    ("user_email_once", again("user", email="upper(email)")),
    ("user_name_filled", change("user", "name = ''")),
    ("user_name_filled", change("user", r"name = U&'\3164'")),
    ("membership_once", again("membership")),
    # What people keep for themselves
    ("saved_search_name_once", again("savedsearch", name="upper(name)")),
    ("saved_search_name_filled", change("savedsearch", r"name = U&' \00A0\FEFF'")),
    ("submission_once", again("submission")),
    ("policies_serviceaccount_name_key", again("serviceaccount")),
    ("service_account_name_filled", change("serviceaccount", "name = ''")),
    ("policies_servicetoken_prefix_key", again("servicetoken", digest=OTHER_DIGEST)),
    ("policies_servicetoken_digest_key", again("servicetoken", prefix="'other'")),
    ("service_token_digest_sha256", change("servicetoken", "digest = 'secret'")),
    ("service_token_expires_within_a_year", change("servicetoken", "expires_at = created_at")),
    ("service_token_expires_within_a_year", change("servicetoken", "expires_at = created_at + interval '367 days'")),
    # Initiatives
    ("policies_initiative_reference_key", again("initiative")),
    ("initiative_reference_form", change("initiative", "reference = 'DHSC-1'")),
    ("initiative_reference_form", change("initiative", "reference = 'dhsc-0001'")),
    ("initiative_short_code_once", again("named", reference="'FACTORY-999999'", short_code="upper(short_code)")),
    ("initiative_title_filled", change("initiative", "title = '  '")),
    ("initiative_title_filled", change("policy", r"title = U&'\200D\202E \2800'")),
    ("initiative_form_of_kind", change("policy", "form = 'devolution_deal'")),
    ("initiative_form_of_kind", change("commitment", "form = 'strategy'")),
    ("initiative_form_of_kind", change("partnership", "form = 'commitment'")),
    ("initiative_kind_known", change("policy", "kind = 'idea'")),
    ("initiative_not_own_parent", change("partnership", "parent_id = id")),
    ("initiative_due_only_commitment", change("policy", "due_date = '2021-01-01', due_precision = 'day'")),
    ("initiative_review_only_partnership", change("policy", "review_date = '2021-01-01'")),
    ("initiative_scope_only_partnership", change("policy", "health_in_scope = true")),
    *(
        (f"initiative_{name}_precision", change("commitment", values))
        for name in ("start", "end", "due")
        for values in (
            f"{name}_date = '2021-01-01'",
            f"{name}_precision = 'day'",
            f"{name}_date = '2021-01-01', {name}_precision = 'hour'",
        )
    ),
    (
        "initiative_dates_ordered",
        change(
            "policy",
            "start_date = '2021-02-01', start_precision = 'day', end_date = '2021-01-31', end_precision = 'day'",
        ),
    ),
    ("initiative_value_not_negative", change("policy", "value_gbp = -0.01")),
    ("initiative_price_year_range", change("policy", "price_year = 1989")),
    ("initiative_price_year_range", change("policy", "price_year = 2101")),
    ("policies_initiative_price_year_check", change("policy", "price_year = -1")),
    ("initiative_version_from_one", change("policy", "version = 0")),
    ("policies_initiative_version_check", change("policy", "version = -1")),
    ("initiative_reference_form", change("policy", "reference = 'FACTORY-9999-R1'")),
    ("initiative_reference_form", change("revision", "reference = 'FACTORY-999999'")),
    ("initiative_reference_form", change("revision", "reference = 'FACTORY-9999-R0'")),
    ("policies_initiative_revises_id_key", again("revision", reference="'FACTORY-9999-R2'")),
    ("initiative_revises_published", change("policy", "revises_id = {policy}")),
    ("initiative_revises_published", change("policy", "revises_id = {revision}")),
    ("initiative_revises_published", change("policy", "revises_id = {partnership}")),
    ("initiative_revision_unpublished", change("revision", "revision_base = NULL")),
    ("initiative_revision_unpublished", change("policy", "revision_base = '{{}}'")),
    (
        "initiative_revision_unpublished",
        change("revision", "status = 'published', published_at = now(), published_by_id = {person}"),
    ),
    ("initiative_submitted_by_somebody", change("in_review", "submitted_at = NULL")),
    ("initiative_submitted_by_somebody", change("policy", "submitted_by_id = {person}")),
    ("initiative_in_review_submitted", change("policy", "status = 'in_review'")),
    (
        "initiative_published_by_another",
        change(
            "in_review",
            "status = 'published', submitted_by_id = {person}, published_by_id = {person}, published_at = now()",
        ),
    ),
    ("initiative_published_by_somebody", change("policy", "status = 'published'")),
    ("initiative_published_by_somebody", change("published", "published_by_id = NULL")),
    ("initiative_published_by_somebody", change("published", "published_at = NULL")),
    ("initiative_ended_with_reason", change("published", "status = 'closed'")),
    ("initiative_ended_with_reason", change("closed", "ended_reason = ''")),
    ("initiative_ended_with_reason", change("closed", "ended_by_id = NULL")),
    ("initiative_ended_with_reason", change("closed", "ended_at = NULL")),
    ("initiative_ended_with_reason", change("published", "ended_reason = 'Over'")),
    ("initiative_ended_with_reason", change("published", "ended_outcome = 'met'")),
    ("initiative_ended_with_reason", change("closed", "ended_outcome = ''")),
    ("initiative_ended_with_reason", change("closed", "ended_outcome = 'dropped'")),
    ("initiative_ended_with_reason", change("withdrawn", "ended_outcome = 'met'")),
    ("sign_off_with_reason", change("signoff", "step = 'changes_requested'")),
    ("sign_off_with_reason", change("signoff", "step = 'reopened'")),
    ("sign_off_by_another", change("approval", "by_id = asked_by_id")),
    ("sign_off_by_another", change("approval", "step = 'revised', asked_by_id = NULL")),
    ("sign_off_step_known", change("signoff", "step = '?'")),
    ("policies_signoff_revision_check", change("signoff", "revision = -1")),
    ("footprint_once", again("footprint")),
    ("policies_collection_code_key", again("collection")),
    ("collection_name_filled", change("collection", "name = ''")),
    ("collection_item_once", again("collectionitem")),
    # Roles
    ("responsibility_once", again("consulted")),
    ("responsibility_one_lead", again("responsibility", organisation_id="{organisation}")),
    ("responsibility_answered_by_somebody", change("responsibility", "answer = 'accepted'")),
    ("responsibility_answered_by_somebody", change("responsibility", "answered_at = now(), answered_by_id = {person}")),
    (
        "responsibility_answered_by_somebody",
        change("responsibility", "answer = 'agreed?', answered_at = now(), answered_by_id = {person}"),
    ),
    *(
        (
            "responsibility_answer_explained",
            change("responsibility", f"answer = '{answer}', answered_at = now(), answered_by_id = {{person}}"),
        )
        for answer in ("disputed", "accepted_with_conditions")
    ),
    *(
        ("responsibility_proposes_another_role", change("consulted", values))
        for values in (
            "proposed_role = 'delivery'",
            *(
                "answer = 'other_role', answer_words = 'Why', answered_at = now(), answered_by_id = {person}, "
                f"proposed_role = '{role}'"
                for role in ("", "lead", "consulted", "?")
            ),
        )
    ),
    ("responsibility_replied_by_somebody", change("responsibility", "reply = 'No'")),
    ("responsibility_replied_by_somebody", change("responsibility", "replied_at = now(), replied_by_id = {person}")),
    # Powers and plain answers
    ("power_once", again("power")),
    ("power_says_what_and_by_which_law", change("power", "words = ''")),
    ("power_says_what_and_by_which_law", change("power", "source_title = ''")),
    ("power_of_a_tier_or_a_body", change("power", "tier = ''")),
    ("power_of_a_tier_or_a_body", change("power", "tier = '?'")),
    ("power_of_a_tier_or_a_body", change("power", "body_kind = '?'")),
    ("power_of_a_tier_or_a_body", change("power", "organisation_id = {organisation}")),
    ("power_sign_once", again("powersign")),
    ("power_sign_of_one_kind", change("powersign", "word = ''")),
    ("power_sign_of_one_kind", change("powersign", "outcome_id = {outcome}")),
    ("power_sign_of_one_kind", change("powersign", "outcome_id = {outcome}, capital_id = {capital}, word = ''")),
    ("plain_answer_once", again("plainanswer")),
    ("plain_answer_filled", change("plainanswer", "option = ''")),
    # Capitals and outcomes
    ("policies_capital_code_key", again("capital", position="30001")),
    ("policies_capital_position_key", again("capital", code="'other'")),
    ("policies_capital_position_check", change("capital", "position = -1")),
    ("capital_link_once", again("secondary")),
    ("capital_link_one_primary", again("capitallink", capital_id="{capital}")),
    ("policies_outcome_code_key", again("outcome", position="30001")),
    ("policies_outcome_position_key", again("outcome", code="'other'")),
    ("policies_outcome_position_check", change("outcome", "position = -1")),
    ("chosen_outcome_once", again("chosenoutcome")),
    ("outcome_link_once", again("outcomelink")),
    ("outcome_link_strength_range", change("outcomelink", "strength = 0")),
    ("outcome_link_strength_range", change("outcomelink", "strength = 4")),
    ("policies_outcomelink_strength_check", change("outcomelink", "strength = -1")),
    # Measures and money
    ("policies_indicator_code_key", again("indicator")),
    ("indicator_name_filled", change("indicator", "name = ''")),
    ("observation_once", again("observation")),
    ("observation_sex_known", change("observation", "sex = 'all'")),
    ("observation_period_ordered", change("observation", "period_start = '2021-02-01', period_end = '2021-01-31'")),
    ("observation_limits_ordered", change("observation", "lower_limit = 2, upper_limit = 1")),
    ("measure_says_what", change("measure", "words = ''")),
    ("measure_once", again("measure")),
    ("measure_dates_ordered", change("measure", "baseline_date = '2021-02-01', target_date = '2021-01-31'")),
    ("criterion_once", again("allocationcriterion")),
    ("criterion_filled", change("allocationcriterion", "criterion = ' '")),
    ("criterion_weight_range", change("allocationcriterion", "weight_percent = -1")),
    ("criterion_weight_range", change("allocationcriterion", "weight_percent = 100.01")),
    ("criterion_stage_known", change("allocationcriterion", "stage = 'lottery'")),
    ("allocation_once", again("allocation")),
    ("allocation_not_negative", change("allocation", "amount_gbp = -0.01")),
    # Delivery
    ("update_once_a_day", again("update")),
    *(
        ("update_move_whole", change("update", values))
        for values in (
            "moved_to = '2021-01-01'",
            "moved_reason = 'Late'",
            "moved_reason_code = 'funding'",
            "moved_to_precision = 'day'",
            "move_state = 'proposed'",
            "moved_by_id = {person}",
            "moved_from = '2021-01-01', moved_from_precision = 'day'",
        )
    ),
    *(
        ("update_move_whole", change("moved", values))
        for values in (
            "moved_reason = ''",
            "moved_reason_code = '?'",
            "moved_to_precision = '?'",
            "move_state = ''",
            "move_state = '?'",
            "moved_by_id = NULL",
        )
    ),
    ("update_moved_from_precision", change("moved", "moved_from = '2021-01-01'")),
    ("update_moved_from_precision", change("moved", "moved_from_precision = 'day'")),
    ("update_move_decided_by_somebody", change("approved", "move_decided_by_id = NULL")),
    ("update_move_decided_when_decided", change("moved", "move_state = 'approved'")),
    ("update_move_decided_when_decided", change("moved", "move_words = 'Good'")),
    ("update_move_decided_when_decided", change("moved", "move_decided_at = now(), move_decided_by_id = {person}")),
    ("update_move_declined_with_words", change("approved", "move_state = 'declined', move_words = ''")),
    ("update_move_decided_by_another", change("approved", "move_decided_by_id = moved_by_id")),
    ("update_one_move_waiting", again("moved", reported_on="'2021-07-02'")),
    ("update_spent_not_negative", change("update", "spent_gbp = -1")),
    ("round_name_filled", change("round", "name = ' '")),
    ("round_name_once", again("round")),
    ("round_period_ordered", change("round", "about_to = about_from - 1")),
    ("round_working_days_range", change("round", "working_days = 0")),
    ("round_working_days_range", change("round", "working_days = 61")),
    ("round_deadline_after_opening", change("round", "deadline = opened_on")),
    ("round_called_off_by_somebody", change("round", "called_off_at = now()")),
    ("round_called_off_by_somebody", change("round", "called_off_by_id = {person}")),
    ("round_request_once", again("roundrequest")),
    ("dependency_once", again("dependency")),
    ("dependency_not_itself", change("dependency", "depends_on_id = initiative_id")),
    # Invitations and roles that were handed over
    ("policies_invitation_digest_key", again("invitation", email="'other@factory.example'")),
    ("invitation_waits_once", again("invitation", digest=OTHER_DIGEST, email="upper(email)")),
    ("invitation_name_filled", change("invitation", "name = ''")),
    ("invitation_digest_sha256", change("invitation", "digest = 'short'")),
    ("invitation_expires_within_a_week", change("invitation", "expires_at = at")),
    ("invitation_expires_within_a_week", change("invitation", "expires_at = at + interval '7 days 1 second'")),
    ("invitation_accepted_by_somebody", change("invitation", "accepted_at = now()")),
    ("invitation_accepted_by_somebody", change("invitation", "accepted_by_id = {person}")),
    ("invitation_revoked_by_somebody", change("invitation", "revoked_at = now()")),
    ("invitation_revoked_by_somebody", change("invitation", "revoked_by_id = {person}")),
    (
        "invitation_ends_once",
        change(
            "invitation",
            "accepted_at = now(), accepted_by_id = {person}, revoked_at = now(), revoked_by_id = {person}",
        ),
    ),
    ("former_role_once", again("formerrole")),
    ("former_role_not_itself", change("formerrole", "successor_id = organisation_id")),
    # Uploads
    ("upload_file_name_filled", change("upload", "file_name = ''")),
    ("policies_upload_total_check", change("upload", "total = -1")),
    ("policies_upload_done_check", change("upload", "done = -1")),
    ("upload_done_within_total", change("upload", "done = 1")),
    ("upload_content_until_applied", change("upload", "content = NULL")),
    ("upload_applied_in_a_context", change("upload", "applied_at = now()")),
    ("upload_applied_at_some_time", change("upload", "state = 'applied'")),
    ("upload_undone_at_some_time", change("upload", "undone_at = now()")),
    (
        "upload_undone_at_some_time",
        change("upload", "state = 'undone', applied_at = now(), context = gen_random_uuid()"),
    ),
    # The change log
    ("change_operation_known", change("change", "operation = 't'")),
    # Flags and scans
    ("tracker_flag_fingerprint_key", again("flag")),
    ("tracker_flag_times_opened_check", change("flag", "times_opened = -1")),
    ("flag_summary_filled", change("flag", "summary = ''")),
    # What people do with flags
    ("flag_comment_with_words", change("flagcomment", "words = ''")),
    ("flag_decision_latest_once", again("flagdecision")),
    ("flag_decision_with_words", change("flagdecision", "words = ''")),
    ("flag_decision_on_evidence", change("flagdecision", "digest = ''")),
    ("tracker_flagdecision_opening_check", change("flagdecision", "opening = -1")),
    *(
        ("flag_decision_acknowledged_whole", change("flagdecision", values))
        for values in ("owner_id = NULL", "due_on = NULL", "due_on = decided_on - 1", "reason = 'disputed'")
    ),
    *(
        ("flag_decision_dismissed_whole", change("dismissal", values))
        for values in ("owner_id = {person}", "due_on = decided_on", "reason = ''", "reason = 'dull'")
    ),
    *(
        ("flag_decision_reviewed_in_a_year", change("dismissal", f"review_on = {day}"))
        for day in ("NULL", "decided_on", "decided_on + 367")
    ),
    ("flag_decision_reviewed_in_a_year", change("flagdecision", "review_on = decided_on + 1")),
    *(
        ("flag_decision_taken_back_with_reason", change("flagdecision", values))
        for values in (
            "taken_back_at = now()",
            "taken_back_at = now(), taken_back_by_id = {person}",
            "taken_back_by_id = {person}, taken_back_reason = 'Settled'",
            "taken_back_reason = 'Settled'",
        )
    ),
    ("scan_times_ordered", change("scan", "finished_at = started_at - interval '1 second'")),
    *(
        (f"tracker_scan_{count}_check", change("scan", f"{count} = -1"))
        for count in ("initiatives", "opened", "changed", "reopened", "resolved")
    ),
    ("scan_finished_has_time", change("scan", "finished_at = NULL")),
    ("scan_finished_has_time", change("scan", "status = 'running'")),
    *(
        (f"tracker_scanpart_{count}_check", change("scanpart", f"{count} = -1"))
        for count in ("position", "opened", "changed", "reopened", "resolved")
    ),
    ("scan_part_once", again("scanpart")),
    ("tracker_stalecheck_tries_check", change("stalecheck", "tries = -1")),
    ("tracker_heartbeat_name_key", again("heartbeat")),
    ("tracker_scancursor_name_key", again("scancursor")),
    ("tracker_stalecheck_code_key", again("stalecheck")),
    ("slot_once", again("slot")),
    ("threshold_once", again("thresholdvalue")),
    ("threshold_changed_with_reason", change("thresholdvalue", "reason = ''")),
    ("tracker_severityvalue_check_code_key", again("severityvalue")),
    ("severity_changed_with_reason", change("severityvalue", "reason = ''")),
    ("watch_once", again("watch")),
    *(
        ("watch_names_one_thing", change("watch", values))
        for values in (
            "outcome_id = NULL",
            "area_id = (SELECT min(id) FROM policies_area)",
            "initiative_id = {policy}",
            "lineage = 'defra'",
            "kind = 'place'",
            "kind = 'organisation'",
        )
    ),
    ("news_of_an_opening_once", again("news")),
    ("news_of_one_thing", change("news", "opening = NULL")),
    ("news_of_one_thing", change("news", "flag_id = NULL, opening = NULL")),
    ("tracker_news_sign_off_id_key", again("told_of")),
    ("tracker_news_opening_check", change("news", "opening = -1")),
    ("told_once", again("told")),
    ("tracker_failednotice_user_id_key", again("failednotice")),
    ("tracker_failednotice_times_check", change("failednotice", "times = -1")),
    ("threshold_above_zero", change("thresholdvalue", "value = 0")),
    # Codes that are not among the choices
    *unknown(
        "area.kind",
        "area_part.relation",
        "organisation.kind",
        "organisation.sector",
        "membership.role",
        "invitation.role",
        "former_role.role",
        "initiative.sensitivity",
        "responsibility.role",
        "responsibility.basis",
        "power.domain",
        "power_sign.domain",
        "plain_answer.question",
        "capital_link.weight",
        "capital_link.basis",
        "outcome_link.direction",
        "outcome_link.horizon",
        "outcome_link.gap",
        "outcome_link.basis",
        "indicator.polarity",
        "indicator.horizon",
        "measure.purpose",
        "measure.horizon",
        "update.rag",
        "saved_search.place",
        "upload.state",
        "flag.severity",
        "requeue.work",
        "severity_value.severity",
        "watch.kind",
        "watch.frequency",
        "flag.subject",
        "flag_decision.side",
        "flag_decision.kind",
        "scan.kind",
        "scan.status",
    ),
    ("initiative_status_known", change("published", "status = '?'")),
    *not_http(
        organisation="organisation",
        initiative="initiative",
        responsibility="responsibility",
        power="power",
        capital_link="capitallink",
        outcome_link="outcomelink",
        measure="measure",
        criterion="allocationcriterion",
        allocation="allocation",
    ),
    # What lies under what: rules that a trigger keeps
    ("initiative_parent_kind", change("partnership", "parent_id = {commitment}")),
    ("initiative_parent_kind", again("policy", reference="'FACTORY-999999'", parent_id="{commitment}")),
    ("initiative_parent_kind", change("umbrella", "kind = 'commitment', form = 'commitment'")),
    ("initiative_parent_depth", change("policy", "parent_id = {under}")),
    ("initiative_parent_depth", change("policy", "parent_id = {partnership}")),
    ("initiative_parent_depth", change("umbrella", "parent_id = {policy}")),
    ("initiative_parent_depth", change("umbrella", "kind = 'partnership', form = 'devolution_deal'")),
    ("initiative_parent_depth", change("deal", "parent_id = {deal_below}")),
    ("initiative_parent_depth", change("partnership", "parent_id = {deal_below}")),
]

# Rules that a trigger keeps, which the catalogue of constraints does not list.
KEPT_BY_TRIGGERS = {"initiative_parent_kind", "initiative_parent_depth", "initiative_revises_published"}

# Rules that another one implies, so that they only show once that one is gone.
IMPLIED = {
    "initiative_kind_known": "initiative_form_of_kind",
    "policies_initiative_price_year_check": "initiative_price_year_range",
    "policies_initiative_version_check": "initiative_version_from_one",
    "policies_outcomelink_strength_check": "outcome_link_strength_range",
}
