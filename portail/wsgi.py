import os

from django.core.wsgi import get_wsgi_application

from portail import memoire

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portail.settings")

application = get_wsgi_application()
memoire.accorder()
