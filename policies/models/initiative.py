"""Initiative: a policy, a commitment or a partnership. One table, so that all else is written once."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Upper

from .area import Area
from .recorded import recorded
from .sourced import Precision, Sourced, both_or_neither, date_with_precision, one_of, ordered, url_is_http
from .words import visible


class Kind(models.TextChoices):
    """The three kinds of initiative."""

    POLICY = "policy", "Policy"
    COMMITMENT = "commitment", "Commitment"
    PARTNERSHIP = "partnership", "Partnership"


class Form(models.TextChoices):
    """What the document or arrangement is."""

    STRATEGY = "strategy", "Strategy"
    WHITE_PAPER = "white_paper", "White paper"
    GREEN_PAPER = "green_paper", "Green paper"
    BILL = "bill", "Bill"
    FUND = "fund", "Fund"
    PROGRAMME = "programme", "Programme"
    COMMITMENT = "commitment", "Commitment"
    DEVOLUTION_DEAL = "devolution_deal", "Devolution deal"
    HEALTH_DEVOLUTION = "health_devolution", "Health devolution"
    INTEGRATED_CARE = "integrated_care", "Integrated care system"
    SECTION_75 = "section_75", "Section 75 agreement"
    MULTI_AGENCY_UNIT = "multi_agency_unit", "Multi-agency unit"
    PLACE_PILOT = "place_pilot", "Place pilot"
    PROGRAMME_PARTNERSHIP = "programme_partnership", "Programme partnership"
    RESEARCH_COLLABORATION = "research_collaboration", "Research collaboration"
    WORK_AND_HEALTH = "work_and_health", "Work and health partnership"
    TOWN_DEAL = "town_deal", "Town deal"


POLICY_FORMS = [Form.STRATEGY, Form.WHITE_PAPER, Form.GREEN_PAPER, Form.BILL, Form.FUND, Form.PROGRAMME]
PARTNERSHIP_FORMS = [form for form in Form if form not in POLICY_FORMS and form != Form.COMMITMENT]
FORMS = {Kind.POLICY: POLICY_FORMS, Kind.COMMITMENT: [Form.COMMITMENT], Kind.PARTNERSHIP: PARTNERSHIP_FORMS}


class Status(models.TextChoices):
    """Where an initiative is in its life on the register."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    PUBLISHED = "published", "Published"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"


UNPUBLISHED = [Status.DRAFT, Status.IN_REVIEW, Status.CHANGES_REQUESTED]
WRITABLE = [Status.DRAFT, Status.CHANGES_REQUESTED]
PUBLIC = [Status.PUBLISHED, Status.CLOSED, Status.WITHDRAWN]


class EndOutcome(models.TextChoices):
    """What came of an initiative that is closed or withdrawn."""

    MET = "met", "Met in full"
    PARTLY = "partly_met", "Met in part"
    NOT_MET = "not_met", "Not met"
    SUPERSEDED = "superseded", "Taken over by another initiative"
    DROPPED = "dropped", "Dropped"
    MISTAKE = "mistake", "Recorded by mistake"
    NOT_RECORDED = "not_recorded", "Not recorded"


# The last stands for what ended before the question was asked, or is loaded from a source that does not say.
END_OUTCOMES = {
    Status.CLOSED: [EndOutcome.MET, EndOutcome.PARTLY, EndOutcome.NOT_MET, EndOutcome.SUPERSEDED],
    Status.WITHDRAWN: [EndOutcome.DROPPED, EndOutcome.MISTAKE],
}


class Sensitivity(models.TextChoices):
    """The government security classification of a record. Nothing above OFFICIAL may be kept here."""

    OFFICIAL = "official", "OFFICIAL"
    SENSITIVE = "official_sensitive", "OFFICIAL-SENSITIVE"


class InitiativeQuerySet(models.QuerySet):
    """Vocabulary for reading initiatives."""

    def policies(self):
        """Strategies, papers, bills, funds and programmes."""
        return self.filter(kind=Kind.POLICY)

    def commitments(self):
        """Promises, with or without a policy above them."""
        return self.filter(kind=Kind.COMMITMENT)

    def partnerships(self):
        """Arrangements between national and local bodies."""
        return self.filter(kind=Kind.PARTNERSHIP)

    def live(self):
        """Published and neither closed nor withdrawn: what the checks judge."""
        return self.filter(status=Status.PUBLISHED)

    def public(self):
        """Published at some time, and not sensitive."""
        return self.filter(status__in=PUBLIC, sensitivity=Sensitivity.OFFICIAL)

    def visible_to(self, user):
        """What a user may read, as one SQL condition; working copies of published records are left out.

        Public records can be read by everybody, unless the service is set to ask for sign-in. Drafts and
        sensitive records can be read by members of an organisation with a role in them (or in the policy
        above), by their author and by administrators.
        """
        return self.filter(revises=None).readable_by(user)

    def readable_by(self, user):
        """The same with the working copies, for those who write and approve."""
        signed_in = user is not None and user.is_authenticated and user.is_active
        if not signed_in:
            return self.public() if settings.PUBLIC_READING else self.none()
        if user.is_administrator:
            return self.all()
        memberships = user.memberships.values("organisation")
        responsibility = self.model._meta.get_field("responsibilities").related_model
        named = responsibility.objects.filter(organisation__in=memberships)
        return self.filter(
            Q(status__in=PUBLIC, sensitivity=Sensitivity.OFFICIAL)
            | Q(created_by=user)
            | Exists(named.filter(initiative=OuterRef("pk")))
            | Exists(named.filter(initiative=OuterRef("parent")))
            | Exists(named.filter(initiative=OuterRef("revises")))
        )


class KindManager(models.Manager.from_queryset(InitiativeQuerySet)):
    """A manager that sees one kind only; each proxy has one."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def get_queryset(self):
        return super().get_queryset().filter(kind=self.kind)

    def deconstruct(self):
        return (False, f"{type(self).__module__}.{type(self).__qualname__}", None, (self.kind,), {})


def _only_for(kind, name, empty):
    return models.CheckConstraint(condition=Q(kind=kind) | empty, name=name)


# A parent must be able to have children, and a kind nests once: an umbrella, its policies, their commitments.
# So nothing lies in itself, by however long a way. What two people do at the same time is held too: the row
# above is locked, save for commitments, which end every branch.
PARENT_SQL = """
IF NEW.kind <> 'commitment' THEN
    PERFORM 1 FROM policies_initiative WHERE id = NEW.parent_id FOR SHARE;
END IF;
SELECT above.kind, above.parent_id, higher.kind INTO above_kind, above_parent, higher_kind
FROM policies_initiative AS above LEFT JOIN policies_initiative AS higher ON higher.id = above.parent_id
WHERE above.id = NEW.parent_id;
SELECT count(*) > 0, count(*) FILTER (WHERE below.kind = 'policy') > 0,
       count(*) FILTER (WHERE below.kind = 'partnership') > 0
INTO has_below, has_policies, has_partnerships
FROM policies_initiative AS below WHERE below.parent_id = NEW.id;
IF above_kind = 'commitment' OR (NEW.kind = 'commitment' AND has_below) THEN
    RAISE EXCEPTION 'a commitment cannot have initiatives under it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'initiative_parent_kind';
END IF;
IF has_policies AND (NEW.kind <> 'policy' OR above_kind IS NOT NULL)
    OR NEW.kind = 'policy' AND (above_kind <> 'policy' OR above_parent IS NOT NULL)
    OR NEW.kind = 'partnership' AND above_kind = 'partnership' AND (has_partnerships OR higher_kind = 'partnership')
THEN
    RAISE EXCEPTION 'policies stand under policies, and each kind nests once only'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'initiative_parent_depth';
END IF;
RETURN NEW;
"""
PARENT_VARIABLES = [
    ("above_kind", "text"),
    ("above_parent", "bigint"),
    ("higher_kind", "text"),
    ("has_below", "boolean"),
    ("has_policies", "boolean"),
    ("has_partnerships", "boolean"),
]


# A revision is of a record that was published, not of another revision, and is of its kind.
REVISION_SQL = """
IF EXISTS (
    SELECT 1 FROM policies_initiative AS revised
    WHERE revised.id = NEW.revises_id
        AND (revised.kind <> NEW.kind OR revised.revises_id IS NOT NULL OR revised.published_at IS NULL)
) THEN
    RAISE EXCEPTION 'only a published record of the same kind can be revised'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'initiative_revises_published';
END IF;
RETURN NEW;
"""


@recorded(initiatives=["id", "parent_id"], exclude=["search"])
class Initiative(Sourced):
    """Something that government has set out to do. `reference` is public and never changes."""

    kind = models.CharField(max_length=12, choices=Kind)
    form = models.CharField(max_length=24, choices=Form)
    reference = models.CharField(max_length=32, unique=True)
    short_code = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=250)
    summary = models.TextField(blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    source_quote = models.TextField("words of the source", blank=True)
    notes = models.TextField(blank=True)
    start_date = models.DateField(null=True, blank=True)
    start_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    end_date = models.DateField(null=True, blank=True)
    end_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    due_date = models.DateField(null=True, blank=True)
    due_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    review_date = models.DateField(null=True, blank=True)
    value_gbp = models.DecimalField("value, pounds", max_digits=16, decimal_places=2, null=True, blank=True)
    value_note = models.CharField(max_length=300, blank=True)
    price_year = models.PositiveSmallIntegerField(null=True, blank=True)
    health_in_scope = models.BooleanField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    sensitivity = models.CharField(max_length=20, choices=Sensitivity, default=Sensitivity.OFFICIAL)
    version = models.PositiveIntegerField(default=1)
    # A working copy of a published record: what an editor changes and an approver then makes public.
    revises = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="revision")
    revision_base = models.JSONField("the record as it stood when it was copied", null=True, blank=True)
    submitted_at = models.DateTimeField("sent for review at", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField("closed or withdrawn at", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_reason = models.TextField("why it was closed or withdrawn", blank=True)
    ended_outcome = models.CharField("what came of it", max_length=12, choices=EndOutcome, blank=True)
    areas = models.ManyToManyField(Area, through="Footprint", related_name="initiatives")
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", "source_quote", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        triggers = [
            pgtrigger.Trigger(
                name="check_parent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "kind"),
                declare=PARENT_VARIABLES,
                func=PARENT_SQL,
            ),
            pgtrigger.Trigger(
                name="check_revision",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("revises_id", "kind"),
                func=REVISION_SQL,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(revises__isnull=True, reference__regex=r"^[A-Z][A-Z0-9]*-[0-9]{4,}$")
                | Q(revises__isnull=False, reference__regex=r"^[A-Z][A-Z0-9]*-[0-9]{4,}-R[1-9][0-9]*$"),
                name="initiative_reference_form",
            ),
            models.CheckConstraint(
                condition=Q(revises__isnull=True, revision_base__isnull=True)
                | Q(revises__isnull=False, revision_base__isnull=False, status__in=UNPUBLISHED),
                name="initiative_revision_unpublished",
            ),
            both_or_neither("initiative_submitted_by_somebody", "submitted_at", "submitted_by"),
            models.CheckConstraint(
                condition=~Q(status=Status.IN_REVIEW) | Q(submitted_by__isnull=False),
                name="initiative_in_review_submitted",
            ),
            # Who publishes is not who sent it for review: two people stand behind what is public.
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=True)
                | Q(status__in=UNPUBLISHED)
                | ~Q(published_by=models.F("submitted_by")),
                name="initiative_published_by_another",
            ),
            models.UniqueConstraint(
                Upper("short_code"), condition=~Q(short_code=""), name="initiative_short_code_once"
            ),
            visible("initiative_title_filled", "title"),
            one_of("initiative", "kind", Kind),
            one_of("initiative", "status", Status),
            one_of("initiative", "sensitivity", Sensitivity),
            models.CheckConstraint(
                condition=Q(kind=Kind.POLICY, form__in=POLICY_FORMS)
                | Q(kind=Kind.COMMITMENT, form=Form.COMMITMENT)
                | Q(kind=Kind.PARTNERSHIP, form__in=PARTNERSHIP_FORMS),
                name="initiative_form_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="initiative_not_own_parent"
            ),
            _only_for(Kind.COMMITMENT, "initiative_due_only_commitment", Q(due_date__isnull=True)),
            _only_for(Kind.PARTNERSHIP, "initiative_review_only_partnership", Q(review_date__isnull=True)),
            _only_for(Kind.PARTNERSHIP, "initiative_scope_only_partnership", Q(health_in_scope__isnull=True)),
            date_with_precision("initiative", "start"),
            date_with_precision("initiative", "end"),
            date_with_precision("initiative", "due"),
            ordered("initiative_dates_ordered", "start_date", "end_date"),
            models.CheckConstraint(
                condition=Q(value_gbp__isnull=True) | Q(value_gbp__gte=0),
                name="initiative_value_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(price_year__isnull=True) | Q(price_year__range=(1990, 2100)),
                name="initiative_price_year_range",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="initiative_version_from_one"),
            models.CheckConstraint(
                condition=Q(status__in=UNPUBLISHED) | Q(published_at__isnull=False, published_by__isnull=False),
                name="initiative_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason="", ended_outcome="")
                & ~Q(status__in=[Status.CLOSED, Status.WITHDRAWN])
                | Q(
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    status__in=[Status.CLOSED, Status.WITHDRAWN],
                )
                & ~Q(ended_reason="")
                & (
                    Q(status=Status.CLOSED, ended_outcome__in=[*END_OUTCOMES[Status.CLOSED], EndOutcome.NOT_RECORDED])
                    | Q(
                        status=Status.WITHDRAWN,
                        ended_outcome__in=[*END_OUTCOMES[Status.WITHDRAWN], EndOutcome.NOT_RECORDED],
                    )
                ),
                name="initiative_ended_with_reason",
            ),
            url_is_http("initiative"),
        ]
        indexes = [
            models.Index(fields=["kind", "status", "reference"], name="initiative_list"),
            GinIndex(fields=["search"], name="initiative_search"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="initiative_title_trigram"),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    @property
    def revision_number(self):
        """Which revision a working copy is, as its reference says; 0 for a record itself."""
        return int(self.reference.rpartition("-R")[2]) if self.revises_id else 0

    @property
    def is_public(self):
        """Whether everybody may read it."""
        return self.status in PUBLIC and self.sensitivity == Sensitivity.OFFICIAL


class Policy(Initiative):
    """A strategy, paper, bill, fund or programme."""

    objects = KindManager(Kind.POLICY)

    class Meta:
        proxy = True
        verbose_name_plural = "policies"


class Commitment(Initiative):
    """A promise, with a date where there is one."""

    objects = KindManager(Kind.COMMITMENT)

    class Meta:
        proxy = True


class Partnership(Initiative):
    """An arrangement between national and local bodies."""

    objects = KindManager(Kind.PARTNERSHIP)

    class Meta:
        proxy = True


@recorded(initiatives=["initiative_id"])
class Footprint(models.Model):
    """A place that an initiative names."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="footprints", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="footprints")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["initiative", "area"], name="footprint_once")]

    def __str__(self):
        return f"{self.initiative_id} in {self.area_id}"


@recorded()
class Collection(models.Model):
    """A named set of initiatives that reports are made for: a programme, or the policies of one study."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="collection_name_filled")]

    def __str__(self):
        return self.name


@recorded(initiatives=["initiative_id"])
class CollectionItem(models.Model):
    """An initiative belongs to a set."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items", db_index=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="collection_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "initiative"], name="collection_item_once")]

    def __str__(self):
        return f"{self.initiative_id} in {self.collection_id}"
