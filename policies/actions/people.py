"""People and what they may do."""

from django.db import IntegrityError, transaction

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.actions.organisations import refuse_ended
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


def _administrators(by):
    """Ids of the administrators who may sign in. Locked, so that two who demote each other wait for each other."""
    locked = User.objects.select_for_update().filter(is_active=True, is_administrator=True).order_by("pk")
    found = set(locked.values_list("pk", flat=True))
    if by.pk not in found:
        raise NotAllowedError(f"{by} is not an administrator")
    return found


def _require_administrator(by):
    if not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} is not an administrator")


def _not_the_registrar(person):
    if person.email == REGISTRAR["email"]:
        raise RuleError("This account stands for files that were loaded. It belongs to nobody and cannot be changed.")


@action
def change_person(*, by, person, name, email):
    """Change the name of a person, or the address by which they sign in."""
    _require_administrator(by)
    _not_the_registrar(person)
    person = User.objects.select_for_update().get(pk=person.pk)
    person.name, person.email = name, User.objects.normalize_email(email)
    try:
        with transaction.atomic():
            person.save(update_fields=["name", "email"])
    except IntegrityError as error:
        raise RuleError("Another person signs in with that email address. Enter another one.") from error
    return person


@action
def set_active(*, by, person, active):
    """Switch an account on or off. Whoever is switched off is signed out, and keeps name and memberships.

    The one who does it is an active administrator and cannot be the one it is done to, so one always stays.
    """
    _administrators(by)
    _not_the_registrar(person)
    if not active and person.pk == by.pk:
        raise RuleError("You cannot switch off your own account. Ask another administrator to do it.")
    person = User.objects.select_for_update().get(pk=person.pk)
    person.is_active = active
    person.save(update_fields=["is_active"])
    return person


@action
def set_administrator(*, by, person, administrator):
    """Make a person an administrator, or no longer one. Nobody does it to themselves, so one always stays."""
    _administrators(by)
    _not_the_registrar(person)
    if person.pk == by.pk:
        raise RuleError("You cannot change your own right as an administrator. Ask another administrator to do it.")
    person = User.objects.select_for_update().get(pk=person.pk)
    if administrator and not person.is_active:
        raise RuleError("Switch the account on before you make its owner an administrator.")
    person.is_administrator = administrator
    person.save(update_fields=["is_administrator"])
    return person


@action
def put_membership(*, by, person, organisation, role):
    """Let a person act for an organisation in a role, or in another one than before."""
    _require_administrator(by)
    _not_the_registrar(person)
    refuse_ended(organisation)
    membership, _ = Membership.objects.update_or_create(user=person, organisation=organisation, defaults={"role": role})
    return membership


@action
def end_membership(*, by, person, organisation):
    """A person acts for an organisation no more. What they did stays under their name."""
    _require_administrator(by)
    Membership.objects.filter(user=person, organisation=organisation).delete()
