"""People who sign in, their roles, and the tokens their programs use."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from entente.foundation.access.roles import ROLES, Role
from entente.foundation.models.base import Row


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user of one organisation."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by address, whatever its case."""
        return self.get(email__iexact=username)


class Qualification(models.TextChoices):
    """What codes of practice ask of those who certify material."""

    DOCTOR = "doctor", "Registered doctor"
    PHARMACIST = "pharmacist", "Registered pharmacist"
    DENTIST = "dentist", "Registered dentist"
    AQP = "aqp", "Appropriately qualified person"
    OTHER = "other", "Other"


class User(AbstractBaseUser, Row):
    """A person's account in one organisation; a person at two has two accounts.

    ``person_key`` is the same for both accounts of one person, so that nobody approves
    his own work under a second name.
    """

    org = models.ForeignKey(
        "foundation.Organisation", on_delete=models.PROTECT, related_name="users"
    )
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    person_key = models.CharField(max_length=64, db_index=True)
    qualification = models.CharField(max_length=16, choices=Qualification, blank=True)
    is_active = models.BooleanField(default=True)
    locale = models.CharField(max_length=16, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleGrant(Row):
    """A role given to a user, by whom and when; taking it away is a moment, not a deletion."""

    org = models.ForeignKey("foundation.Organisation", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=32, choices=[(r.value, f.title) for r, f in ROLES.items()])
    granted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(revoked_at__isnull=True),
                name="role_granted_once",
            )
        ]

    @property
    def as_role(self) -> Role:
        """The role as the value that code compares."""
        return Role(self.role)


class ApiToken(Row):
    """A token with which a user's program calls the API; only its hash is kept."""

    org = models.ForeignKey("foundation.Organisation", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class Training(Row):
    """A completed course on code, law and science, and until when it counts."""

    org = models.ForeignKey("foundation.Organisation", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="trainings")
    course = models.CharField(max_length=200)
    completed_on = models.DateField()
    valid_until = models.DateField()
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["user", "-valid_until"], name="training_by_user")]
