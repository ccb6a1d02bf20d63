"""Mail into files, and by GOV.UK Notify, for which a server on this machine stands in."""

import json
import logging
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.mail import EmailMessage, send_mail

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


class Notify:
    """A server that answers as Notify does, and remembers what it was sent."""

    def __init__(self):
        self.requests, self.status, self.answer = [], 201, {"id": "1"}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append((self.path, self.headers["Authorization"], body))
                answer = outer.answer if isinstance(outer.answer, bytes) else json.dumps(outer.answer).encode()
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_words):
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def notify(settings):
    one = Notify()
    settings.EMAIL_BACKEND = "config.mail.NotifyBackend"
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEMPLATE_ID = f"tracker-{SERVICE}-{SECRET}", TEMPLATE
    settings.NOTIFY_ADDRESS = one.address
    yield one
    one.server.shutdown()
    one.server.server_close()


def message(**headers):
    return EmailMessage("A subject", "A body", to=["somebody@factory.example"], headers=headers)


class TestNotify:
    def test_takes_subject_body_and_the_link_that_stops(self, notify):
        assert message(**{"List-Unsubscribe": "<https://tracker.example/watches/off/a/>"}).send() == 1
        ((path, authorised, body),) = notify.requests
        assert path == "/v2/notifications/email"
        assert authorised.startswith("Bearer ")
        assert SECRET not in authorised
        assert body == {
            "email_address": "somebody@factory.example",
            "template_id": TEMPLATE,
            "personalisation": {"subject": "A subject", "body": "A body"},
            "one_click_unsubscribe_url": "https://tracker.example/watches/off/a/",
        }

    def test_is_not_given_a_link_that_it_refuses(self, notify):
        message(**{"List-Unsubscribe": "<http://127.0.0.1/watches/off/a/>"}).send()
        assert "one_click_unsubscribe_url" not in notify.requests[0][2]

    def test_gets_a_request_for_each_recipient(self, notify):
        send_mail("S", "B", None, ["a@factory.example", "b@factory.example"])
        assert [body["email_address"] for _p, _a, body in notify.requests] == ["a@factory.example", "b@factory.example"]

    def test_of_nobody_gets_none(self, notify):
        assert EmailMessage("S", "B").send() == 0
        assert notify.requests == []

    @pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
    def test_refusing_is_an_error_as_of_any_mail_server_without_key_or_address(self, notify, caplog, status):
        notify.status = status
        notify.answer = {"errors": [{"error": "Odd", "message": "no somebody"}], "status_code": status}
        caplog.set_level(logging.DEBUG)
        with pytest.raises(OSError, match=f"GOV.UK Notify answered {status}") as caught:
            message().send()
        assert SECRET not in caplog.text + str(caught.value)
        assert "somebody@factory.example" not in caplog.text + str(caught.value)
        assert message().send(fail_silently=True) == 0

    def test_that_is_away_is_one_too(self, notify, settings):
        settings.NOTIFY_ADDRESS = "http://127.0.0.1:1"
        with pytest.raises(OSError, match="Notify answered 503"):
            message().send()

    def test_that_answers_nonsense_is_one_too(self, notify):
        notify.answer = b"<html>"
        with pytest.raises(OSError, match="Notify answered"):
            message().send()


class TestOutbox:
    @pytest.fixture
    def outbox(self, settings, tmp_path):
        settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "config.mail.OutboxBackend", str(tmp_path / "a" / "outbox")
        return tmp_path / "a" / "outbox"

    def test_keeps_each_mail_in_a_file_of_its_owner_s(self, outbox):
        message().send()
        message().send()
        files = list(outbox.iterdir())
        assert len(files) == 2
        assert all("A body" in file.read_text() for file in files)
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE(outbox.stat().st_mode) == 0o700

    def test_that_cannot_be_written_is_an_error_as_of_any_mail_server(self, outbox, tmp_path):
        (tmp_path / "a").write_text("in the way")
        with pytest.raises(OSError, match="cannot write to the outbox"):
            message().send()
