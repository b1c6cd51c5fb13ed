"""System checks of what familles cannot live without."""

from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from familles.chiffrement import trousseau


@register()
def cles_lisibles(app_configs, **kwargs):
    """The encryption keys are usable before the first family is written."""
    try:
        trousseau()
    except ImproperlyConfigured as erreur:
        return [Error(str(erreur), id="familles.E001")]
    return []
