"""How the OpenAPI description is drawn from the views: every operation says each status that it can have."""

import inspect

from django_filters import MultipleChoiceFilter
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from tracker.api.problems import CONTENT_TYPE, FAULTS

TAG = {"ETag": {"description": "Stands for this answer, when it is public.", "schema": {"type": "string"}}}
NOT_MODIFIED = {"304": ("NotModified", "The caller has it already.")}
PROBLEMS = {
    "400": ("BadRequest", "A parameter is unknown, or has a value that it cannot have. `errors` names each."),
    "401": ("SignInNeeded", "This service can only be read after signing in."),
    "404": ("NotFound", "There is no such record, or it is one that the caller may not read."),
    "405": ("MethodNotAllowed", "Only GET and HEAD are answered."),
    "406": ("NotAcceptable", "The request accepts no JSON."),
}
# Codes that exist in the register of 2021, so that the documentation page can be tried as it stands.
EXAMPLES = {
    "policies": "MHCLG-0001",
    "commitments": "DHSC-0009",
    "partnerships": "PSHIP-0001",
    "organisations": "dhsc",
    "areas": "E47000001",
    "outcomes": "healthy_life_expectancy",
    "capitals": "human",
    "flags": "NHS001:policy:MHCLG-0001",
    "checks": "NHS001",
}
WORDS = {
    "reference": "The public reference.",
    "code": "The public code.",
    "gss_code": "The GSS code.",
    "fingerprint": "What the flag is about: check, subject and code.",
}


class FaultSerializer(serializers.Serializer):
    """A parameter that was refused."""

    parameter = serializers.CharField()
    code = serializers.ChoiceField(FAULTS)
    detail = serializers.CharField()
    allowed = serializers.ListField(child=serializers.CharField(), allow_null=True)


class ProblemSerializer(serializers.Serializer):
    """Problem details (RFC 9457). `request_id` finds the request in our logs; `errors` is empty but for 400."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField(allow_null=True)
    errors = FaultSerializer(many=True)


class ApiSchema(AutoSchema):
    """Adds to every operation what holds for all of them."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        """The operation, with each status that it can have; `share_responses` says what these mean."""
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IfNoneMatch"})
        operation["responses"]["200"] |= {"headers": TAG, "description": "What was asked for."}
        self.resolve_serializer(ProblemSerializer, "response")
        for status, (name, _words) in (NOT_MODIFIED | PROBLEMS).items():
            if status != "404" or "{" in path:
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
        return operation

    def get_summary(self):
        """What the documentation page lists."""
        names = self._collection()
        return f"List {names}" if self._is_list_view() else f"One of the {names}" if names else "What there is to read"

    def get_description(self):
        """What the resource holds."""
        return inspect.getdoc(self.view)

    def get_auth(self):
        """Signing in is never needed for published records, unless the installation says so."""
        return [*super().get_auth(), {}]

    def get_tags(self):
        """The collection, by which the documentation page groups."""
        return [self._collection() or "root"]

    def _collection(self):
        return self.path.removeprefix("/api/v1/").split("/")[0]

    def _resolve_path_parameters(self, variables):
        """Codes of records, each with one that exists."""
        return [
            build_parameter_type(
                name=name,
                location=OpenApiParameter.PATH,
                description=WORDS[name],
                schema={"type": "string", "example": EXAMPLES[self._collection()]},
            )
            for name in variables
        ]


def share_responses(result, generator, request, public):
    """Say once what a status means for every operation: a hook that runs on the finished description."""
    problem = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    result["components"]["responses"] = {
        name: {"description": words, "headers": TAG} for name, words in NOT_MODIFIED.values()
    } | {name: {"description": words, "content": problem} for name, words in PROBLEMS.values()}
    result["components"]["parameters"] = {
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "description": "The `ETag` of an earlier answer: while that holds, the answer is 304.",
            "schema": {"type": "string"},
        }
    }
    return result


class SessionScheme(OpenApiAuthenticationExtension):
    """Signing in on the pages, as the description names it. The cookie's name depends on the installation."""

    target_class = "tracker.api.permissions.SessionSignIn"
    name = "session"

    def get_security_definition(self, auto_schema):
        """A cookie."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "The session of somebody who has signed in on the pages (`session` where https is off).",
        }


class FilterParameters(OpenApiFilterExtension):
    """The parameters of a list's FilterSet. Choices that come from the database are described, not listed."""

    target_class = "tracker.api.filtering.StrictFilterBackend"
    priority = 1

    def get_schema_operation_parameters(self, auto_schema, *args, **kwargs):
        """One parameter for each filter."""
        filterset = self.target.get_filterset_class(auto_schema.view)
        return [_parameter(name, filter_) for name, filter_ in filterset.base_filters.items()] if filterset else []


def _parameter(name, filter_):
    choices = filter_.extra.get("choices", ())
    several = isinstance(filter_, MultipleChoiceFilter)
    value = {"type": "string"}
    if "max_length" in filter_.extra:
        value["maxLength"] = filter_.extra["max_length"]
    words = ". ".join(str(text) for text in (filter_.label, filter_.extra.get("help_text")) if text) + "."
    if choices and not callable(choices):
        value["enum"] = [code for code, _label in choices]
        words += "".join(f"\n* `{code}` - {label}" for code, label in choices)
    return build_parameter_type(
        name=name,
        location=OpenApiParameter.QUERY,
        description=words,
        schema={"type": "array", "items": value} if several else value,
        explode=several or None,
        style="form" if several else None,
    )
