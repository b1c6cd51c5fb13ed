"""« Identité » of a child."""

from django import forms

from demandes.enums import NatureDemande
from demandes.models import Demande
from demandes.natures.enfant import prevenir_les_autres
from demandes.natures.rubrique import NatureRubrique, RubriqueForm
from familles import fiche, validation
from familles.models import Enfant


class IdentiteForm(RubriqueForm):
    class Meta:
        model = Enfant
        fields = ["nom", "prenom", "sexe", "date_naissance"]
        widgets = {"date_naissance": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["date_naissance"].required = True

    def clean_date_naissance(self):
        jour = self.cleaned_data["date_naissance"]
        connue = self.initial.get("date_naissance")
        # The adult of a staff family stays one.
        adulte = connue is not None and not validation.est_mineur(connue, self.instant.date())
        (validation.naissance if adulte else validation.naissance_d_enfant)(jour, self.instant.date())
        return jour


class Identite(NatureRubrique):
    cle = NatureDemande.IDENTITE
    pieces = "La page du livret de famille, ou un acte de naissance."
    formulaire_de = IdentiteForm
    colonnes = ("Enfant", "Nom", "Prénoms", "Sexe", "Date de naissance")

    def ouverte(self, acces, enfant) -> bool:
        return enfant is not None and acces.decide_pour(enfant)

    def ligne(self, famille, enfant) -> Enfant:
        return Enfant.objects.get(pk=enfant.pk)

    def enfant_du(self, form):
        return form.connue

    def objet(self, demande: Demande) -> str:
        return f"{demande.enfant.prenom} : {self.informations(demande).lower()}"

    def cellules(self, demande: Demande) -> list[str]:
        voulu = self._lire(demande.apres)
        noms = IdentiteForm.Meta.fields
        return [demande.enfant.prenom, *(fiche.valeur(voulu, n) if n in demande.champs else "" for n in noms)]

    def verrouiller(self, demande: Demande) -> None:
        Enfant.objects.select_for_update().get(pk=demande.enfant_id)

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        super().a_l_acceptation(demande, lignes, par)
        prevenir_les_autres(demande, "identité", par)
