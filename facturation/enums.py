"""Closed lists of billing."""

from django.db.models import TextChoices

from familles.enums import ModeReglement


class Serie(TextChoices):
    """Numbers of a régie: invoices and credit notes share one series, payments and deposits have theirs."""

    FACTURE = "FACTURE", "Factures et avoirs"
    REGLEMENT = "REGLEMENT", "Règlements"
    VERSEMENT = "VERSEMENT", "Versements"


class NatureFacture(TextChoices):
    FACTURE = "FACTURE", "Facture"
    AVOIR = "AVOIR", "Avoir"


class ModeTarif(TextChoices):
    FIXE = "FIXE", "Prix unique"
    TRANCHES = "TRANCHES", "Par tranches de quotient familial"
    TAUX = "TAUX", "Taux appliqué au quotient familial"


class ModeMajoration(TextChoices):
    EUROS = "EUROS", "En euros"
    POURCENT = "POURCENT", "En pourcentage du prix"
    PRIX = "PRIX", "Prix spécial, à la place du prix"


class EffetQuotient(TextChoices):
    """From when a quotient that changes counts; a first quotient counts from its own date."""

    SA_DATE = "SA_DATE", "À sa date"
    MOIS_SUIVANT = "MOIS_SUIVANT", "Le mois qui suit sa réception, jamais en arrière"


class Assiette(TextChoices):
    """Whom a yearly fee is asked of."""

    FAMILLE = "FAMILLE", "Une fois par famille"
    ENFANT = "ENFANT", "Une fois par enfant"


class Cas(TextChoices):
    """What the unit to price is, whatever the planning calls it."""

    NORMAL = "NORMAL", "Journée réservée"
    ABSENCE = "ABSENCE", "Absence facturée"
    HORS_CONTRAT = "HORS_CONTRAT", "Présence sans réservation"
    FRAIS = "FRAIS", "Frais annuels"


class NatureAnomalie(TextChoices):
    SANS_TARIF = "SANS_TARIF", "Aucun prix"
    NON_POINTE = "NON_POINTE", "Journée sans pointage"
    QF_INCONNU = "QF_INCONNU", "Quotient familial inconnu"
    QF_EXPIRE = "QF_EXPIRE", "Quotient familial expiré"
    RESIDENCE_INCONNUE = "RESIDENCE_INCONNUE", "Commune de résidence inconnue"
    HORS_CONTRAT = "HORS_CONTRAT", "Présence sans réservation"
    SANS_ADRESSE = "SANS_ADRESSE", "Adresse incomplète"
    INHABITUEL = "INHABITUEL", "Trois fois l’habitude"


# The family cannot be billed while one of these stands.
BLOQUANTES = frozenset({NatureAnomalie.SANS_TARIF})


class EtatCampagne(TextChoices):
    """A month's billing, from the button to its last family."""

    EN_COURS = "EN_COURS", "En cours"
    TERMINEE = "TERMINEE", "Terminée"


# What lies in the régie's till until it is deposited; the rest goes straight to its account.
MODES_EN_CAISSE = (
    ModeReglement.CHEQUE,
    ModeReglement.ESPECES,
    ModeReglement.CESU,
    ModeReglement.CHEQUE_VACANCES,
)


class NatureCloture(TextChoices):
    JOUR = "JOUR", "Arrêté de journée"
    MOIS = "MOIS", "Arrêté mensuel"


class CauseContrepassation(TextChoices):
    """Why a payment is taken back; the family is told when its cheque came back."""

    IMPAYE = "IMPAYE", "Chèque impayé"
    ERREUR = "ERREUR", "Erreur de saisie"
    AUTRE = "AUTRE", "Autre motif"


class EmploiCompte(TextChoices):
    DEBITEURS = "DEBITEURS", "Débiteurs (factures)"
    PRODUIT = "PRODUIT", "Produit des prestations"
    ENCAISSEMENT = "ENCAISSEMENT", "Encaissement des règlements"
