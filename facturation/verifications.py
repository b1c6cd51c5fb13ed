"""System checks of facturation."""

from django.core.checks import Warning as Avertissement
from django.core.checks import register

from familles.papier import BibliothequesManquantes, moteur


@register(deploy=True)
def bibliotheques_du_pdf(app_configs, **kwargs):
    """WeasyPrint finds the system libraries it draws with (asked by `check --deploy`: it costs 0.5 s)."""
    try:
        moteur()
    except BibliothequesManquantes as manque:
        return [Avertissement(manque.message, id="facturation.W001")]
    return []
