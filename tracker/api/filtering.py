"""The filters of the pages, strictly: what a list does not know is refused, so that no answer is mistaken."""

from django_filters.rest_framework import DjangoFilterBackend

from tracker.api.paging import CURSOR, PAGE_SIZE
from tracker.api.problems import ParameterError, parameter_error

# Longer lists than this are a collection of their own, and the problem names it instead.
LISTED = 60


class StrictFilterBackend(DjangoFilterBackend):
    """Narrows a list by its FilterSet. Raises ParameterError, with every fault at once."""

    def filter_queryset(self, request, queryset, view):
        """Rows that the parameters ask for; a single record takes no parameters."""
        if view.detail:
            refuse_unknown(request, ())
            return queryset
        filterset = self.get_filterset(request, queryset, view)
        fields = filterset.form.fields if filterset else {}
        known = [*fields, CURSOR, PAGE_SIZE]
        faults = [*_unknown(request, known), *_repeated(request, fields)]
        if filterset:
            faults += _refused(filterset.form)
        if faults:
            raise ParameterError(faults)
        return filterset.qs if filterset else queryset


def refuse_unknown(request, known):
    """Raise ParameterError for parameters that are not among the known ones."""
    if faults := _unknown(request, known):
        raise ParameterError(faults)


def _unknown(request, known):
    words = f"it can have {', '.join(known)}" if known else "this address takes no parameters"
    return [
        parameter_error(name[:100], "unknown", f"{name[:100]}: there is no such parameter; {words}", list(known))
        for name in request.query_params
        if name not in known
    ]


def _repeated(request, fields):
    """Parameters given twice that hold one value: which of the two was meant cannot be known."""
    return [
        parameter_error(name, "repeated", f"{name}: give it once")
        for name, values in request.query_params.lists()
        if len(values) > 1 and (name in (CURSOR, PAGE_SIZE) or (name in fields and not takes_several(fields[name])))
    ]


def takes_several(field):
    """Whether a form field accepts more than one value, each in a parameter of its own."""
    return getattr(field.widget, "allow_multiple_selected", False)


def _refused(form):
    """Values that the form did not accept."""
    found = []
    for name, errors in form.errors.as_data().items():
        allowed = allowed_values(form.fields.get(name))
        for error in errors:
            message = " ".join(str(part) for part in error.messages)
            words = f"{message.rstrip('.')}. It can be {', '.join(allowed)}" if allowed else message
            found.append(parameter_error(name, "not_allowed", f"{name}: {words}", allowed))
    return found


def allowed_values(field):
    """The values that a form field accepts, where they are a short list; None where they cannot be listed."""
    if field is None:
        return None
    if hasattr(field, "queryset"):
        key = field.to_field_name or "pk"
        rows = list(field.queryset.order_by(key).values_list(key, flat=True)[: LISTED + 1])
        return [str(row) for row in rows] if key != "pk" and len(rows) <= LISTED else None
    values = []
    for value, label in getattr(field, "choices", ()):
        values += [v for v, _ in label] if isinstance(label, list | tuple) else [value]
    values = [str(value) for value in values if value not in ("", None)]
    return values if values and len(values) <= LISTED else None
