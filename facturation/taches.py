"""Background work: PDFs are rendered by the worker, so that nobody waits and no transaction is held."""

from django.utils import timezone
from django_tasks import task

from facturation.models import Facture
from facturation.pdf import pdf_de
from familles.models import Collectivite


@task()
def rendre_pdf(facture_id: int) -> None:
    """Put away the PDF of an invoice; running it again finds it done."""
    _rendre([facture_id])


@task()
def rendre_pdfs(factures: list[int]) -> None:
    """The same for those that were issued together."""
    _rendre(factures)


def _rendre(factures: list[int]) -> None:
    with timezone.override(Collectivite.objects.courante().fuseau):
        for facture in Facture.objects.filter(pk__in=factures).sans_pdf().select_related("avoir_de"):
            pdf_de(facture)
