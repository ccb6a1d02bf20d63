"""The same four checks by other means: SHACL shapes over RDF, and loops over the ORM. They must find the same.

The checks: OUT001 no outcome, CAP001 no capital, LOC001 no local government role, NHS001 no NHS role, of live policies.
"""

from tracker.checks.base import Scope
from tracker.checks.limits import configured

CODES = ("CAP001", "LOC001", "NHS001", "OUT001")

SHAPES = """
@prefix : <urn:tracker:> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

:CAP001 a sh:NodeShape ; sh:targetClass :Policy ; sh:property [ sh:path :capital ; sh:minCount 1 ] .
:OUT001 a sh:NodeShape ; sh:targetClass :Policy ; sh:property [ sh:path :outcome ; sh:minCount 1 ] .
:LOC001 a sh:NodeShape ; sh:targetClass :Policy ;
  sh:property [ sh:path ( :body :sector ) ; sh:qualifiedValueShape [ sh:hasValue "local_government" ] ;
                sh:qualifiedMinCount 1 ] .
:NHS001 a sh:NodeShape ; sh:targetClass :Policy ;
  sh:or ( [ sh:property [ sh:path :sectorNamed ; sh:hasValue "nhs" ] ]
          [ sh:not [ sh:or ( [ sh:property [ sh:path :improves ; sh:minCount 1 ] ]
                             [ sh:property [ sh:path :capital ; sh:hasValue "human" ] ] ) ] ] ) .
"""


def in_sql(today):
    """What the tracker's own checks find: (code, reference) pairs of policies."""
    from django.db import connection

    from tracker.actions.reconcile import prepared

    found, checks = set(), configured()
    with connection.cursor() as cursor:
        for code in CODES:
            query, columns, parameters = prepared(checks[code], Scope(today))
            cursor.execute(f"SELECT fingerprint FROM ({query}) AS breach ({columns})", parameters)
            found |= {(code, row[0].rpartition(":")[2]) for row in cursor.fetchall() if ":policy:" in row[0]}
    return found


def in_loops():
    """The same, asked record by record, as a first draft would."""
    from policies.models import Initiative

    found = set()
    for policy in Initiative.objects.filter(kind="policy", status="published"):
        links, capitals = list(policy.outcome_links.all()), [one.capital.code for one in policy.capital_links.all()]
        sectors = {one.organisation.sector for one in policy.responsibilities.all()}
        if not capitals:
            found.add(("CAP001", policy.reference))
        if not links:
            found.add(("OUT001", policy.reference))
        if "local_government" not in sectors:
            found.add(("LOC001", policy.reference))
        for_health = any(one.direction == "improves" for one in links) or "human" in capitals
        if for_health and "nhs" not in sectors:
            found.add(("NHS001", policy.reference))
    return found


def as_graphs():
    """The policies as RDF, and the shapes; made before the clock starts."""
    from rdflib import RDF, Graph, Literal, Namespace, URIRef

    from policies.models import Initiative

    ours, graph = Namespace("urn:tracker:"), Graph()
    policies = Initiative.objects.filter(kind="policy", status="published").prefetch_related(
        "capital_links__capital", "outcome_links", "responsibilities__organisation"
    )
    for policy in policies:
        node = URIRef(f"urn:tracker:policy/{policy.reference}")
        graph.add((node, RDF.type, ours.Policy))
        for link in policy.capital_links.all():
            graph.add((node, ours.capital, Literal(link.capital.code)))
        for link in policy.outcome_links.all():
            end = URIRef(f"urn:tracker:link/{link.pk}")
            graph.add((node, ours.outcome, end))
            if link.direction == "improves":
                graph.add((node, ours.improves, end))
        for role in policy.responsibilities.all():
            body = URIRef(f"urn:tracker:body/{role.organisation.code}")
            graph.add((node, ours.body, body))
            graph.add((body, ours.sector, Literal(role.organisation.sector)))
            graph.add((node, ours.sectorNamed, Literal(role.organisation.sector)))
    return graph, Graph().parse(data=SHAPES, format="turtle")


def in_shacl(graph, shapes):
    """The same by pySHACL."""
    from pyshacl import validate
    from rdflib import Namespace

    sh = Namespace("http://www.w3.org/ns/shacl#")
    _conforms, report, _words = validate(graph, shacl_graph=shapes)
    found = set()
    for result in report.subjects(sh.focusNode):
        shape = str(report.value(result, sh.sourceShape))
        reference = str(report.value(result, sh.focusNode)).rpartition("/")[2]
        code = shape.rpartition(":")[2] if shape.startswith("urn:tracker:") else _owner(shapes, report, result)
        found.add((code, reference))
    return found


def _owner(shapes, report, result):
    """The named shape that a property shape belongs to."""
    from rdflib import Namespace

    sh = Namespace("http://www.w3.org/ns/shacl#")
    source = report.value(result, sh.sourceShape)
    return str(shapes.value(predicate=sh.property, object=source)).rpartition(":")[2]
