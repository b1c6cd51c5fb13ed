"""Background work: PDFs are rendered by the worker, so that nobody waits and no transaction is held."""

from django.utils import timezone
from django_tasks import task

from facturation.models import Facture
from facturation.pdf import pdf_de
from familles.models import Collectivite


@task()
def rendre_pdf(facture_id: int) -> None:
    """Put away the PDF of an invoice; running it again finds it done."""
    facture = Facture.objects.get(pk=facture_id)
    if not facture.pdf_cle:
        with timezone.override(Collectivite.objects.courante().fuseau):
            pdf_de(facture)
