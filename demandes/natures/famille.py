"""« Informations famille »: the situation, which also decides who of the two adults sees what."""

from django.urls import reverse

from demandes.enums import NatureDemande
from demandes.models import Demande
from demandes.natures.rubrique import NatureRubrique, RubriqueForm
from familles import fiche
from familles.enums import VIE_COMMUNE
from familles.models import Collectivite, Famille
from messagerie.actions import informer

COMMUNE = (
    "Accepter ouvre tout le dossier à l’autre responsable : adresse, téléphones, banque, impôts, factures, "
    "messages passés compris. Vérifiez que les deux adultes vivent bien ensemble."
)


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

    def avertissement(self, demande: Demande) -> str:
        voulue = demande.apres.get("situation") if demande.en_attente else None
        return COMMUNE if voulue in VIE_COMMUNE and not demande.famille.vie_commune else ""

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        avant = demande.famille.vie_commune
        super().a_l_acceptation(demande, lignes, par)
        if avant != Famille.objects.get(pk=demande.famille_id).vie_commune:
            _prevenir(demande, par)


def _prevenir(demande: Demande, par) -> None:
    """Living together or apart decides who reads what: the other adult is told, whoever asked."""
    autres = demande.famille.responsables.exclude(pk=demande.deposant_id)
    for adulte in autres:
        informer(
            famille=demande.famille,
            responsable=adulte,
            sujet="La situation de votre famille a changé",
            corps=(
                "La situation de votre famille a été modifiée à la demande d’un autre responsable. Elle "
                "décide de ce que chacun lit du dossier : relisez-la sur « Mon compte ». En cas de "
                "désaccord, écrivez à "
                f"{Collectivite.objects.courante().service}."
            ),
            lien=reverse("familles:compte"),
            annonce="Votre dossier de famille a changé",
            avis=True,
            par=par,
        )
