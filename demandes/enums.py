"""What a family may ask, and what becomes of it."""

from collections.abc import Collection

from django.db.models import TextChoices


class NatureDemande(TextChoices):
    """The kinds of information of the manual; `demandes.natures` says what each one does."""

    RESPONSABLE = "responsable", "Informations responsable"
    CONJOINT = "conjoint", "Informations conjoint"
    FISCAL = "fiscal", "Informations fiscales"
    CAF = "caf", "Informations CAF"
    BANCAIRE = "bancaire", "Informations bancaires"
    FAMILLE = "famille", "Informations famille"
    IDENTITE = "identite", "Identité"
    PHOTO = "photo", "Photo"
    AUTORISATIONS = "autorisations", "Autorisations"
    SANITAIRE = "sanitaire", "Données sanitaires"
    RESERVATION = "reservation", "Réservations"
    ABSENCE = "absence", "Absences"
    INSCRIPTION = "inscription", "Inscriptions"


class Volet(TextChoices):
    """The two halves of « Liste des demandes »."""

    COMPTE = "compte", "Mon compte"
    ENFANTS = "enfants", "Mes enfants"


N = NatureDemande
DU_COMPTE = (N.RESPONSABLE, N.CONJOINT, N.FISCAL, N.CAF, N.BANCAIRE, N.FAMILLE)
DES_ENFANTS = (
    N.IDENTITE,
    N.PHOTO,
    N.AUTORISATIONS,
    N.SANITAIRE,
    N.RESERVATION,
    N.ABSENCE,
    N.INSCRIPTION,
)
NATURES_PAR_VOLET = {Volet.COMPTE: DU_COMPTE, Volet.ENFANTS: DES_ENFANTS}
# Their input is erased at decision, documents included: only the names of the fields remain (CNIL).
SENSIBLES = frozenset({N.FISCAL, N.CAF, N.BANCAIRE, N.SANITAIRE, N.ABSENCE, N.PHOTO})


class EtatDemande(TextChoices):
    EN_ATTENTE = "EN_ATTENTE", "En attente"
    ACCEPTEE = "ACCEPTEE", "Acceptée"
    PARTIELLE = "PARTIELLE", "Acceptée en partie"
    LISTE_ATTENTE = "LISTE_ATTENTE", "Sur liste d’attente"  # every day of it waits for a place
    REFUSEE = "REFUSEE", "Refusée"
    ANNULEE = "ANNULEE", "Retirée"


TRANSITIONS = {
    EtatDemande.EN_ATTENTE: frozenset(set(EtatDemande) - {EtatDemande.EN_ATTENTE}),
}
ACCORDEES = frozenset({EtatDemande.ACCEPTEE, EtatDemande.PARTIELLE, EtatDemande.LISTE_ATTENTE})
DECIDEES = ACCORDEES | {EtatDemande.REFUSEE}


class ReponseMelee(TextChoices):
    """Of a request whose days had different answers, some of which wait for a place; never stored, for the
    places change it (`Demande.reponse`).
    """

    ACCEPTEE_ET_LISTE = "ACCEPTEE_ET_LISTE", "Acceptée, en partie sur liste d’attente"
    PARTIELLE_ET_LISTE = (
        "PARTIELLE_ET_LISTE",
        "Acceptée en partie, le reste en partie refusé, en partie sur liste d’attente",
    )
    REFUSEE_ET_LISTE = "REFUSEE_ET_LISTE", "Refusée en partie, le reste sur liste d’attente"


class EtatLigne(TextChoices):
    """One day of a request: an answer of its own. The waiting list is an answer too."""

    EN_ATTENTE = "EN_ATTENTE", "En attente"
    ACCEPTEE = "ACCEPTEE", "Acceptée"
    LISTE_ATTENTE = "LISTE_ATTENTE", "Sur liste d’attente"
    REFUSEE = "REFUSEE", "Refusée"
    ANNULEE = "ANNULEE", "Retirée"


LIGNES_ACCORDEES = frozenset({EtatLigne.ACCEPTEE, EtatLigne.LISTE_ATTENTE})


Reponse = EtatDemande | ReponseMelee


def lire_reponse(valeur: str) -> Reponse:
    return ReponseMelee(valeur) if valeur in ReponseMelee.values else EtatDemande(valeur)


def reponse_selon(etat: str, jours: Collection[EtatLigne]) -> Reponse:
    """The answer of a request as its days stand today (`LigneDemande.reponse`); one place says it in words.

    `DemandeQuerySet.avec_reponse` says the same in SQL.
    """
    attend, accorde = EtatLigne.LISTE_ATTENTE in jours, EtatLigne.ACCEPTEE in jours
    if etat not in ACCORDEES or not jours:
        return EtatDemande(etat)
    if etat == EtatDemande.PARTIELLE:
        melee = ReponseMelee.PARTIELLE_ET_LISTE if accorde else ReponseMelee.REFUSEE_ET_LISTE
        return melee if attend else EtatDemande.PARTIELLE
    if not attend:
        return EtatDemande.ACCEPTEE
    return ReponseMelee.ACCEPTEE_ET_LISTE if accorde else EtatDemande.LISTE_ATTENTE
