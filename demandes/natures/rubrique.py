"""What the sections kept in one row have in common: tax, CAF, bank, family, and what is known of a child."""

import hashlib
import json
from copy import copy
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from demandes.models import Demande
from demandes.natures import reperes
from demandes.natures.base import Changement, Depot, Nature
from familles import fiche
from familles.erreurs import Invalide
from familles.francais import enumerer
from familles.horloge import maintenant
from familles.models import Famille
from familles.saisies import SaisieEntiere
from familles.textes import EnUneLigne

# Bank, CAF and tax data are the accountants' to judge: each of the three natures says so with these.
DECIDER_COMPTES, LA_COMPTABILITE = "demandes.decider_comptes", "la comptabilité"
RIEN_CHANGE = "Vous n’avez rien changé : modifiez au moins une information avant d’envoyer."


class RubriqueForm(SaisieEntiere, EnUneLigne, forms.ModelForm):
    """Every field that may be asked; which ones changed is read against today's row."""

    def __init__(self, *args, instant: datetime, **options):
        super().__init__(*args, **options)
        self.instant = instant
        # As the file has it: a valid form writes what is asked into its instance.
        self.connue = copy(self.instance)
        self.bougees: list[str] = []  # fields that moved since the page was opened

    @property
    def vues(self) -> str:
        """Marks of today's values, which the page carries."""
        return reperes.ecrire({nom: self._repere(nom, valeur) for nom, valeur in self._connues().items()})

    def clean(self):
        donnees = super().clean()
        montrees, actuelles = reperes.lire(self.data.get("vues", "")), self._connues()
        self.bougees = [
            nom
            for nom in self.fields
            if nom in montrees and montrees[nom] != self._repere(nom, actuelles.get(nom))
        ]
        if self.bougees:
            lus = fiche.champs(self.instance, self.bougees)
            self.add_error(None, reperes.a_relire(self.lus_aujourd_hui(dict(lus))))
            self._reprendre(montrees)
        return donnees

    def _reprendre(self, montrees: dict[str, str]) -> None:
        """What was left as the page showed it follows the file; what was typed is kept."""
        self.data = self.data.copy()
        for nom in self.bougees:
            if nom in self.cleaned_data and montrees[nom] == self._repere(nom, self.cleaned_data[nom]):
                self.data[self.add_prefix(nom)] = self.initial.get(nom)

    def lus_aujourd_hui(self, lus: dict[str, str]) -> dict[str, str]:
        """Values as this person may read them."""
        return lus

    def _connues(self) -> dict[str, Any]:
        return {nom: self.initial.get(nom) for nom in self.fields}

    def _repere(self, nom: str, valeur) -> str:
        # Without the row's key: a section that was empty gets one with its first value.
        return reperes.repere(f"{self.instance._meta.label}.{nom}", self._normale(nom, valeur))

    def changements(self) -> dict[str, Any]:
        """New values of the fields that differ from the file; the same written otherwise does not."""
        return {
            nom: self.cleaned_data[nom]
            for nom in self.fields
            if self.cleaned_data[nom] != self._normale(nom, self.initial.get(nom))
        }

    def _normale(self, nom: str, valeur):
        try:
            return self.fields[nom].clean(valeur)
        except ValidationError:
            return valeur  # an old entry that no longer passes: any other value is a change


class NatureRubrique(Nature):
    """A section kept in one row, which may not exist yet."""

    formulaire_de: ClassVar[type[RubriqueForm]]
    colonnes = ("Informations",)

    @property
    def modele(self) -> type[models.Model]:
        return self.formulaire_de._meta.model

    def ouverte(self, acces, enfant) -> bool:
        """Whether this adult may ask for this section."""
        return enfant is None and acces.complet

    def ligne(self, famille, enfant) -> models.Model:
        """Today's row, a new one when nothing was ever written."""
        return self.modele.objects.filter(famille=famille).first() or self.modele(famille=famille)

    def formulaire(self, acces, donnees=None, *, enfant=None, instant=None, version=None):
        if not self.ouverte(acces, enfant):
            return None
        ligne = self.ligne(acces.famille, enfant)
        return self.formulaire_de(donnees, instance=ligne, instant=instant or maintenant())

    def depot(self, form: RubriqueForm) -> Depot:
        apres = form.changements()
        if not apres:
            raise Invalide(RIEN_CHANGE)
        enfant = self.enfant_du(form)
        return Depot(
            instant=form.instant,
            une_a_la_fois=True,
            enfant=enfant,
            avant={nom: form.initial.get(nom) for nom in apres},
            apres=apres,
        )

    def enfant_du(self, form: RubriqueForm):
        """The child whose row the form bears on."""
        return None

    # --- Reading ---------------------------------------------------------------------------------------

    def informations(self, demande: Demande) -> str:
        """The names of the fields, and never a value: what the lists may show."""
        texte = enumerer([str(self.modele._meta.get_field(nom).verbose_name) for nom in demande.champs])
        return texte[:1].upper() + texte[1:]

    def objet(self, demande: Demande) -> str:
        return self.informations(demande)

    def cellules(self, demande: Demande) -> list[str]:
        return [self.informations(demande)]

    def resume(self, demande: Demande) -> list[Changement]:
        if not demande.apres:
            return []
        versions = (self._lire(demande.avant), self._aujourd_hui(demande), self._lire(demande.apres))
        avant, actuel, apres = (fiche.champs(version, demande.champs) for version in versions)
        return [
            Changement(libelle, lu, aujourd_hui, voulu)
            for (libelle, lu), (_, aujourd_hui), (_, voulu) in zip(avant, actuel, apres, strict=True)
        ]

    def attendus(self, demande: Demande) -> list[Changement]:
        """No query: six sections may wait on one page."""
        if not demande.apres:
            return []
        voulus = fiche.champs(self._lire(demande.apres), demande.champs)
        return [Changement(libelle, apres=voulu) for libelle, voulu in voulus]

    def _lire(self, valeurs: dict) -> models.Model:
        """A row as the request keeps it: its JSON holds dates and choices as text."""
        champs = {nom: self.modele._meta.get_field(nom) for nom in valeurs}
        return self.modele(**{nom: champ.to_python(valeurs[nom]) for nom, champ in champs.items()})

    def _aujourd_hui(self, demande: Demande) -> models.Model:
        return self.ligne(demande.famille, demande.enfant)

    def empreinte(self, demande: Demande) -> str:
        if not demande.en_attente:
            return ""
        ligne = self._aujourd_hui(demande)
        valeurs = [getattr(ligne, nom) for nom in demande.champs]
        return hashlib.sha256(json.dumps(valeurs, default=str).encode()).hexdigest()

    def aveugle_interdit(self, compte) -> bool:
        return not self.lisible_par_agent(compte)

    # --- Decision --------------------------------------------------------------------------------------

    def verrouiller(self, demande: Demande) -> None:
        """The family's row stands for a section that does not exist yet."""
        Famille.objects.select_for_update().get(pk=demande.famille_id)

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        ligne = self._aujourd_hui(demande)
        # A copy: a form writes every field into its instance, and only those that were asked may change.
        valeurs = self.valeurs(ligne) | demande.apres
        form = self.formulaire_de(valeurs, instance=copy(ligne), instant=demande.depose_le)
        if not form.is_valid():
            libelles = {nom: f"{champ.label} : " for nom, champ in form.fields.items()}
            phrases = [libelles.get(nom, "") + " ".join(e) for nom, e in form.errors.items()]
            raise Invalide(f"La fiche d’aujourd’hui ne permet pas ce changement. {' '.join(phrases)}")
        for nom in demande.champs:
            setattr(ligne, nom, form.cleaned_data[nom])
        ligne._change_reason = str(demande)  # type: ignore[attr-defined]
        ligne.save()

    def valeurs(self, ligne: models.Model) -> dict[str, Any]:
        return forms.models.model_to_dict(ligne)
