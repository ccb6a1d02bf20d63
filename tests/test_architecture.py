"""The shape of the house: what may import, write, grow and be kept here; and that a breach would be noticed."""

import ast
import graphlib
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "policies", "tracker")
NOT_OURS = {".git", ".venv", "node_modules", "build", "var", "staticfiles", "__pycache__"}

FILE_LINES, FILE_LINES_P90 = 500, 250
FUNCTION_LINES, FUNCTION_LINES_P90 = 60, 30
TEMPLATE_LINES = 150


def walk(folder):
    """Every file below a folder that somebody wrote."""
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            yield from walk(path)
        else:
            yield path


def kept_files():
    """The files that the repository keeps; without git, those that it would."""
    try:
        found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return list(walk(ROOT))
    return [path for name in found.decode().split("\0") if name and (path := ROOT / name).is_file()]


def source(*folders):
    """Python files as (path from the root, tree), without migrations, which Django writes."""
    found = []
    for folder in folders:
        for path in walk(ROOT / folder):
            if path.suffix == ".py" and "migrations" not in path.parts:
                found.append((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())))
    return found


def text_of(path):
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""


def mentions(pattern, *, among, besides=()):
    """Where files mention something, this file and `besides` left out."""
    expression = re.compile(pattern, re.IGNORECASE)
    return [
        f"{name}:{number}"
        for path in among
        if path != Path(__file__) and (name := path.relative_to(ROOT).as_posix()) not in besides
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if expression.search(line)
    ]


# --- Imports -------------------------------------------------------------------------------------------------


def lint_imports(folder):
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def at_load(graph, importer, imported):
    """Whether an import stands outside of functions."""
    path = ROOT / importer.replace(".", "/")
    lines = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text().splitlines()
    details = graph.get_import_details(importer=importer, imported=imported)
    return any(lines[detail["line_number"] - 1][:1].strip() for detail in details)


class TestImports:
    def test_point_down_only(self):
        status, said = lint_imports(ROOT)
        assert status == 0, said

    def test_that_point_up_or_sideways_would_be_noticed(self, tmp_path):
        planted = {
            "policies/models/area.py": "policies.actions.people",
            "policies/actions/people.py": "policies.workbook.cells",
            "policies/permissions.py": "tracker.models",
            "tracker/models.py": "tracker.actions.scans",
            "tracker/checks/base.py": "tracker.filters",
            "tracker/tasks.py": "tracker.web.urls",
            "tracker/web/urls.py": "tracker.api",
            "tracker/api/__init__.py": "config.settings",
        }
        for package in PACKAGES:
            shutil.copytree(ROOT / package, tmp_path / package, ignore=lambda _, names: set(names) & NOT_OURS)
        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        for file, target in planted.items():
            with (tmp_path / file).open("a") as opened:
                opened.write(f"\n\ndef planted():\n    import {target}\n")
        status, said = lint_imports(tmp_path)
        assert status != 0
        for file, target in planted.items():
            importer = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            assert re.search(rf"{re.escape(importer)} -> {re.escape(target)}", said), f"{importer} -> {target}\n{said}"

    def test_have_no_cycles(self):
        """Of those that run when a module is loaded; a registry imports its entries when it is first asked."""
        graph = grimp.build_graph(*PACKAGES, cache_dir=None)
        at_once = {
            module: {
                other for other in graph.find_modules_directly_imported_by(module) if at_load(graph, module, other)
            }
            for module in graph.modules
        }
        assert sum(map(len, at_once.values())) > len(at_once)
        graphlib.TopologicalSorter(at_once).prepare()

    def test_come_from_no_drawer_for_odds_and_ends(self):
        drawers = {"core", "common", "utils", "helpers", "util", "helper", "misc"}
        files = [path.relative_to(ROOT) for path in kept_files() if path.suffix == ".py"]
        assert [str(file) for file in files if drawers & {file.stem, *file.parts}] == []


# --- Writing -------------------------------------------------------------------------------------------------

WRITES = {
    "save",
    "delete",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "create_user",
    "create_superuser",
}
WRITES |= {f"a{name}" for name in WRITES}
CHANGES_OF_SETS = {"add", "set", "remove", "clear"}
QUERYSET = re.compile(r"\.objects\b|\b(filter|exclude|all|visible_to|select_for_update)\(")
RAW_WRITE = re.compile(r"\b(INSERT\s+INTO|DELETE\s+FROM|TRUNCATE)\b|\bUPDATE\s+[\w{}\"]+(\s+AS\s+\w+)?\s+SET\b")
# Dictionaries that are filled by keywords, as a queryset would be updated.
DICTIONARIES = {"env.globals", "answer.data", "self.extra"}

# Who may write outside of actions, and why.
WRITERS = {
    ("policies/models/user.py", "user.save"): "Django's createsuperuser goes through the manager",
    ("policies/models/recorded.py", "SQL"): "the trigger's body",
}


def relations():
    """Names under which rows reach a set of other rows."""
    ours = [model for label in ("policies", "tracker") for model in apps.get_app_config(label).get_models()]
    return {
        field.get_accessor_name() if field.auto_created else field.name
        for model in ours
        for field in model._meta.get_fields()
        if field.one_to_many or field.many_to_many
    }


def actions_and_own_methods(tree):
    """What may be called by such a name: actions, and methods that a class here defines for itself."""
    modules = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "actions" in (node.module or "").split(".")
        for alias in node.names
    }
    methods = {
        f"self.{method.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef)
    }
    return modules | methods


def words_of(node):
    """The text of a string; what an f-string fills in is `{}`."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node.value, str) else ""


def writes_in(tree):
    """Calls that write rows, and statements that do, as they stand in the code."""
    sets, ours = relations(), actions_and_own_methods(tree)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Constant, ast.JoinedStr)):
            if id(node) not in docstrings and RAW_WRITE.search(words_of(node)):
                yield "SQL"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, on = node.func.attr, node.func.value
            words = ast.unparse(on)
            keywords_only = node.keywords and not node.args and words not in DICTIONARIES
            of_rows = name in {"update", "aupdate"} and (QUERYSET.search(words) or keywords_only)
            of_set = name in CHANGES_OF_SETS and isinstance(on, ast.Attribute) and on.attr in sets
            if (name in WRITES or of_rows or of_set) and words not in ours and f"{words}.{name}" not in ours:
                yield f"{words}.{name}"


class TestWriting:
    def test_is_done_by_actions_only(self):
        found = {
            (file, call)
            for file, tree in source("policies", "tracker")
            if "actions" not in Path(file).parts
            for call in writes_in(tree)
        }
        assert found - set(WRITERS) == set()

    def test_outside_of_actions_has_its_reasons_still(self):
        found = {(file, call) for file, tree in source("policies") for call in writes_in(tree)}
        assert set(WRITERS) - found == set()

    @pytest.mark.parametrize(
        "planted",
        [
            "initiative.save()",
            "form.save(commit=False)",
            "Initiative.objects.create(title='A')",
            "Initiative.objects.filter(pk=1).update(title='A')",
            "Initiative.objects.visible_to(user).update(**values)",
            "rows.update(title='A')",
            "rows.delete()",
            "initiative.responsibilities.all().delete()",
            "Initiative.objects.bulk_update(rows, ['title'])",
            "Footprint.objects.get_or_create(area=area)",
            "initiative.areas.add(area)",
            "organisation.successors.set([])",
            "cursor.execute('UPDATE policies_initiative SET title = %s', ['A'])",
            "cursor.execute('DELETE FROM policies_change')",
            "cursor.execute(f'INSERT INTO {table} VALUES (1)')",
            "cursor.execute(f'UPDATE {table} SET title = 1')",
        ],
    )
    def test_anywhere_else_would_be_noticed(self, planted):
        assert list(writes_in(ast.parse(planted)))

    @pytest.mark.parametrize(
        "harmless",
        [
            "from policies.actions import initiatives\ninitiatives.create(by=user)",
            "class Draft:\n def save(self): ...\n def put(self): self.save()",
            "words.update({'a': 1})",
            "digest.update(b'a')",
            "seen.add(1)",
            "entry.fields.add('title')",
            "hashlib.new('sha256')",
            "cursor.execute('SELECT updated_at FROM policies_initiative')",
            "'''INSERT INTO is what a trigger does.'''",
        ],
    )
    def test_is_not_seen_where_there_is_none(self, harmless):
        assert list(writes_in(ast.parse(harmless))) == []


# --- What there is none of -----------------------------------------------------------------------------------

SIGNALS = {
    "config/celery.py": "Celery has no other way in for logging and for beat's plan",
    "tracker/api/problems.py": "tells Django of an exception that it answers itself; it listens to nothing",
}


def listens(tree):
    """Whether a module has to do with signals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("signals", "django.dispatch")):
            return True
        if isinstance(node, ast.Attribute) and node.attr == "connect" and "signal" in ast.unparse(node.value).lower():
            return True
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and any(
            re.search(r"\breceiver\(|\.connect\b", ast.unparse(decorator)) for decorator in node.decorator_list
        ):
            return True
    return False


def overrides(tree):
    """Classes that change how a row is saved or deleted."""
    return [
        f"{node.name}.{method.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        and method.name in {"save", "delete", "asave", "adelete", "save_base", "full_clean"}
    ]


class TestNone:
    def test_of_the_modules_listens_to_signals(self):
        assert {file for file, tree in source(*PACKAGES) if listens(tree)} - set(SIGNALS) == set()

    @pytest.mark.parametrize(
        "planted",
        [
            "from django.db.models.signals import post_save",
            "from django.dispatch import receiver",
            "@receiver(saved)\ndef react(**kwargs): ...",
            "@saved.connect\ndef react(**kwargs): ...",
            "signals.post_save.connect(react)",
        ],
    )
    def test_would_do_so_unnoticed(self, planted):
        assert listens(ast.parse(planted))

    def test_of_the_models_changes_what_saving_means(self):
        models = [*source("policies/models"), *source("tracker")]
        models = [pair for pair in models if "/models" in pair[0]]
        assert len(models) > 10
        assert [name for _, tree in models for name in overrides(tree)] == []
        assert overrides(ast.parse("class A:\n def save(self): ...")) == ["A.save"]

    def test_of_the_rows_points_at_any_table_at_all(self):
        assert mentions(r"Generic(ForeignKey|Relation)", among=[ROOT / file for file, _ in source(*PACKAGES)]) == []

    def test_of_the_files_knows_another_database(self):
        files = [path for path in kept_files() if path.suffix not in {".md", ".csv"}]
        assert mentions("sqlite|mysql|oracle", among=files, besides={"requirements.txt", "requirements-dev.txt"}) == []
        assert {database["ENGINE"] for database in settings.DATABASES.values()} == {"django.db.backends.postgresql"}

    def test_of_the_files_names_a_machine_or_a_registry(self):
        places = r"(?<![\w.:/-])/(work|root|tmp/h)/|/home/\w+/"
        registries = r"\b(pypi|pythonhosted|npmjs)\.(org|com)|--(extra-)?index-url|^registry="
        assert mentions(f"{places}|{registries}", among=kept_files()) == []

    def test_of_the_files_is_somebody_else_s(self):
        kept = {path.relative_to(ROOT).as_posix() for path in kept_files()}
        pattern = (
            r"(^|/)(vendor|third_party|node_modules|\.venv)/|\.min\.(js|css)$|\.(woff2?|ttf|otf|eot|whl|zip|gz|jar)$"
        )
        assert [name for name in kept if re.search(pattern, name)] == []
        banners = r"/\*!|@license|govuk-frontend v?\d|Copyright \(c\)"
        assert mentions(banners, among=[ROOT / name for name in kept if name.endswith((".js", ".css"))]) == []


# --- Size ----------------------------------------------------------------------------------------------------


def p90(numbers):
    return statistics.quantiles(numbers, n=10, method="inclusive")[8]


def lines_of_files(*folders):
    return {file: len((ROOT / file).read_text().splitlines()) for file, _ in source(*folders)}


def lines_of_functions(*folders):
    return {
        f"{file}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for file, tree in source(*folders)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def over(sizes, most):
    return {name: size for name, size in sizes.items() if size > most}


class TestSize:
    def test_of_a_file(self):
        assert over(lines_of_files(*PACKAGES, "tests", "benchmarks"), FILE_LINES) == {}

    def test_of_most_files(self):
        assert p90(lines_of_files(*PACKAGES).values()) <= FILE_LINES_P90

    def test_of_a_function(self):
        assert over(lines_of_functions(*PACKAGES, "tests", "benchmarks"), FUNCTION_LINES) == {}

    def test_of_most_functions(self):
        assert p90(lines_of_functions(*PACKAGES).values()) <= FUNCTION_LINES_P90

    def test_of_a_template(self):
        templates = {path.name: len(path.read_text().splitlines()) for path in walk(ROOT / "templates")}
        assert templates
        assert over(templates, TEMPLATE_LINES) == {}
