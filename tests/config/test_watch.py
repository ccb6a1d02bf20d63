"""How often and after what wait a program that ends is started again."""

import pytest

from config.embedded.errors import StartError
from config.supervisor import watch
from config.supervisor.watch import Watch


class Clock:
    now = 1000.0

    def monotonic(self):
        return self.now


class Toy:
    name = "toy"
    ready = None
    running = True

    def __init__(self, clock):
        self.clock, self.started_at = clock, clock.now

    def alive(self):
        return self.running

    def how_it_ended(self):
        return "ended with status 1"

    def last_lines(self):
        return "\n    the last words"


class Toys:
    """An installation of one toy, with a count of its restarts."""

    def __init__(self, toy):
        self.services, self.restarts, self.fails = [toy], 0, False

    def restart(self, toy):
        if self.fails:
            raise StartError("no room")
        self.restarts += 1
        toy.running, toy.started_at = True, toy.clock.now


@pytest.fixture
def world(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(watch, "time", clock)
    toys, said = Toys(Toy(clock)), []
    terminal = type("Said", (), {"line": lambda _, text: said.append(text)})()
    watcher = Watch(toys, terminal, None)

    def look(seconds=0.0):
        clock.now += seconds
        watcher._look_after(toys.services[0], watcher.records["toy"])

    return clock, toys, said, look


def test_the_wait_doubles_up_to_its_limit(world):
    _, toys, said, look = world
    for _ in range(9):
        toys.services[0].running = False
        look()
        look(watch.LONGEST_WAIT)
    waits = [text.rpartition("in ")[2] for text in said if "starting it again" in text]
    assert waits == ["0.5 s.", "1 s.", "2 s.", "4 s.", "8 s.", "16 s.", "30 s.", "30 s.", "30 s."]
    assert toys.restarts == 9


def test_nothing_starts_before_the_wait_is_over(world):
    _, toys, _, look = world
    toys.services[0].running = False
    look()
    look(0.4)
    assert toys.restarts == 0
    look(0.1)
    assert toys.restarts == 1


def test_after_a_calm_time_the_wait_is_short_again(world):
    clock, toys, said, look = world
    for _ in range(2):
        toys.services[0].running = False
        look()
        look(1.0)
    clock.now += watch.CALM + 1
    toys.services[0].running = False
    look()
    assert said[-1].endswith("in 0.5 s.")


def test_its_log_is_shown_once_when_it_keeps_ending(world):
    _, toys, said, look = world
    for _ in range(6):
        toys.services[0].running = False
        look()
        look(watch.LONGEST_WAIT)
    assert [text for text in said if "the last words" in text] == ["toy keeps ending.\n    the last words"]


def test_a_start_that_fails_is_tried_again(world):
    _, toys, said, look = world
    toys.services[0].running = False
    look()
    toys.fails = True
    look(1.0)
    assert "could not be started (no room)" in said[-1]
    toys.fails = False
    look(1.0)
    look()
    assert toys.restarts == 1
    assert said[-1] == "toy is back."
