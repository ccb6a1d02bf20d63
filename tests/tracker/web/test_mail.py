"""A password reset when the mail server is away."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("known", [True, False])
def test_a_reset_answers_alike_whether_or_not_mail_can_be_sent(client, person, settings, known):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    person("reader", "dhsc", email="here@test.example")
    address = "here@test.example" if known else "nobody@test.example"
    answer = client.post("/account/password/reset/", {"email": address})
    assert answer.status_code == 302
    assert answer["Location"] == "/account/password/reset/done/"
