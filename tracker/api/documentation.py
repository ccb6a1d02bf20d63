"""The description of the API, for machines (OpenAPI) and as a page."""

import functools

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from tracker.api.resource import ReadOnly
from tracker.api.v1.root import LISTS


@functools.cache
def description():
    """The OpenAPI description, in English. It follows from the program alone, so it is made once a process."""
    with translation.override(settings.LANGUAGE_CODE):
        return SchemaGenerator().get_schema(request=None, public=True)


class Schema(ReadOnly, SpectacularAPIView):
    """The OpenAPI description: JSON, or YAML for those who accept application/yaml."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        """The description, the same for everybody."""
        return Response(description())


class Documentation(ReadOnly, SpectacularSwaggerSplitView):
    """A page to read the description and to try it, from our own files alone.

    The script that starts it has an address of its own: the content security policy allows none in a page.
    """

    url_name = "api-schema"
    template_name = "api/documentation.html"
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        """The page, or with `?script` its script."""
        answer = super().get(request, *args, **kwargs)
        answer.data.update(title="API documentation", collections=LISTS)
        return answer
