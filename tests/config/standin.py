"""The launcher with small programs in place of web, worker and beat, and with the real servers.

`python -m tests.config.standin PORT [--reset]`; TRACKER_STATE_DIR says where. Every management command
that the launcher calls is written to `called` there; STANDIN_FAILS names one that fails.
"""

import functools
import os
import sys

from config.embedded import servers
from config.embedded.errors import StartError
from config.embedded.paths import PROJECT, State, state_dir
from config.embedded.service import Service
from config.supervisor import applications
from config.supervisor.launch import Launch
from config.supervisor.terminal import Terminal

SLEEPER = "import time\nwhile True: time.sleep(1)"
WEB = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(os.environ["DATABASE_URL"].encode())
http.server.HTTPServer(("127.0.0.1", int(os.environ["STANDIN_PORT"])), Handler).serve_forever()
"""
COMMAND = """
import os, pathlib, sys
with open(os.path.join(os.environ["TRACKER_STATE_DIR"], "called"), "a") as called:
    called.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == os.environ.get("STANDIN_FAILS"):
    sys.exit("the table is on fire")
if sys.argv[1] == "load_landscape":
    print("  49 policies")
if sys.argv[1] == "demo_users":
    pathlib.Path(os.environ["TRACKER_DEMO_FILE"]).write_text("reader@example.org  secret\\n")
"""


def program(state: State, name: str, code: str, *arguments: str, **more: object) -> Service:
    return Service(
        name=name,
        command=[sys.executable, "-I", "-S", "-c", code, *arguments],
        log=state.logs / f"{name.strip('`').split()[-1]}.log",
        directory=PROJECT,
        environment=more.pop("environment"),
        grace=5.0,
        **more,
    )


def processes(state: State, variables: dict[str, str], port: int) -> list[Service]:
    variables = {**variables, "STANDIN_PORT": str(port)}
    return [
        program(state, "worker", SLEEPER, environment=variables),
        program(state, "web", WEB, environment=variables, ready=lambda: applications.answers(port)),
        program(state, "beat", SLEEPER, environment=variables),
    ]


def management(state: State, variables: dict[str, str], *arguments: str) -> Service:
    return program(state, f"`manage.py {arguments[0]}`", COMMAND, *arguments, environment=variables)


if __name__ == "__main__":
    applications.processes, applications.management = processes, management
    servers.postgres = functools.partial(servers.postgres, durable=False)
    applications.static_root = lambda _: state_dir() / "collected"
    try:
        Launch(State(state_dir()), int(sys.argv[1]), dict(os.environ), Terminal()).run(reset="--reset" in sys.argv)
    except StartError as error:
        sys.exit(str(error))
