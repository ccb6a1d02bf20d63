"""People and what they may do."""

from policies.actions.action import NotAllowedError, action
from policies.models import Membership, User

# The author of rows that no person wrote: reference data and files loaded at set-up. Cannot sign in.
REGISTRAR = {"email": "registrar@tracker.localhost", "name": "The register", "is_active": False}


def registrar():
    """The account in whose name files are loaded at set-up; made at first use."""
    return User.objects.filter(email=REGISTRAR["email"]).first() or User.objects.create_user(**REGISTRAR)


@action
def put_person(*, by, email, name, password=None, memberships=(), is_administrator=False):
    """Create a person, or bring one up to date; `memberships` are pairs of organisation and role.

    Memberships that are not listed are ended. Without a password, an existing one is kept.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name, is_administrator=is_administrator)
    else:
        user.name, user.is_administrator = name, is_administrator
        if password and not user.check_password(password):
            user.set_password(password)
        user.save()
    wanted = {organisation.pk: role for organisation, role in memberships}
    user.memberships.exclude(organisation__in=wanted).delete()
    for organisation, role in wanted.items():
        Membership.objects.update_or_create(user=user, organisation_id=organisation, defaults={"role": role})
    return user


@action
def want_digest(*, by, person, wanted):
    """Whether a person gets the email of what waits. Everybody decides it for themselves."""
    if by.pk != person.pk:
        raise NotAllowedError(f"{by} does not decide what {person} is sent")
    User.objects.filter(pk=person.pk).update(wants_digest=wanted)
