"""The accountant's lists as CSV (as a French spreadsheet opens it) and XLSX.

A cell that a family could have typed is never a formula: it is text in XLSX, and quoted in CSV.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from facturation.anciennete import INTITULES, Balance
from facturation.caisse import Journal
from facturation.comptabilite import COLONNES, Ecriture
from facturation.models import Facture, Reglement, Relance, Versement
from familles.francais import jour_chiffres

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet would compute what begins so.
FORMULES = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Tableau:
    """A name for the file, the heads of the columns, the rows."""

    nom: str
    entetes: Sequence[str]
    lignes: Iterable[Sequence]


def ecrire(tableau: Tableau, format_: str) -> bytes:
    return _csv(tableau) if format_ == CSV else _xlsx(tableau)


def _en_texte(valeur) -> str:
    match valeur:
        case None:
            return ""
        case Decimal():
            return f"{valeur:.2f}".replace(".", ",")
        case date():
            return jour_chiffres(valeur)
        case _:
            texte = str(valeur)
            return f"'{texte}" if texte.startswith(FORMULES) else texte


def _csv(tableau: Tableau) -> bytes:
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(tableau.entetes)
    ecrivain.writerows([_en_texte(valeur) for valeur in ligne] for ligne in tableau.lignes)
    # The mark tells Excel that it is UTF-8.
    return sortie.getvalue().encode("utf-8-sig")


def _xlsx(tableau: Tableau) -> bytes:
    classeur = Workbook(write_only=True)
    feuille = classeur.create_sheet(tableau.nom[:31])
    feuille.freeze_panes = "A2"
    feuille.append([_cellule(feuille, tete, gras=True) for tete in tableau.entetes])
    for ligne in tableau.lignes:
        feuille.append([_cellule(feuille, valeur) for valeur in ligne])
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _cellule(feuille, valeur, gras: bool = False) -> WriteOnlyCell:
    cellule = WriteOnlyCell(feuille, value=valeur)
    match valeur:
        case Decimal():
            cellule.number_format = "#,##0.00"
        case date():
            cellule.number_format = "dd/mm/yyyy"
        case str():
            cellule.data_type = "s"
    if gras:
        cellule.font = Font(bold=True)
    return cellule


# --- The lists -----------------------------------------------------------------------------------------


def des_factures(factures: Iterable[Facture]) -> Tableau:
    """Of invoices read `avec_reste`."""
    return Tableau(
        "factures",
        [
            "N° facture",
            "Nature",
            "Régie",
            "Date",
            "Du",
            "Au",
            "Échéance",
            "N° famille",
            "Destinataire",
            "Adresse",
            "Code postal",
            "Ville",
            "Montant",
            "Reste à payer",
        ],
        (
            [
                f.numero_imprime,
                f.get_nature_display(),
                f.regie_nom,
                f.date,
                f.du,
                f.au,
                f.echeance,
                f.famille_numero,
                f.destinataire,
                f.destinataire_adresse,
                f.destinataire_code_postal,
                f.destinataire_ville,
                f.total,
                None if f.est_avoir else f.reste,
            ]
            for f in factures
        ),
    )


def des_reglements(reglements: Iterable[Reglement]) -> Tableau:
    return Tableau(
        "reglements",
        [
            "N° règlement",
            "Régie",
            "Reçu le",
            "N° famille",
            "Payeur",
            "Moyen de paiement",
            "Référence",
            "Montant",
            "Annule",
            "Motif",
        ],
        (
            [
                r.numero_imprime,
                r.regie.nom,
                r.recu_le,
                r.famille.numero,
                str(r.famille.titulaire or ""),
                r.get_mode_display(),
                r.reference,
                r.montant,
                r.contrepasse.numero_imprime if r.contrepasse else "",
                r.motif,
            ]
            for r in reglements
        ),
    )


def des_versements(versements: Iterable[Versement]) -> Tableau:
    return Tableau(
        "versements",
        ["N° bordereau", "Régie", "Date", "Moyen de paiement", "Nombre", "Montant"],
        (
            [v.numero_imprime, v.regie_nom, v.date, v.get_mode_display(), v.nombre, v.total]
            for v in versements
        ),
    )


def des_relances(relances: Iterable[Relance]) -> Tableau:
    return Tableau(
        "relances",
        ["Date", "Niveau", "Régie", "N° famille", "Destinataire", "Montant réclamé"],
        ([r.date, r.niveau, r.regie.nom, r.famille.numero, r.destinataire, r.total] for r in relances),
    )


def des_impayes(balance: Balance) -> Tableau:
    """One row per family, and the totals."""
    return Tableau(
        "impayes",
        ["N° famille", "Débiteur", "Factures", *INTITULES, "Total"],
        [
            *([d.famille.numero, d.nom, len(d.factures), *d.montants, d.total] for d in balance.debiteurs),
            ["", "Total", balance.nombre, *balance.montants, balance.total],
        ],
    )


def du_journal_de_caisse(journal: Journal) -> Tableau:
    return Tableau(
        f"journal-de-caisse-{journal.du:%Y-%m}",
        [
            "Date",
            "Pièce",
            "Libellé",
            "Moyen de paiement",
            "Référence",
            "Recette",
            "Contre-écriture",
            "Versé",
            "En caisse en fin de journée",
        ],
        (
            [
                m.date,
                m.piece,
                m.libelle,
                m.mode_affiche,
                m.reference,
                m.recette,
                m.contre_ecriture,
                m.verse,
                journee.solde if m is journee.mouvements[-1] else None,
            ]
            for journee in journal.journees
            for m in journee.mouvements
        ),
    )


def du_journal_comptable(ecritures: Iterable[Ecriture], nom: str) -> Tableau:
    return Tableau(
        nom,
        COLONNES,
        (
            [
                e.date,
                e.journal,
                e.piece,
                e.compte,
                e.debiteur,
                e.libelle,
                e.debit or None,
                e.credit or None,
            ]
            for e in ecritures
        ),
    )
