"""Many register at once: exactly as many places as there are, and a list in order of arrival."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from entente.engagement.actions.attend import cancel_attendance, register
from entente.engagement.models import Attendee
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

pytestmark = [pytest.mark.slow, pytest.mark.feature("engagement/joint-education")]

PEOPLE, PLACES, WORKERS = 500, 100, 16
