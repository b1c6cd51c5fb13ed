"""Closed lists of the planning: two axes, never mixed (what was asked and granted, what happened)."""

from django.db.models import TextChoices


class EtatReservation(TextChoices):
    """What was asked and granted for one child, one prestation, one day; words of the manual's legend."""

    DEMANDEE = "DEMANDEE", "Réservation en cours de traitement"
    LISTE_ATTENTE = "LISTE_ATTENTE", "Demande en attente"
    RESERVEE = "RESERVEE", "Réservé"
    REFUSEE = "REFUSEE", "Réservation refusée"
    ABSENCE_DEMANDEE = "ABSENCE_DEMANDEE", "Absence en cours de traitement"
    ABSENT_EXCUSE = "ABSENT_EXCUSE", "Absent excusé"
    ABSENT_FACTURE = "ABSENT_FACTURE", "Absent facturé"
    CONGE = "CONGE", "Congé"
    ANNULEE = "ANNULEE", "Annulé"


_E = EtatReservation
# At most one of these per child, prestation and day (the database refuses a second one).
ACTIFS = frozenset(
    {
        _E.DEMANDEE,
        _E.LISTE_ATTENTE,
        _E.RESERVEE,
        _E.ABSENCE_DEMANDEE,
        _E.ABSENT_EXCUSE,
        _E.ABSENT_FACTURE,
        _E.CONGE,
    }
)
# These hold one of the day's places: a child announced absent, once it is agreed, leaves his or hers.
OCCUPANTS = frozenset({_E.RESERVEE, _E.ABSENCE_DEMANDEE})
ATTENDUS = OCCUPANTS
# Their requests wait for an answer of their own.
INDECISES = frozenset({_E.DEMANDEE, _E.ABSENCE_DEMANDEE})
ABSENTS = frozenset({_E.ABSENT_EXCUSE, _E.ABSENT_FACTURE, _E.CONGE})

# The one table of what may become what; `planning.actions.changer_etat` alone reads it.
TRANSITIONS = {
    _E.DEMANDEE: frozenset({_E.RESERVEE, _E.LISTE_ATTENTE, _E.REFUSEE, _E.ANNULEE}),
    _E.LISTE_ATTENTE: frozenset({_E.RESERVEE, _E.REFUSEE, _E.ANNULEE}),
    _E.RESERVEE: frozenset(
        {_E.ABSENCE_DEMANDEE, _E.ABSENT_EXCUSE, _E.ABSENT_FACTURE, _E.CONGE, _E.ANNULEE, _E.LISTE_ATTENTE}
    ),
    _E.ABSENCE_DEMANDEE: frozenset({_E.RESERVEE, _E.ABSENT_EXCUSE, _E.ABSENT_FACTURE, _E.CONGE, _E.ANNULEE}),
    _E.ABSENT_EXCUSE: frozenset({_E.RESERVEE, _E.ABSENT_FACTURE, _E.ANNULEE}),
    # Asked again, with the document that was missing.
    _E.ABSENT_FACTURE: frozenset({_E.RESERVEE, _E.ABSENCE_DEMANDEE, _E.ABSENT_EXCUSE, _E.ANNULEE}),
    _E.CONGE: frozenset({_E.RESERVEE, _E.ANNULEE}),
    _E.REFUSEE: frozenset(),
    _E.ANNULEE: frozenset(),
}


class Origine(TextChoices):
    REGULIERE = "REGULIERE", "Régulière"
    OCCASIONNELLE = "OCCASIONNELLE", "Occasionnelle"


class EtatPointage(TextChoices):
    """What happened; no row means that the register was not taken."""

    PRESENT = "PRESENT", "Présent"
    ABSENT = "ABSENT", "Absent"


class NatureVacances(TextChoices):
    PETITES = "P", "Petites vacances"
    GRANDES = "G", "Grandes vacances"


class Operation(TextChoices):
    """What a deadline limits. Cancelling limits the absences that have no rule of their own."""

    RESERVER = "RESERVER", "Réserver"
    ANNULER = "ANNULER", "Annuler"
    ABSENCE = "ABSENCE", "Déclarer une absence"


class ModeDelai(TextChoices):
    """How a deadline is counted (the union of the house rules seen in towns)."""

    SEMAINE = "SEMAINE", "Un jour fixe d’une semaine précédente"
    JOURS = "JOURS", "Un nombre de jours avant"
    MOIS = "MOIS", "Un jour d’un mois précédent"
    VACANCES = "VACANCES", "Un nombre de jours avant le début des vacances"
    DATES = "DATES", "Des dates données une à une"
    AUCUN = "AUCUN", "Sans limite"


class Comptage(TextChoices):
    """Which days are counted by « n jours avant »."""

    CALENDAIRES = "CALENDAIRES", "Tous les jours"
    OUVRES = "OUVRES", "Jours ouvrés (du lundi au vendredi, hors fériés)"
    OUVERTURE = "OUVERTURE", "Jours d’ouverture de la prestation"


class Retard(TextChoices):
    """What becomes of a booking asked after its deadline."""

    REFUSE = "REFUSE", "Refusée"
    MAJORE = "MAJORE", "Acceptée, au prix d’une réservation tardive"
    AGENT = "AGENT", "Laissée à l’appréciation d’un agent"


class Consequence(TextChoices):
    """What an absence for this reason costs."""

    SELON_DELAI = "SELON_DELAI", "Excusée si elle est déclarée à temps, facturée sinon"
    EXCUSEE = "EXCUSEE", "Toujours excusée"
    FACTUREE = "FACTUREE", "Toujours facturée"
    JUSTIFICATIF = "JUSTIFICATIF", "Excusée avec un justificatif, facturée sinon"


class SourceCalendrier(TextChoices):
    OFFICIELLE = "OFFICIELLE", "Calendrier officiel"
    EXTRAPOLEE = "EXTRAPOLEE", "Provisoire, à vérifier"
    VILLE = "VILLE", "Saisi par la ville"


class Correction(TextChoices):
    """What a closed day really was, in the accountant's words."""

    PRESENT = "PRESENT", "L’enfant était présent"
    ABSENT_EXCUSE = "ABSENT_EXCUSE", "L’enfant était absent, excusé"
    ABSENT_FACTURE = "ABSENT_FACTURE", "L’enfant était absent, facturé"
    ABSENT_NON_SIGNALE = "ABSENT_NON_SIGNALE", "L’enfant était absent sans prévenir"
    RIEN = "RIEN", "Rien n’était réservé et l’enfant n’est pas venu"
