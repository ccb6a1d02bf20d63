"""How a record is named inside another: its public codes, its name and its address."""

from rest_framework import serializers

from policies.models import Area, Capital, Indicator, Initiative, Organisation, Outcome
from tracker.api.v1.fields import Address, InitiativeAddress, Record


class InitiativeReferenceSerializer(Record):
    """A policy, commitment or partnership, by reference."""

    url = InitiativeAddress()

    class Meta:
        model = Initiative
        fields = ["kind", "reference", "title", "url"]


class OrganisationReferenceSerializer(Record):
    """An organisation, by our code and by its official ones."""

    url = Address("organisations")

    class Meta:
        model = Organisation
        fields = ["code", "name", "abbreviation", "sector", "govuk_code", "gss_code", "ods_code", "url"]


class AreaReferenceSerializer(Record):
    """A place, by GSS code."""

    url = Address("areas", "gss_code")

    class Meta:
        model = Area
        fields = ["gss_code", "name", "kind", "url"]


class OutcomeReferenceSerializer(Record):
    """A health outcome, by code."""

    url = Address("outcomes")

    class Meta:
        model = Outcome
        fields = ["code", "name", "url"]


class CapitalReferenceSerializer(Record):
    """One of the four capitals, by code."""

    url = Address("capitals")

    class Meta:
        model = Capital
        fields = ["code", "name", "url"]


class CollectionReferenceSerializer(serializers.Serializer):
    """A named set that an initiative belongs to; `collection=` finds its members."""

    code = serializers.CharField(source="collection.code", read_only=True)
    name = serializers.CharField(source="collection.name", read_only=True)


class IndicatorReferenceSerializer(Record):
    """A published indicator, by publisher and id."""

    class Meta:
        model = Indicator
        fields = ["code", "name", "publisher", "publisher_id", "unit", "polarity", "horizon", "is_health"]
