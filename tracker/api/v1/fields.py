"""How values are written: unknown is null, codes and not labels, times in UTC, money as text."""

import datetime

from django.db import models
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Text(serializers.CharField):
    """Words; the register's empty text is null."""

    def to_representation(self, value):
        """The text, or None."""
        return super().to_representation(value) or None


class Code(serializers.ChoiceField):
    """One of a list of codes; the register's empty code is null."""

    def to_representation(self, value):
        """The code, or None."""
        return super().to_representation(value) or None


class Instant(serializers.DateTimeField):
    """A moment in UTC."""

    def __init__(self, **options):
        super().__init__(default_timezone=datetime.UTC, **options)


class Decimal(serializers.DecimalField):
    """An exact number as text, without zeros that say nothing."""

    def __init__(self, **options):
        super().__init__(normalize_output=True, **options)


class Record(serializers.ModelSerializer):
    """A serializer of a model's row, for reading."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: Text,
        models.TextField: Text,
        models.SlugField: Text,
        models.DateTimeField: Instant,
        models.DecimalField: Decimal,
    }
    serializer_choice_field = Code

    def build_standard_field(self, field_name, model_field):
        """What may be empty in the table may be null here."""
        field_class, options = super().build_standard_field(field_name, model_field)
        if options.pop("allow_blank", False):
            options["allow_null"] = True
        for name in ("validators", "style", "max_length", "allow_unicode"):
            options.pop(name, None)
        return field_class, {**options, "read_only": True}


@extend_schema_field(OpenApiTypes.URI)
class Address(serializers.Field):
    """The address of the record in the API."""

    def __init__(self, collection, key="code", **options):
        super().__init__(source="*", read_only=True, **options)
        self.collection, self.key = collection, key

    def to_representation(self, row):
        """Such as .../organisations/dhsc."""
        return self.context["addresses"].record(self.collection, getattr(row, self.key))


@extend_schema_field(OpenApiTypes.URI)
class InitiativeAddress(serializers.Field):
    """The address of a policy, commitment or partnership in the API."""

    def __init__(self, **options):
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, row):
        """Under the collection of its kind."""
        return self.context["addresses"].initiative(row)


@extend_schema_field(OpenApiTypes.URI)
class PageAddress(serializers.Field):
    """The address of the record's page for people. `name` is a URL name; None means the initiative's kind."""

    def __init__(self, name=None, key="reference", **options):
        super().__init__(source="*", read_only=True, **options)
        self.name, self.key = name, key

    def to_representation(self, row):
        """The page, on the host that the request came to."""
        return self.context["addresses"].page(self.name or row.kind, **{self.key: getattr(row, self.key)})


class SourceSerializer(serializers.Serializer):
    """Where a fact comes from."""

    title = Text(source="source_title", read_only=True, allow_null=True)
    url = serializers.SerializerMethodField()

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_url(self, row):
        """The document's address, or None."""
        return row.source_url or None


class DocumentSerializer(SourceSerializer):
    """The document in which something is announced, with its words."""

    quote = Text(source="source_quote", read_only=True, allow_null=True)


class Source(SourceSerializer):
    """A row's own source, beside its other members."""

    def __init__(self, **options):
        super().__init__(source="*", read_only=True, **options)
