"""« Informations famille »: the situation, which also decides who of the two adults sees what."""

from demandes.enums import NatureDemande
from demandes.models import Demande
from demandes.natures.rubrique import NatureRubrique, RubriqueForm
from familles import fiche
from familles.models import Famille


class FamilleForm(RubriqueForm):
    class Meta:
        model = Famille
        fields = ["situation"]


class DeLaFamille(NatureRubrique):
    cle = NatureDemande.FAMILLE
    pieces = "S’il y en a un : le jugement, l’acte ou la convention."
    formulaire_de = FamilleForm
    colonnes = ("Situation",)

    def ligne(self, famille, enfant):
        # The access holds a row read at the beginning of the page.
        return Famille.objects.get(pk=famille.pk)

    def cellules(self, demande: Demande) -> list[str]:
        return [fiche.valeur(Famille(**demande.apres), "situation") if demande.apres else ""]
