"""People, the organisations for which they may act, and the accounts of other systems."""

import datetime

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    _user_has_module_perms,
    _user_has_perm,
)
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .organisation import Organisation
from .recorded import recorded
from .sourced import one_of
from .words import visible


class UserManager(BaseUserManager):
    """Makes users; the email address is the name that they sign in with."""

    def create_user(self, email, password=None, **extra):
        """A person who can sign in; without a password, only by a reset link."""
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **extra):
        """An administrator, as `manage.py createsuperuser` makes one."""
        return self.create_user(email, password, is_administrator=True, **extra)

    def get_by_natural_key(self, email):
        """The user of an address, whatever its capitals."""
        return self.get(email__iexact=email)


@recorded(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person. What they may do follows from their memberships; administrators may do everything."""

    email = models.EmailField("email address", max_length=254)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField("may sign in", default=True)
    is_administrator = models.BooleanField("administrator", default=False)
    wants_digest = models.BooleanField("gets an email of what waits", default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="That email address is already used",
            ),
            visible("user_name_filled", "name"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_staff(self):
        """Whether Django's admin opens: administrators only."""
        return self.is_administrator

    @property
    def is_superuser(self):
        """Django's word for an administrator."""
        return self.is_administrator

    def has_perm(self, perm, obj=None):
        """Ask the authentication backends, rules among them."""
        if self.is_active and self.is_administrator:
            return True
        return _user_has_perm(self, perm, obj)

    def has_module_perms(self, app_label):
        """Whether the admin shows an app."""
        if self.is_active and self.is_administrator:
            return True
        return _user_has_module_perms(self, app_label)


class MembershipRole(models.TextChoices):
    """What a person may do for an organisation. Each includes the one before."""

    READER = "reader", "Reader"
    EDITOR = "editor", "Editor"
    APPROVER = "approver", "Approver"


@recorded()
class Membership(models.Model):
    """A person acts for an organisation, in one role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=MembershipRole)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
            one_of("membership", "role", MembershipRole),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()} of {self.organisation}"


@recorded()
class ServiceAccount(models.Model):
    """Another system that reads or writes through the API, on behalf of an organisation."""

    name = models.CharField(max_length=200, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="service_accounts")
    contact_email = models.EmailField(max_length=254)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="service_account_name_filled")]

    def __str__(self):
        return self.name


@recorded(exclude=["last_used_at"])
class ServiceToken(models.Model):
    """A credential of a service account. The secret itself is shown once and never stored."""

    account = models.ForeignKey(ServiceAccount, on_delete=models.CASCADE, related_name="tokens")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField("SHA-256 of the secret, hexadecimal", max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="service_token_digest_sha256"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at"))
                & Q(expires_at__lte=models.F("created_at") + datetime.timedelta(days=366)),
                name="service_token_expires_within_a_year",
            ),
        ]

    def __str__(self):
        return self.prefix
