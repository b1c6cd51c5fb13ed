"""Households of the file beside those of the portal: what is new, what changes, what cannot be told.

An empty cell changes nothing; who already has a name, a situation or a link keeps them: those are decided on
the family's own file, because they say who reads what.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from familles.enums import Rang
from familles.francais import enumerer, jour_chiffres
from familles.importation.champs import CONJOINT, ENFANT, FAMILLE, PAR_CLE, RESPONSABLE
from familles.importation.existant import Existant
from familles.importation.foyers import (
    NUMERO,
    PAS,
    Cle,
    Foyer,
    Lecture,
    enfant_de,
    indices,
    memes,
    personne,
)
from familles.importation.liens import lier
from familles.importation.plan import Plan
from familles.importation.scolarites import SCOLAIRES, scolariser
from familles.importation.valeurs import LONGUEUR_NUMERO
from familles.models import Enfant, Famille, Rattachement, Responsable

RANGS = {RESPONSABLE: Rang.TITULAIRE, CONJOINT: Rang.CONJOINT}


@dataclass(frozen=True)
class Options:
    """`du`: first day of new attachments and schoolings; `situation`: of a new family that says none;
    `parents`: adults whose quality the file does not give have the parental authority.
    """

    du: date
    situation: str
    parents: bool = False


class Rapprochement:
    def __init__(self, lecture: Lecture, foyers: list[Foyer], existant: Existant, options: Options):
        self.lecture, self.foyers, self.existant, self.options = lecture, foyers, existant, options
        self.compte = lecture.compte
        self.plan = Plan()
        self.pris: dict[int, Foyer] = {}  # family of the portal → household of the file
        self.neufs: dict[Cle, Enfant] = {}  # children whom two families of the file share
        # What is settled once every child is known: line, child, what is said of its school.
        self.a_scolariser: list[tuple[int, Enfant, dict[str, Any]]] = []
        self.a_lier: list[tuple[int, Responsable, Enfant]] = []

    def planifier(self, suivre: Callable[[int], None] = lambda fait: None) -> Plan:
        fait = 0
        for foyer in self.foyers:
            if self.compte.refuses.isdisjoint(ligne.numero for ligne in foyer.lignes):
                self._un_foyer(foyer)
            avant, fait = fait, fait + len(foyer.lignes)
            if fait // PAS > avant // PAS:
                suivre(fait)
        scolariser(self.lecture, self.existant, self.plan, self.options.du, self.a_scolariser)
        lier(self.lecture, self.existant, self.plan, self.options.parents, self.a_lier)
        self._refuser_le_reste_des_familles()
        return self.plan

    def _refuser_le_reste_des_familles(self) -> None:
        """A family comes in whole: the lines beside a refused one are not « inchangées »."""
        for foyer in self.foyers:
            numeros = [ligne.numero for ligne in foyer.lignes]
            refusees = [numero for numero in numeros if numero in self.compte.refuses]
            for numero in numeros if refusees else ():
                if numero not in refusees:
                    self.compte.entrainer(numero, f"La ligne {refusees[0]}, de la même famille, est refusée")

    def _un_foyer(self, foyer: Foyer) -> None:
        famille, acceptee = self._famille(foyer)
        if not acceptee:
            return
        if famille is None:
            famille = self._creer_la_famille(foyer)
        elif situation := foyer.valeurs.get(f"{FAMILLE}.situation"):
            self._comparer_la_situation(foyer, famille, situation)
        adultes = self._adultes(foyer, famille)
        for ligne, enfant in foyer.enfants:
            self._enfant(foyer, famille, adultes, ligne, enfant)

    # --- The family --------------------------------------------------------------------------------------

    def _famille(self, foyer: Foyer) -> tuple[Famille | None, bool]:
        """That of the portal (None: a new one), and whether it may be told."""
        if foyer.numero:
            famille = self.existant.familles.get(foyer.numero)
        else:
            famille, refus = self._reconnaitre(foyer)
            if refus:
                self.lecture.refuser(foyer.premiere, NUMERO, refus)
                return None, False
        if famille is None:
            return None, True
        refus = ""
        if famille.archivee_le:
            refus = f"La famille n° {famille.numero} est archivée : rouvrez son dossier d’abord."
        elif self.pris.setdefault(famille.pk, foyer) is not foyer:
            autre = self.pris[famille.pk].premiere
            refus = f"C’est la famille n° {famille.numero}, déjà à la ligne {autre}."
        if refus:
            self.lecture.refuser(foyer.premiere, NUMERO, refus)
        return famille, not refus

    def _reconnaitre(self, foyer: Foyer) -> tuple[Famille | None, str]:
        """Without a number: the same adult, and something else in common; never a name alone."""
        adulte = foyer.de(RESPONSABLE)
        homonymes = self.existant.homonymes.get(personne(adulte), {})
        des_enfants = {
            rattachement.famille_id
            for _, valeurs in foyer.enfants
            for enfant in self.existant.enfants.get(enfant_de(valeurs), ())
            for rattachement in enfant.rattachements.all()
        }
        reconnues = [
            cle for cle, connus in homonymes.items() if connus & indices(adulte) or cle in des_enfants
        ]
        if len(reconnues) == 1:
            return self.existant.par_cle[reconnues[0]], ""
        if not homonymes:
            return None, ""
        numeros = enumerer(sorted(self.existant.par_cle[cle].numero for cle in reconnues or homonymes)[:3])
        if reconnues:
            return None, f"Plusieurs familles répondent à cette ligne (n° {numeros}) : donnez son numéro."
        return None, (
            f"Une famille du même nom existe déjà (n° {numeros}), et rien ne dit si c’est elle : donnez son "
            "numéro, ou un numéro neuf si c’en est une autre."
        )

    def _creer_la_famille(self, foyer: Foyer) -> Famille:
        situation = foyer.valeurs.get(f"{FAMILLE}.situation", self.options.situation)
        # With letters, it is another software's: the town gives its own beside.
        ancien = "" if foyer.numero.isdigit() else foyer.numero
        famille = Famille(numero="" if ancien else foyer.numero, ancien_numero=ancien, situation=situation)
        self.compte.creer(foyer.premiere, "Famille créée")
        return self.plan.creer(famille)

    def _comparer_la_situation(self, foyer: Foyer, famille: Famille, situation: str) -> None:
        if situation != famille.situation:
            cle = f"{FAMILLE}.situation"
            phrase = "Situation laissée telle quelle : elle dit qui lit quoi, et se change sur le dossier."
            self.lecture.avertir(foyer.origines[cle], cle, phrase)

    # --- Its adults --------------------------------------------------------------------------------------

    def _adultes(self, foyer: Foyer, famille: Famille) -> list[Responsable]:
        connus = {personne(vars(adulte)): adulte for adulte in self.existant.adultes.get(famille.pk, ())}
        rangs = {adulte.rang for adulte in connus.values()}
        adultes = []
        for groupe, rang in RANGS.items():
            valeurs = foyer.de(groupe)
            if not valeurs:
                continue
            ligne = foyer.origines[f"{groupe}.nom"]
            if adulte := connus.get(personne(valeurs)):
                self._comparer(
                    adulte, valeurs, ligne, "du responsable" if groupe == RESPONSABLE else "du conjoint"
                )
            elif rang in rangs:
                phrase = f"La famille n° {famille.numero} a déjà un autre adulte à cette place."
                self.lecture.refuser(ligne, f"{groupe}.nom", phrase)
                continue
            else:
                adulte = self.plan.creer(Responsable(famille=famille, rang=rang, **valeurs))
                if famille.pk or groupe == CONJOINT:
                    quoi = "Responsable créé" if groupe == RESPONSABLE else "Conjoint créé"
                    (self.compte.modifier if famille.pk else self.compte.creer)(ligne, quoi)
            adultes.append(adulte)
        return adultes

    def _comparer(self, objet, valeurs: dict[str, Any], ligne: int, de: str) -> None:
        autres = {nom: v for nom, v in valeurs.items() if not memes(nom, getattr(objet, nom), v)}
        if autres:
            self.plan.changer(objet, **autres)
            groupe = ENFANT if isinstance(objet, Enfant) else RESPONSABLE
            libelles = [PAR_CLE[f"{groupe}.{nom}"].libelle for nom in autres]
            self.compte.modifier(ligne, f"{', '.join(libelles)} {de}")

    # --- Its children ------------------------------------------------------------------------------------

    def _enfant(
        self,
        foyer: Foyer,
        famille: Famille,
        adultes: list[Responsable],
        ligne: int,
        valeurs: dict[str, Any],
    ) -> None:
        identite = {nom: v for nom, v in valeurs.items() if nom not in SCOLAIRES}
        ecole = {nom: v for nom, v in valeurs.items() if nom in SCOLAIRES}
        cle = enfant_de(valeurs)
        connus = self.existant.enfants.get(cle, [])
        siens = [(e, r) for e in connus for r in e.rattachements.all() if r.famille_id == famille.pk]
        if siens:
            enfant = self._deja_la(siens, ligne, identite)
        else:
            enfant = self._rattacher(famille, ligne, identite, cle, connus)
            if enfant is not None:
                self.a_lier += [(ligne, adulte, enfant) for adulte in adultes]
                self._signaler_le_jumeau(foyer, famille, ligne, valeurs)
        if enfant is not None and ecole:
            self.a_scolariser.append((ligne, enfant, ecole))

    def _signaler_le_jumeau(self, foyer: Foyer, famille: Famille, ligne: int, valeurs: dict) -> None:
        """A first name that was corrected would make a second child of the same one."""
        du_fichier = {enfant_de(enfant) for _, enfant in foyer.enfants}
        jumeaux = [
            enfant.prenom
            for enfant in self.existant.nes_le(famille, valeurs["date_naissance"])
            if enfant_de(vars(enfant)) not in du_fichier
        ]
        if jumeaux:
            phrase = (
                f"Cette famille a déjà un enfant né ce jour-là : {enumerer(jumeaux)}. Si c’est le même, "
                "abandonnez, et corrigez d’abord son prénom sur sa fiche : sinon, un second enfant est créé."
            )
            self.lecture.avertir(ligne, f"{ENFANT}.prenom", phrase)

    def _deja_la(self, siens: list[tuple[Enfant, Rattachement]], ligne: int, identite: dict) -> Enfant | None:
        enfant = siens[0][0]
        tenus = [r for _, r in siens if r.au is None or r.au >= self.lecture.jour]
        if not tenus:
            fin = max(r.au for _, r in siens)
            phrase = f"N’est plus dans cette famille depuis le {jour_chiffres(fin)} : rien n’est changé."
            self.lecture.avertir(ligne, f"{ENFANT}.prenom", phrase)
            return None
        self._comparer(enfant, identite, ligne, "de l’enfant")
        return enfant

    def _rattacher(
        self, famille: Famille, ligne: int, identite: dict, cle: Cle, connus: list[Enfant]
    ) -> Enfant | None:
        """New in this family: a new child, or one that another family holds too."""
        enfant = self.neufs.get(cle) if self.lecture.partages else None
        if connus:
            enfant = self._partage(ligne, connus)
            if enfant is None:
                return None
        if enfant is None:
            enfant = self.neufs[cle] = self.plan.creer(Enfant(**identite))
            self.compte.creer(ligne, "Enfant créé")
        else:
            self.compte.modifier(ligne, "Enfant d’une autre famille rattaché aussi à celle-ci")
        self.plan.creer(Rattachement(enfant=enfant, famille=famille, du=self.options.du))
        return enfant

    def _partage(self, ligne: int, connus: list[Enfant]) -> Enfant | None:
        if self.lecture.partages and len(connus) == 1:
            return connus[0]
        phrase = "Plusieurs enfants du portail ont ces noms et cette date : rattachez-le sur sa fiche."
        if len(connus) == 1:
            phrase = (
                "Le même enfant est déjà dans une autre famille du portail. Si c’est bien lui, cochez "
                "« Enfants de parents séparés » à l’étape des colonnes."
            )
        self.lecture.refuser(ligne, f"{ENFANT}.prenom", phrase)
        return None


def numeroter(familles: list[Famille], dernier: str, annee: int) -> None:
    """Numbers for those that came without one, after the last that was given this year."""
    suivant = int(dernier) + 1 if dernier else annee * 10 ** (LONGUEUR_NUMERO - 4) + 1
    for famille in familles:
        if not famille.numero:
            famille.numero = str(suivant)
            suivant += 1
