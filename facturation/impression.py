"""A pile of stored invoices as one file to print, or one by one in a ZIP."""

import io
import zipfile
from collections.abc import Iterable, Sequence

from facturation.liasse import fusionner
from facturation.models import Facture
from facturation.pdf import pdf_de
from facturation.taches import rendre_pdfs
from familles.erreurs import Indisponible
from familles.francais import pluriel
from familles.lots import par_lots

# Rendering takes a while: beyond a few, the worker does it and the accountant comes back.
RENDUS_SUR_LE_CHAMP = 20


def dans_l_ordre_de_la_poste(factures: Iterable[Facture]) -> list[Facture]:
    """By postcode, town, then name."""
    return sorted(
        factures,
        key=lambda f: (
            f.destinataire_code_postal,
            f.destinataire_ville.upper(),
            f.destinataire,
            f.numero,
        ),
    )


def preparer(factures: Sequence[Facture]) -> None:
    """Every PDF is there, or `Indisponible` says how many are still to be made."""
    manquantes = [f for f in factures if not f.pdf_cle]
    if len(manquantes) <= RENDUS_SUR_LE_CHAMP:
        return
    for lot in par_lots(manquantes, RENDUS_SUR_LE_CHAMP):
        rendre_pdfs.enqueue([f.pk for f in lot])
    nombre = pluriel(len(manquantes), "facture", "factures")
    raise Indisponible(
        f"Les PDF de {nombre} sont en préparation : réessayez dans quelques minutes. Si rien ne change, "
        "vérifiez que le travail de fond (ouvrier) est lancé."
    )


def en_un_seul_pdf(factures: Iterable[Facture], recto_verso: bool = False, titre: str = "Factures") -> bytes:
    ordonnees = dans_l_ordre_de_la_poste(factures)
    preparer(ordonnees)
    return fusionner((pdf_de(f) for f in ordonnees), titre, recto_verso)


def en_zip(factures: Iterable[Facture]) -> bytes:
    """One file per invoice, named by its number; PDFs are compressed already."""
    ordonnees = dans_l_ordre_de_la_poste(factures)
    preparer(ordonnees)
    return archiver(
        (f"{f.get_nature_display().lower()}-{f.numero_imprime}.pdf", pdf_de(f)) for f in ordonnees
    )


def archiver(fichiers: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP of these (name, content)."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as archive:
        for nom, contenu in fichiers:
            archive.writestr(nom, contenu)
    return sortie.getvalue()
