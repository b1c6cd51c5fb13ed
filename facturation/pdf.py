"""The PDF of invoices: rendered once, put away, served ever after."""

import hashlib
from itertools import groupby

from django.template.loader import render_to_string

from facturation.models import Facture
from familles import coffre
from familles.erreurs import Indisponible
from familles.models import Collectivite
from familles.papier import composer


def html_de(facture: Facture) -> str:
    """The printed page, from frozen rows only, under the town's logo (three queries)."""
    lignes = list(facture.lignes.order_by("ordre"))
    enfants = [(nom, list(groupe)) for nom, groupe in groupby(lignes, key=lambda ligne: ligne.enfant_nom)]
    contexte = {
        "facture": facture,
        "collectivite": Collectivite.objects.courante(),
        "enfants": enfants,
        "montant_affiche": abs(facture.total),
        "solde_apres": facture.solde_anterieur + facture.total,
    }
    return render_to_string("facturation/pdf/facture.html", contexte)


def pdf_de(facture: Facture) -> bytes:
    """The PDF that was put away, rendered now when it is the first time; never inside a transaction."""
    if not facture.pdf_cle:
        contenu = composer(html_de(facture))
        cle = coffre.ranger(contenu)
        if Facture.objects.retenir_pdf(facture.pk, cle, hashlib.sha256(contenu).hexdigest()):
            return contenu
        # Another process was faster: its file is the invoice.
        coffre.jeter(cle)
        facture.refresh_from_db(fields=["pdf_cle", "pdf_sha256"])
    return _relire(facture)


def _relire(facture: Facture) -> bytes:
    try:
        contenu = coffre.lire(facture.pdf_cle)
    except FileNotFoundError as erreur:
        raise Indisponible(
            f"Le fichier de la facture {facture.numero_imprime} est introuvable : prévenez la structure."
        ) from erreur
    if hashlib.sha256(contenu).hexdigest() != facture.pdf_sha256:
        raise Indisponible(
            f"Le fichier de la facture {facture.numero_imprime} n’est plus celui qui a été émis : "
            "prévenez la structure."
        )
    return contenu
