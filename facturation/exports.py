"""The accountant's lists, as spreadsheets read them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Field, Model, QuerySet
from django.utils.text import capfirst

from facturation.anciennete import INTITULES, Balance
from facturation.caisse import Journal
from facturation.comptabilite import COLONNES, Ecriture
from facturation.models import Facture, Reglement, Relance, Versement
from familles.francais import euros
from familles.horloge import fuseau
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
                " et ".join(map(str, r.payeurs)) or str(r.famille.titulaire or ""),
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


def des_champs(
    nom: str, *champs: str, **colonnes: Callable[[Model], object]
) -> Callable[[QuerySet], Tableau]:
    """What makes a list of settings, or of what was done, a spreadsheet: a column per field, then these."""

    def tableau(lignes: QuerySet) -> Tableau:
        lus = [lignes.model._meta.get_field(champ) for champ in champs]
        return Tableau(
            nom,
            [*(capfirst(str(champ.verbose_name)) for champ in lus), *map(capfirst, colonnes)],
            (
                [*(_valeur(ligne, champ) for champ in lus), *(lire(ligne) for lire in colonnes.values())]
                for ligne in lignes
            ),
        )

    return tableau


def _valeur(ligne: Model, champ: Field) -> object:
    """As a person reads it; amounts and days stay what a spreadsheet computes with."""
    if champ.choices:
        return getattr(ligne, f"get_{champ.name}_display")()
    valeur = getattr(ligne, champ.name)
    match valeur:
        case bool():
            return "Oui" if valeur else "Non"
        case datetime():
            return valeur.astimezone(fuseau()).date()
        case Decimal() if champ.decimal_places > 2:
            # A rate is no amount: its decimals count.
            return f"{valeur.normalize():f}".replace(".", ",")
        case Model():
            return str(valeur)
        case _:
            return valeur


des_tarifs = des_champs(
    "tarifs",
    *("prestation", "du", "niveaux", "mode", "montant", "taux", "plancher", "plafond"),
    *("prix_hors_commune", "prix_pai", "prix_occasionnel", "forfait_mensuel", "prix_hors_contrat"),
    *("majoration", "majoration_en", "prix_absence", "jours_carence", "facturer_non_pointe", "cout_reel"),
    tranches=lambda tarif: " ; ".join(
        f"{tranche} : {euros(tranche.prix)}" for tranche in tarif.tranches.all()
    ),
)
des_frais = des_champs(
    "frais-annuels", "regie", "libelle", "montant", "assiette", "du", "au", "inscrits_apres", "nature_fiscale"
)
des_comptes = des_champs("comptes-comptables", "emploi", "prestation", "mode", "compte", "journal")
des_campagnes = des_champs(
    "facturations", "regie", "du", "au", "etat", "rang", "emises", "montant", "lancee_le", "terminee_le"
)
des_clotures = des_champs(
    "arretes-de-caisse", "regie", "nature", "du", "au", "nombre", "entrees", "sorties", "solde", "cloturee_le"
)
