"""Lists as CSV (as a French spreadsheet opens it) and XLSX.

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
