"""What a family may ask, and what becomes of it."""

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


class EtatLigne(TextChoices):
    """One day of a request: an answer of its own. The waiting list is an answer too."""

    EN_ATTENTE = "EN_ATTENTE", "En attente"
    ACCEPTEE = "ACCEPTEE", "Acceptée"
    LISTE_ATTENTE = "LISTE_ATTENTE", "Sur liste d’attente"
    REFUSEE = "REFUSEE", "Refusée"
    ANNULEE = "ANNULEE", "Retirée"


LIGNES_ACCORDEES = frozenset({EtatLigne.ACCEPTEE, EtatLigne.LISTE_ATTENTE})
