"""What the adults of a file are to its children: who reads and gives their health data, who collects them."""

from familles.enums import Civilite, Qualite, Rang
from familles.importation.champs import CONJOINT, RESPONSABLE
from familles.importation.existant import Existant
from familles.importation.foyers import Lecture
from familles.importation.plan import Plan
from familles.models import Enfant, LienParental, Responsable

# What each of these is allowed is settled by law; of the others, nothing is presumed.
PARENTS = frozenset({Qualite.PERE, Qualite.MERE, Qualite.TUTEUR})
PAR_CIVILITE = {Civilite.MONSIEUR: Qualite.PERE, Civilite.MADAME: Qualite.MERE}
SANS_LIEN = (
    "Sans qualité, aucun lien parental : {} ne pourra ni lire ni donner les données sanitaires de {}. "
    "Choisissez « parents » à l’étape des colonnes, ou précisez le lien sur la fiche de l’enfant."
)


def lier(
    lecture: Lecture,
    existant: Existant,
    plan: Plan,
    parents: bool,
    a_lier: list[tuple[int, Responsable, Enfant]],
) -> None:
    """Nobody is given an authority by default: the file says it, or the person who imports does for all
    those of whom it says nothing (`parents`); who gets no link is named.
    """
    connus = existant.liens(enfant.pk for _, _, enfant in a_lier if enfant.pk)
    for ligne, adulte, enfant in a_lier:
        if (adulte.pk, enfant.pk) in connus:
            continue
        if adulte.qualite or parents:
            plan.creer(_lien(adulte, enfant))
        else:
            groupe = RESPONSABLE if adulte.rang == Rang.TITULAIRE else CONJOINT
            lecture.avertir(ligne, f"{groupe}.qualite", SANS_LIEN.format(adulte.prenom, enfant.prenom))


def _lien(adulte: Responsable, enfant: Enfant) -> LienParental:
    parent = not adulte.qualite or adulte.qualite in PARENTS
    return LienParental(
        responsable=adulte,
        enfant=enfant,
        qualite=adulte.qualite or PAR_CIVILITE.get(adulte.civilite, Qualite.AUTRE),
        autorite_parentale=parent,
        peut_recuperer=parent,
        voit_sante=parent,
        redevable=parent,
    )
