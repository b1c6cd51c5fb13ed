"""The accountant's lists, as spreadsheets read them."""

from collections.abc import Iterable

from facturation.anciennete import INTITULES, Balance
from facturation.caisse import Journal
from facturation.comptabilite import COLONNES, Ecriture
from facturation.models import Facture, Reglement, Relance, Versement
from familles.tableur import Tableau


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
            "Hors caisse",
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
                m.hors_caisse,
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
