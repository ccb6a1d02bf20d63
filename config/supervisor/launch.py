"""One run, from the first step to the last: start in order, watch, stop in order."""

import contextlib
import shutil
from pathlib import Path

from config.embedded import accounts, servers
from config.embedded.errors import StartError
from config.embedded.installation import Installation
from config.embedded.paths import State
from config.embedded.service import Service
from config.supervisor import applications, stamps
from config.supervisor.ports import check_port
from config.supervisor.stopping import Stopping, StopRequestedError
from config.supervisor.terminal import Terminal
from config.supervisor.watch import Watch

STEP_SECONDS = 600.0
WEB_SECONDS = 60.0
FIRST_SCAN_SECONDS = 120
SKIP_CHECKS = "--skip-checks"  # `migrate`, the first command of a start, has made them


class Launch:
    """Brings up the site on one state directory and one port, and takes it down again."""

    def __init__(self, state: State, port: int, given: dict[str, str], terminal: Terminal) -> None:
        self.state = state
        self.port = port
        self.own_database, self.own_broker = (not other for other in applications.external(given))
        self.given = given
        self.variables = applications.environment(state, port, given)
        self.terminal = terminal
        self.stopping = Stopping()
        self.installation = Installation(state, terminal.line)
        self.stopping.on_hurry = self.installation.hurry

    def run(self, *, reset: bool = False) -> None:
        """Start everything, watch it until a stop is requested, and stop it. Raises StartError."""
        try:
            with contextlib.suppress(StopRequestedError):
                self._open(reset=reset)
                self._start_servers()
                self._prepare_data()
                self._start_processes()
                self._first_scan()
                self._welcome()
                Watch(self.installation, self.terminal, self.stopping).forever()
        finally:
            self._stop()

    def _open(self, *, reset: bool) -> None:
        self.account = servers.prepare(self.state) if self.own_database or self.own_broker else None
        if self.account is None:
            accounts.make_root(self.state.root, accounts.ourselves())
            self.state.logs.mkdir(mode=0o700, exist_ok=True)  # mail may be printed there
        self.installation.open()
        self.variables |= applications.environment(self.state, self.port, self.given)  # the key is there now
        self.installation.note(address=applications.address(self.port))
        check_port(self.port)
        if reset:
            remove_data(self.state)
            self.terminal.line(f"The data in {self.state.root} were deleted.")
            if not self.own_database:
                self.terminal.line("The database that DATABASE_URL names was left as it is.")
        keep_logs_short(self.state.logs)

    def _start_servers(self) -> None:
        if self.own_broker:
            self._start(servers.valkey(self.state, self.account), servers.START_SECONDS)
        if self.own_database:
            self._start(servers.postgres(self.state, self.account), servers.START_SECONDS)

    def _prepare_data(self) -> None:
        self._manage("Bringing the database up to date", "migrate", "--noinput")
        self._collect_static()
        # Data that somebody else looks after may have been changed there, so a note of ours proves nothing.
        loaded = stamps.fingerprint(applications.landscape_sources())
        if not (self.own_database and stamps.holds(self.state.loaded, loaded)):
            with self.terminal.section("Loading reference data and the landscape of 2021"):
                self._complete(self._command("load_landscape", SKIP_CHECKS), shown=True)
            self.state.loaded.write_text(loaded)
        if not (self.own_database and self.state.sign_ins.is_file()):
            self._manage("Creating the demonstration sign-ins", "demo_users", SKIP_CHECKS)

    def _collect_static(self) -> None:
        target = applications.static_root(self.given)
        stamp = target.with_name(f"{target.name}.made-from")
        sources = stamps.fingerprint(applications.static_sources())
        if not (target.is_dir() and stamps.holds(stamp, sources)):
            self._manage("Collecting styles and scripts", "collectstatic", "--noinput", SKIP_CHECKS)
            stamp.write_text(sources)

    def _start_processes(self) -> None:
        processes = applications.processes(self.state, self.variables, self.port)
        names = ", ".join(service.name for service in processes)
        with self.terminal.step(f"Starting {names}", "ready"):
            self.installation.start(*processes)
            for service in processes:
                service.wait_ready(WEB_SECONDS, self.stopping.pause)

    def _first_scan(self) -> None:
        if self.own_database and self.state.scanned.exists():
            return
        command = self._command("await_first_scan", "--timeout", str(FIRST_SCAN_SECONDS), SKIP_CHECKS)
        try:
            with self.terminal.step("Waiting for the first scan"):
                self._complete(command)
            self.state.scanned.touch()
        except StartError as error:
            self.terminal.line(f"{error}\nThe site runs all the same; flags follow when a scan has finished.")

    def _welcome(self) -> None:
        self.terminal.line(f"\nThe policy alignment tracker is ready: {applications.address(self.port)}\n")
        with contextlib.suppress(OSError):
            for line in self.state.sign_ins.read_text().splitlines():
                self.terminal.line(f"  {line}")
        self.terminal.line(f"\nData and logs are kept in {self.state.root}. Ctrl-C stops everything.")

    def _start(self, service: Service, seconds: float) -> None:
        with self.terminal.step(f"Starting {service.name}", "ready"):
            self.installation.start(service)
            service.wait_ready(seconds, self.stopping.pause)

    def _command(self, *arguments: str) -> Service:
        return applications.management(self.state, self.variables, *arguments)

    def _manage(self, doing: str, *arguments: str) -> None:
        with self.terminal.step(doing):
            self._complete(self._command(*arguments))

    def _complete(self, service: Service, *, shown: bool = False) -> None:
        """Run a program that ends by itself; what it writes is shown, or kept in its log."""
        service.shown = shown
        self.installation.start(service)
        try:
            while service.alive():
                self.stopping.pause(1.0)
        finally:
            self.installation.forget(service)
        if service.status != 0:
            raise StartError(f"{service.name} {service.how_it_ended()}.{'' if shown else service.last_lines()}")

    def _stop(self) -> None:
        if self.installation.services:
            self.terminal.line("\nStopping.")
        self.installation.close(
            lambda service, willing: None if willing else self.terminal.line(f"{service.name} had to be ended.")
        )
        if self.stopping.requests:
            self.terminal.line("Everything has stopped; the data are kept.")


def remove_data(state: State) -> None:
    """Delete what a run made: databases, beat's schedule, sign-ins. Nothing else in the directory."""
    for directory in (state.postgres, state.valkey):
        if directory.exists():
            shutil.rmtree(directory)
    schedule = state.root.glob(f"{state.beat_schedule.name}*")  # the library behind it may add an ending
    for path in (*schedule, state.sign_ins, state.loaded, state.scanned):
        path.unlink(missing_ok=True)


def keep_logs_short(logs: Path, longest: int = 10_000_000) -> None:
    """Put a long log aside, in place of the one that was put aside before."""
    for log in logs.glob("*.log"):
        if log.stat().st_size > longest:
            log.replace(log.with_suffix(".log.1"))
