"""Command line: `python -m config.supervisor run|status|stop`."""

import argparse
import os
import signal
import sys
import time

from config.embedded.errors import StartError
from config.embedded.lock import running
from config.embedded.paths import State, state_dir
from config.supervisor.applications import given_environment
from config.supervisor.launch import Launch
from config.supervisor.ports import port_number
from config.supervisor.terminal import Terminal


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1, and a sentence that says what to do, when something stands in the way."""
    parser = argparse.ArgumentParser(prog="python -m config.supervisor", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start everything and keep it running until Ctrl-C")
    run.add_argument("--port", default="8000", help="port of the web server on 127.0.0.1")
    run.add_argument("--reset", action="store_true", help="delete the data of earlier runs first")
    commands.add_parser("status", help="say whether it runs, and where")
    commands.add_parser("stop", help="stop what runs, in order")
    chosen = parser.parse_args(arguments)

    terminal = Terminal()
    given = given_environment()
    state = State(state_dir())
    if chosen.command == "run":
        os.umask(0o022)
        try:
            Launch(state, port_number(chosen.port), given, terminal).run(reset=chosen.reset)
        except StartError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    elif chosen.command == "stop":
        terminal.line("Stopped." if stop_other(state) else "Nothing is running.")
    else:
        facts = running(state.lock)
        terminal.line(
            f"Running at {facts.get('address')} (process {facts['pid']})." if facts else "Nothing is running."
        )
        return 0 if facts else 1
    return 0


def stop_other(state: State) -> bool:
    """Ask the supervisor that has this state directory to stop, and wait for it; False when there is none."""
    facts = running(state.lock)
    if not facts:
        return False
    os.kill(facts["pid"], signal.SIGTERM)
    while running(state.lock):
        time.sleep(0.1)
    return True


if __name__ == "__main__":
    sys.exit(main())
