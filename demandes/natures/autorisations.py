"""« Autorisations »: who may collect a child and who is to warn; added, changed or taken off together."""

import hashlib
import json

from django import forms
from django.http import QueryDict

from demandes.enums import NatureDemande
from demandes.models import Demande
from demandes.natures import reperes
from demandes.natures.base import Changement, Depot, Nature
from demandes.natures.enfant import prevenir_les_autres
from demandes.natures.rubrique import RIEN_CHANGE
from familles.erreurs import Invalide
from familles.horloge import maintenant
from familles.models import Enfant, PersonneAutorisee
from familles.saisies import LIGNES_FAUSSES, LignesSures, SaisieEntiere
from familles.textes import EnUneLigne

CHAMPS = ("nom", "prenom", "lien", "telephone", "peut_recuperer", "a_prevenir")
OBLIGATOIRES = ("nom", "prenom")
NOUVELLES = 2
AU_PLUS = 12
ILLISIBLE = "Cette page n’a pas été reçue entière : rien n’a été demandé. Rouvrez-la, puis recommencez."
TROP = f"{AU_PLUS} personnes au plus pour un enfant."
SANS_ROLE = "Dites si cette personne vient chercher l’enfant, est à prévenir, ou les deux."
DEJA_LA = "Cette personne est déjà sur la liste : changez sa ligne, plutôt que de l’ajouter."
A_JOINDRE = "Donnez le téléphone d’une personne à prévenir."


class PersonneForm(SaisieEntiere, EnUneLigne, forms.ModelForm):
    class Meta:
        model = PersonneAutorisee
        fields = CHAMPS

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pk is None:
            # A block to fill in if one likes: nothing is asked of it, nor said, before something is typed.
            self.initial["peut_recuperer"] = False
            for nom in OBLIGATOIRES:
                self.fields[nom].required = False

    def clean(self):
        donnees = super().clean()
        for nom in OBLIGATOIRES:
            if self.has_changed() and not donnees.get(nom) and nom not in self.errors:
                self.add_error(nom, self.fields[nom].error_messages["required"])
        if donnees.get("a_prevenir") and not donnees.get("telephone") and "telephone" not in self.errors:
            self.add_error("telephone", A_JOINDRE)
        if self.has_changed() and not (donnees.get("peut_recuperer") or donnees.get("a_prevenir")):
            self.add_error(None, SANS_ROLE)
        return donnees


PersonnesFormSet = forms.modelformset_factory(
    PersonneAutorisee,
    form=PersonneForm,
    extra=NOUVELLES,
    max_num=AU_PLUS,
    absolute_max=AU_PLUS,
    validate_max=True,
    can_delete=True,
    can_delete_extra=False,
)


class AutorisationsForm(LignesSures, PersonnesFormSet):
    """All the persons of a child. Their rows are those of the child, whatever the browser names."""

    default_error_messages = {"missing_management_form": ILLISIBLE, "too_many_forms": TROP}

    def __init__(self, donnees=None, *, enfant: Enfant, instant):
        lignes = list(PersonneAutorisee.objects.filter(enfant=enfant))
        self.bougees = _bougees(donnees.get("vues", ""), lignes) if donnees else {}
        if self.bougees:
            donnees = _replacer(donnees, lignes)
        super().__init__(donnees, queryset=PersonneAutorisee.objects.filter(enfant=enfant), prefix="p")
        self.enfant, self.instant = enfant, instant

    @property
    def vues(self) -> str:
        """Marks of the persons of today, which the page carries."""
        return reperes.ecrire({str(p.pk): _repere(p) for p in self.queryset})

    def clean(self):
        super().clean()
        if self.bougees:
            raise forms.ValidationError(reperes.a_relire(self.bougees))
        if self.initial_form_count() != len(self.queryset):
            raise forms.ValidationError(LIGNES_FAUSSES)
        self._refuser_les_doublons()

    def _refuser_les_doublons(self) -> None:
        vues: set[tuple[str, ...]] = set()
        for form in self.forms:
            if self._should_delete_form(form) or not (form.instance.pk or form.has_changed()):
                continue
            lue = tuple(form.cleaned_data.get(nom, "").casefold() for nom in ("nom", "prenom", "telephone"))
            if lue in vues:
                form.add_error("nom", DEJA_LA)
            vues.add(lue)

    def add_error(self, champ, erreur) -> None:
        self._non_form_errors = self.error_class([*self.non_form_errors(), erreur])

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # Django would take the key of any person of the database.
        form.fields["id"].queryset = self.queryset
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Retirer cette personne"

    def changements(self) -> tuple[dict, dict]:
        """Before and after, by key of the person; None after: taken off."""
        avant, apres = {}, {}
        for rang, form in enumerate(self.forms):
            connue = form.instance.pk
            cle = str(connue) if connue else f"nouvelle-{rang}"
            retiree = form in self.deleted_forms
            if not ((retiree and connue) or form.has_changed()):
                continue
            if connue:
                avant[cle] = {nom: form.initial[nom] for nom in CHAMPS}
            apres[cle] = None if retiree else {nom: form.cleaned_data[nom] for nom in CHAMPS}
            if apres[cle] == avant.get(cle):
                del apres[cle], avant[cle]
        return avant, apres


def _valeurs(personne: PersonneAutorisee) -> dict:
    return {nom: getattr(personne, nom) for nom in CHAMPS}


def _repere(personne: PersonneAutorisee) -> str:
    return reperes.repere(f"personne.{personne.pk}", _valeurs(personne))


def _bougees(vues: str, lignes: list[PersonneAutorisee]) -> dict[str, str]:
    """Who was added, changed or taken off since the page was opened: name, then what the file says today."""
    if not (montrees := reperes.lire(vues)):
        return {}
    changees = [p for p in lignes if montrees.get(str(p.pk)) != _repere(p)]
    parties = set(montrees) - {str(p.pk) for p in lignes}
    dites = {f"{p.nom} {p.prenom}": en_clair(_valeurs(p)) for p in changees}
    return dites | ({"une personne de moins": "retirée de la fiche"} if parties else {})


def _replacer(donnees, lignes: list[PersonneAutorisee]) -> QueryDict:
    """What was typed, laid again on the persons of today; who was taken off is asked for anew."""
    rangs = [n for n in range(AU_PLUS) if f"p-{n}-nom" in donnees]
    champs = (*CHAMPS, "DELETE")
    saisies = [{nom: donnees[f"p-{n}-{nom}"] for nom in champs if f"p-{n}-{nom}" in donnees} for n in rangs]
    ecrites = {donnees.get(f"p-{n}-id"): saisie for n, saisie in zip(rangs, saisies, strict=True)}
    connues = [ecrites.get(str(p.pk), _sans_les_cases_vides(p)) for p in lignes]
    siennes = {id(saisie) for saisie in connues}
    nouvelles = [s for s in saisies if id(s) not in siennes and "DELETE" not in s]
    copie = QueryDict(mutable=True)
    copie.update({"p-TOTAL_FORMS": len(connues) + len(nouvelles), "p-INITIAL_FORMS": len(connues)})
    for rang, saisie in enumerate([*connues, *nouvelles]):
        copie.update({f"p-{rang}-{nom}": valeur for nom, valeur in saisie.items()})
        if rang < len(lignes):
            copie[f"p-{rang}-id"] = lignes[rang].pk
    return copie


def _sans_les_cases_vides(personne: PersonneAutorisee) -> dict:
    """As a browser posts it."""
    return {nom: valeur for nom, valeur in _valeurs(personne).items() if valeur is not False}


def en_clair(valeurs: dict | None) -> str:
    """« Dupont Paul, grand-père, 06.12.34.56.78 : vient chercher, à prévenir »; empty: nobody."""
    if not valeurs:
        return ""
    qui = ", ".join(
        filter(None, (f"{valeurs['nom']} {valeurs['prenom']}", valeurs["lien"], valeurs["telephone"]))
    )
    roles = [
        texte
        for nom, texte in (("peut_recuperer", "vient chercher l’enfant"), ("a_prevenir", "à prévenir"))
        if valeurs[nom]
    ]
    return f"{qui} : {', '.join(roles)}" if roles else qui


class Autorisations(Nature):
    cle = NatureDemande.AUTORISATIONS
    a_lire = True
    introduction = "Changez, retirez ou ajoutez des personnes"
    gabarit = "demandes/_personnes.html"
    colonnes = ("Enfant", "Personnes")

    def formulaire(self, acces, donnees=None, *, enfant=None, instant=None, version=None):
        if enfant is None or not acces.decide_pour(enfant):
            return None
        return AutorisationsForm(donnees, enfant=enfant, instant=instant or maintenant())

    def depot(self, form: AutorisationsForm) -> Depot:
        avant, apres = form.changements()
        if not apres:
            raise Invalide(RIEN_CHANGE)
        return Depot(
            instant=form.instant,
            une_a_la_fois=True,
            enfant=form.enfant,
            avant=avant,
            apres=apres,
        )

    def objet(self, demande: Demande) -> str:
        return f"{demande.enfant.prenom} : personnes autorisées et à prévenir"

    def cellules(self, demande: Demande) -> list[str]:
        textes = [
            f"Ajout : {en_clair(voulue)}"
            if cle not in demande.avant
            else f"Retrait : {en_clair(demande.avant[cle])}"
            if voulue is None
            else f"Changement : {en_clair(voulue)}"
            for cle, voulue in demande.apres.items()
        ]
        return [demande.enfant.prenom, " ; ".join(textes)]

    def _aujourd_hui(self, demande: Demande) -> dict[str, dict]:
        lignes = PersonneAutorisee.objects.filter(enfant=demande.enfant_id)
        return {str(ligne.pk): _valeurs(ligne) for ligne in lignes}

    def resume(self, demande: Demande) -> list[Changement]:
        actuelles = self._aujourd_hui(demande) if demande.apres else {}
        titres = {True: "Personne à ajouter", False: "Personne enregistrée"}
        return [
            Changement(
                "Personne à retirer" if voulue is None else titres[cle not in demande.avant],
                en_clair(demande.avant.get(cle)),
                en_clair(actuelles.get(cle)),
                en_clair(voulue),
            )
            for cle, voulue in demande.apres.items()
        ]

    def empreinte(self, demande: Demande) -> str:
        actuelles = self._aujourd_hui(demande)
        valeurs = [actuelles.get(cle) for cle in demande.champs]
        return hashlib.sha256(json.dumps(valeurs).encode()).hexdigest()

    def verrouiller(self, demande: Demande) -> None:
        Enfant.objects.select_for_update().get(pk=demande.enfant_id)

    def verifier(self, demande: Demande) -> None:
        if not set(demande.avant) <= set(self._aujourd_hui(demande)):
            raise Invalide("Une personne de cette demande n’est plus sur la fiche : refusez la demande.")

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        self.verifier(demande)
        connues = {str(p.pk): p for p in PersonneAutorisee.objects.filter(enfant=demande.enfant_id)}
        for cle, voulue in demande.apres.items():
            personne = connues.get(cle) or PersonneAutorisee(enfant=demande.enfant)
            personne._change_reason = str(demande)
            if voulue is None:
                personne.delete()
                continue
            form = PersonneForm(voulue, instance=personne)
            if not form.is_valid():
                raise Invalide("La fiche d’aujourd’hui ne permet pas ce changement : relisez les téléphones.")
            form.save()
        prevenir_les_autres(demande, "personnes autorisées et à prévenir", par)
