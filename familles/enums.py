"""Closed lists of the family file, in the town's words."""

from django.db.models import IntegerChoices, TextChoices


class Civilite(TextChoices):
    MONSIEUR = "M", "Monsieur"
    MADAME = "MME", "Madame"


class Situation(TextChoices):
    MARIE = "MARIE", "Marié"
    PACSE = "PACSE", "Pacsé"
    UNION_LIBRE = "UNION_LIBRE", "Union libre"
    SEPARE = "SEPARE", "Séparé"
    DIVORCE = "DIVORCE", "Divorcé"
    CELIBATAIRE = "CELIBATAIRE", "Célibataire"
    VEUF = "VEUF", "Veuf"


# A couple that lives together sees the whole file; otherwise familles.acces splits it.
VIE_COMMUNE = frozenset({Situation.MARIE, Situation.PACSE, Situation.UNION_LIBRE})


class NatureFamille(TextChoices):
    FOYER = "FOYER", "Foyer"
    ORGANISME = "ORGANISME", "Organisme"
    PERSONNEL = "PERSONNEL", "Personnel"


class Rang(IntegerChoices):
    TITULAIRE = 1, "Responsable"
    CONJOINT = 2, "Conjoint"


class Qualite(TextChoices):
    PERE = "PERE", "Père"
    MERE = "MERE", "Mère"
    BEAU_PARENT = "BEAU_PARENT", "Beau-parent"
    TUTEUR = "TUTEUR", "Tuteur"
    GRAND_PARENT = "GRAND_PARENT", "Grand-parent"
    FAMILLE_ACCUEIL = "FAMILLE_ACCUEIL", "Famille d’accueil"
    AUTRE = "AUTRE", "Autre"


class SansQualite(TextChoices):
    """What an import makes of the adults whose quality its file does not give."""

    PLUS_TARD = "PLUS_TARD", "à préciser plus tard, sur la fiche de chaque enfant"
    PARENTS = "PARENTS", "parents, avec l’autorité parentale"


class Sexe(TextChoices):
    M = "M", "Masculin"
    F = "F", "Féminin"


class Zone(TextChoices):
    """School holiday zones of metropolitan France."""

    A = "A", "Zone A"
    B = "B", "Zone B"
    C = "C", "Zone C"


class RegimeAllocataire(TextChoices):
    CAF = "CAF", "CAF"
    MSA = "MSA", "MSA"
    AUTRE = "AUTRE", "Autre"


class ModeGarde(TextChoices):
    """Whose days a child's are, in one family (see familles.garde)."""

    TOUJOURS = "TOUJOURS", "Toujours"
    SEMAINES_PAIRES = "PAIRES", "Semaines paires"
    SEMAINES_IMPAIRES = "IMPAIRES", "Semaines impaires"


class MoitieVacances(TextChoices):
    ALTERNANCE = "ALTERNANCE", "Suit l’alternance des semaines"
    PREMIERE_ANNEES_PAIRES = "PREMIERE_PAIRES", "1re moitié les années paires, 2e les impaires"
    PREMIERE_ANNEES_IMPAIRES = "PREMIERE_IMPAIRES", "1re moitié les années impaires, 2e les paires"


class NatureFiscale(TextChoices):
    """What a line is for the yearly tax certificate (CGI art. 200 quater B: care only, never meals)."""

    GARDE = "GARDE", "Garde"
    REPAS = "REPAS", "Repas"
    PENALITE = "PENALITE", "Pénalité"
    AUTRE = "AUTRE", "Autre"


class TermeFacturation(TextChoices):
    ECHU = "ECHU", "À terme échu"
    A_ECHOIR = "A_ECHOIR", "À terme à échoir"


class UniteFacturation(TextChoices):
    UNITE = "UNITE", "À l’unité"
    FORFAIT = "FORFAIT", "Au forfait mensuel"


class Acceptation(TextChoices):
    AGENT = "AGENT", "Par un agent"
    AUTOMATIQUE = "AUTOMATIQUE", "Automatique"
    AUTOMATIQUE_PLACES = "AUTOMATIQUE_PLACES", "Automatique tant qu’il reste des places"


class ModeReglement(TextChoices):
    CHEQUE = "CHEQUE", "Chèque"
    ESPECES = "ESPECES", "Espèces"
    CARTE = "CARTE", "Carte bancaire"
    VIREMENT = "VIREMENT", "Virement"
    CESU = "CESU", "CESU"
    CHEQUE_VACANCES = "CHEQUE_VACANCES", "Chèque-vacances"
    PRELEVEMENT = "PRELEVEMENT", "Prélèvement"


class RythmeRecapitulatif(TextChoices):
    """How often a member of the staff is told by e-mail what waits."""

    JAMAIS = "JAMAIS", "Jamais"
    JOUR = "JOUR", "Chaque jour"
    SEMAINE = "SEMAINE", "Chaque lundi"


class VerbeTrace(TextChoices):
    """What was done; a trace never holds a value, only who, what object and when."""

    CONSULTER = "CONSULTER", "Consulter"
    DEPOSER = "DEPOSER", "Déposer"
    ACCEPTER = "ACCEPTER", "Accepter"
    REFUSER = "REFUSER", "Refuser"
    RETIRER = "RETIRER", "Retirer"
    MODIFIER = "MODIFIER", "Modifier"
    POINTER = "POINTER", "Pointer"
    CLOTURER = "CLOTURER", "Clôturer"
    EMETTRE = "EMETTRE", "Émettre"
    RELANCER = "RELANCER", "Relancer"
    ENCAISSER = "ENCAISSER", "Encaisser"
    CONTREPASSER = "CONTREPASSER", "Contrepasser"
    CORRIGER = "CORRIGER", "Corriger"
    IMPORTER = "IMPORTER", "Importer"


class EtatImport(TextChoices):
    """Of a file of families that comes in from another software."""

    A_ASSOCIER = "A_ASSOCIER", "Colonnes à associer"
    EXAMEN = "EXAMEN", "Examen en cours"
    EXAMINE = "EXAMINE", "Examiné"
    ECRITURE = "ECRITURE", "Import en cours"
    TERMINE = "TERMINE", "Importé"
    ABANDONNE = "ABANDONNE", "Abandonné"
