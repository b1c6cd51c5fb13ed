"""« Informations CAF »: who pays the allowances, and under which number."""

from django.core.exceptions import ValidationError

from demandes.enums import NatureDemande
from demandes.natures.rubrique import (
    DECIDER_COMPTES,
    LA_COMPTABILITE,
    NatureRubrique,
    RubriqueForm,
)
from familles import validation
from familles.champs import ChampVerifie
from familles.enums import RegimeAllocataire
from familles.models import InformationsCaf


class CafForm(RubriqueForm):
    numero_allocataire = ChampVerifie(
        label="Numéro d’allocataire",
        required=False,
        max_length=40,
        normaliser=str.strip,
        help_text="Sept chiffres à la CAF, avec ou sans leur lettre.",
    )

    class Meta:
        model = InformationsCaf
        fields = ["regime", "organisme", "numero_allocataire", "allocataire"]

    def clean(self):
        donnees = super().clean()
        if numero := donnees.get("numero_allocataire"):
            caf = donnees.get("regime") == RegimeAllocataire.CAF
            try:
                donnees["numero_allocataire"] = validation.normaliser_allocataire(numero, caf=caf)
            except ValidationError as erreur:
                self.add_error("numero_allocataire", erreur)
        return donnees


class Caf(NatureRubrique):
    cle = NatureDemande.CAF
    pieces = "L’attestation de votre caisse, de moins de trois mois."
    formulaire_de = CafForm
    permission = "familles.voir_banque"
    droit_de_decider, decideur = DECIDER_COMPTES, LA_COMPTABILITE
    tracee = True
