"""What the two adults of a file have in common: the form, before and after, the effect on the file."""

import hashlib
import json
from copy import copy
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError

from demandes.models import Demande
from demandes.natures.base import Changement, Depot, Nature
from familles import fiche, validation
from familles.enums import Rang
from familles.erreurs import Invalide
from familles.francais import enumerer
from familles.horloge import maintenant
from familles.models import Responsable

TELEPHONES = ("telephone_domicile", "telephone_professionnel", "mobile")
OBLIGATOIRES = ("nom", "prenom", "adresse", "code_postal", "ville")
RIEN_CHANGE = "Vous n’avez rien changé : modifiez au moins une information avant d’envoyer."
SANS_ADRESSE = "Donnez une adresse électronique, ou retirez l’autorisation de vous écrire par courriel."
# What a browser may fill by itself, on one's own file (WCAG 1.3.5).
REMPLISSAGE = {
    "nom": "family-name",
    "prenom": "given-name",
    "adresse": "address-line1",
    "code_postal": "postal-code",
    "ville": "address-level2",
    "telephone_domicile": "home tel",
    "telephone_professionnel": "work tel",
    "mobile": "mobile tel",
    "email": "email",
    "profession": "organization-title",
    "employeur": "organization",
}


class TelephoneField(forms.CharField):
    """Kept in the manual's form, « 01.02.03.04.05 »."""

    def clean(self, value):
        saisie = super().clean(value)
        return validation.normaliser_telephone(saisie) if saisie else ""


class FicheForm(forms.ModelForm):
    """Every field that an adult may ask to change; which ones changed is read against today's file."""

    class Meta:
        model = Responsable
        fields = [*fiche.IDENTITE, *fiche.COORDONNEES, "organisme_rattachement"]
        field_classes = dict.fromkeys(TELEPHONES, TelephoneField)
        widgets = {nom: forms.TextInput(attrs={"type": "tel"}) for nom in TELEPHONES}

    def __init__(self, *args, instant, la_sienne=False, **options):
        super().__init__(*args, **options)
        self.instant = instant
        for nom in OBLIGATOIRES:
            self.fields[nom].required = True
        if self.instance.rang != Rang.TITULAIRE:
            del self.fields["organisme_rattachement"]
        if la_sienne:
            for nom, jeton in REMPLISSAGE.items():
                self.fields[nom].widget.attrs["autocomplete"] = jeton

    def clean(self):
        donnees = super().clean()
        if donnees.get("autorisation_courriel") and not donnees.get("email") and "email" not in self.errors:
            self.add_error("email", SANS_ADRESSE)
        return donnees

    def changements(self) -> dict:
        """New values of the fields that differ from the file; a number written otherwise does not."""
        return {
            nom: valeur
            for nom in self.fields
            if (valeur := self.cleaned_data[nom]) != _normale(nom, self.initial[nom])
        }


def _normale(nom: str, valeur):
    if nom not in TELEPHONES or not valeur:
        return valeur
    try:
        return validation.normaliser_telephone(valeur)
    except ValidationError:
        return valeur  # an old entry that nobody could call: any other value is a change


class NatureFiche(Nature):
    """The file of one of the two adults."""

    pieces = "Si vous changez d’adresse : un justificatif de domicile de moins de trois mois."
    rang: ClassVar[Rang]
    colonnes = (
        "Responsable",
        "Qualité",
        "Adresse",
        "Tél.domicile",
        "Tél.Prof.",
        "Mobile",
        "Email",
        "Profession",
        "Employeur",
        "Adresse employeur",
    )

    def formulaire(self, acces, donnees=None, *, enfant=None, instant=None, version=None):
        if enfant is not None:
            return None
        adulte = Responsable.objects.filter(famille=acces.famille, rang=self.rang).first()
        if adulte is None or not acces.peut_modifier(adulte):
            return None
        return FicheForm(
            donnees,
            instance=adulte,
            instant=instant or maintenant(),
            la_sienne=adulte == acces.responsable,
        )

    def depot(self, form: FicheForm) -> Depot:
        apres = form.changements()
        if not apres:
            raise Invalide(RIEN_CHANGE)
        return Depot(
            instant=form.instant,
            une_a_la_fois=True,
            concerne=form.instance,
            avant={nom: form.initial[nom] for nom in apres},
            apres=apres,
        )

    def objet(self, demande: Demande) -> str:
        champs = [Responsable._meta.get_field(nom).verbose_name for nom in demande.champs]
        texte = enumerer(champs)
        return texte[:1].upper() + texte[1:]

    def cellules(self, demande: Demande) -> list[str]:
        """The manual's columns; the address with its town, which have none."""
        demandee = Responsable(**demande.apres)
        ville = f"{demandee.code_postal} {demandee.ville}".strip()
        return [
            demande.concerne.nom_complet if demande.concerne else "",
            fiche.valeur(demandee, "qualite"),
            ", ".join(filter(None, (demandee.adresse, ville))),
            *(getattr(demandee, nom) for nom in (*TELEPHONES[:2], "mobile", "email", "profession")),
            demandee.employeur,
            demandee.adresse_employeur,
        ]

    def resume(self, demande: Demande) -> list[Changement]:
        if not demande.apres:
            return []
        versions = (Responsable(**demande.avant), demande.concerne, Responsable(**demande.apres))
        avant, actuel, apres = (fiche.champs(version, demande.champs) for version in versions)
        return [
            Changement(libelle, lu, aujourd_hui, voulu)
            for (libelle, lu), (_, aujourd_hui), (_, voulu) in zip(avant, actuel, apres, strict=True)
        ]

    def empreinte(self, demande: Demande) -> str:
        valeurs = [getattr(demande.concerne, nom) for nom in demande.champs]
        return hashlib.sha256(json.dumps(valeurs).encode()).hexdigest()

    def verrouiller(self, demande: Demande) -> None:
        demande.concerne = Responsable.objects.select_for_update().get(pk=demande.concerne_id)

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        adulte = demande.concerne
        # A copy: a form writes every field into its instance, and only those that were asked may change.
        valeurs = forms.models.model_to_dict(adulte) | demande.apres
        form = FicheForm(valeurs, instance=copy(adulte), instant=demande.depose_le)
        if not form.is_valid():
            libelles = {nom: f"{champ.label} : " for nom, champ in form.fields.items()}
            phrases = [libelles.get(nom, "") + " ".join(e) for nom, e in form.errors.items()]
            raise Invalide(f"La fiche d’aujourd’hui ne permet pas ce changement. {' '.join(phrases)}")
        for nom in demande.champs:
            setattr(adulte, nom, form.cleaned_data[nom])
        adulte._change_reason = str(demande)
        adulte.save()
