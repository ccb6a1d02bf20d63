"""The links in emails that stop emails: signed, and good for half a year."""

import datetime

from django.core import signing

GOOD_FOR = datetime.timedelta(days=180)


class ExpiredLinkError(Exception):
    """The link is one of ours, and too old."""


def token_for(about, number):
    """What a link about something proves: that whoever follows it got the email."""
    return signing.TimestampSigner(salt=f"tracker.{about}").sign(str(number))


def number_in(about, token):
    """The number that a link was made for, or None for a link that nobody made. Raises ExpiredLinkError."""
    try:
        return int(signing.TimestampSigner(salt=f"tracker.{about}").unsign(token, max_age=GOOD_FOR))
    except signing.SignatureExpired as error:
        raise ExpiredLinkError from error
    except (signing.BadSignature, ValueError):
        return None
