"""Roles that were handed over when an organisation ended: who held them, until when, and who holds them now."""

from django.conf import settings
from django.db import models
from django.db.models import F

from .initiative import Initiative
from .organisation import Organisation
from .recorded import recorded
from .responsibility import Role
from .sourced import one_of


@recorded(initiatives=["initiative_id"])
class FormerRole(models.Model):
    """An organisation held a role in an initiative until a day; another has held it since."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="former_roles", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="former_roles")
    role = models.CharField(max_length=12, choices=Role)
    until = models.DateField("held until")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "organisation", "role", "until"], name="former_role_once"),
            models.CheckConstraint(condition=~models.Q(organisation=F("successor")), name="former_role_not_itself"),
            one_of("former_role", "role", Role),
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.role} of {self.initiative_id} until {self.until}"
