"""The site as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from entente.foundation.collector import leave_what_stays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
leave_what_stays()
