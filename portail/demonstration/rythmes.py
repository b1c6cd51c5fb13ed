"""Who comes to what: inscriptions of a school year, with the weekly pattern of each child."""

from familles.enums import ModeGarde
from familles.garde import Garde
from familles.gardes import gardes_de
from familles.models import AnneeScolaire, Enfant, Famille, Inscription, Rattachement
from portail.demonstration.distribution import Distribution
from portail.demonstration.foyers import Foyer
from portail.demonstration.hasard import Hasard
from portail.demonstration.ville import MERCREDI, Ville

# Days of each service, even weeks then odd weeks.
Rythme = dict[str, tuple[str, str]]

# Thursdays stay free at lunch: the first day one books when trying the portal.
RYTHME_LEA: Rythme = {"matin2": ("14", "14"), "soir1": ("14", "14"), "repas": ("125", "125")}
RYTHME_NOUR: Rythme = {"soir1": ("1245", "1245"), "soir2": ("14", "14"), "repas": ("1245", "1245")}


def rythmer(hasard: Hasard) -> Rythme:
    """Habits of one child; one in ten follows the parity of weeks."""
    rythme: Rythme = {}
    jours_ecole = "1245"
    mercredi = MERCREDI if hasard.chance(25) else ""
    if hasard.chance(78):
        rythme["repas"] = _rythme(hasard, jours_ecole, 3, mercredi)
    if hasard.chance(35):
        rythme["matin2"] = _rythme(hasard, jours_ecole, 2, mercredi)
        if hasard.chance(35):
            rythme["matin1"] = rythme["matin2"]
    if hasard.chance(45):
        rythme["soir1"] = _rythme(hasard, jours_ecole, 2)
        if hasard.chance(45):
            rythme["soir2"] = rythme["soir1"]
    if mercredi:
        rythme["mercredi"] = (mercredi, mercredi)
    return rythme


def _rythme(hasard: Hasard, possibles: str, au_moins: int, mercredi: str = "") -> tuple[str, str]:
    def choix() -> str:
        jours = hasard.sample(possibles, k=hasard.randrange(au_moins, len(possibles) + 1))
        return "".join(sorted([*jours, *mercredi]))

    paires = choix()
    return (paires, choix() if hasard.chance(10) else paires)


def rythmes_de(foyers: list[Foyer], d: Distribution, hasard: Hasard) -> list[tuple[Enfant, Famille, Rythme]]:
    """Each child that is at school today, with who pays and its habits."""
    connus = [
        (d.lea, d.dupont.famille, RYTHME_LEA),
        (d.nour, d.benali.famille, RYTHME_NOUR),
        (d.nour, d.lacroix.famille, RYTHME_NOUR),
        *((enfant, d.martin.famille, rythmer(hasard)) for enfant in d.martin.enfants),
    ]
    return connus + [(e, f.famille, rythmer(hasard)) for f in foyers for e in f.enfants]


def inscrire(
    ville: Ville, annee: AnneeScolaire, rythmes: list[tuple[Enfant, Famille, Rythme]]
) -> list[Inscription]:
    """Every child may book the six services; the pattern says which days are booked for the year."""
    return Inscription.objects.bulk_create(
        Inscription(
            enfant=enfant,
            prestation=prestation,
            annee=annee,
            famille=famille,
            du=annee.debut,
            au=annee.fin,
            semaine_paire=rythme.get(cle, ("", ""))[0],
            semaine_impaire=rythme.get(cle, ("", ""))[1],
        )
        for enfant, famille, rythme in rythmes
        for cle, prestation in ville.prestations.items()
    )


def gardes_alternees() -> dict[int, list[Garde]]:
    """Children of two homes: their custody, by child."""
    alternes = Rattachement.objects.exclude(mode_garde=ModeGarde.TOUJOURS).values("enfant")
    return {enfant.pk: gardes_de(enfant) for enfant in Enfant.objects.filter(pk__in=alternes)}
