"""« Informations fiscales »: read off the tax notice, encrypted, erased at the decision."""

from django.core.validators import MaxValueValidator, MinValueValidator

from demandes.enums import NatureDemande
from demandes.natures.rubrique import (
    DECIDER_COMPTES,
    LA_COMPTABILITE,
    NatureRubrique,
    RubriqueForm,
)
from familles import validation
from familles.champs import ChampVerifie
from familles.models import InformationsFiscales

PREMIERE_ANNEE = 2000


class FiscalForm(RubriqueForm):
    numero_fiscal = ChampVerifie(
        label="Numéro fiscal",
        required=False,
        normaliser=validation.normaliser_numero_fiscal,
        help_text="Treize chiffres, en haut de votre avis d’impôt.",
    )
    revenu_fiscal_reference = ChampVerifie(
        label="Revenu fiscal de référence",
        required=False,
        normaliser=validation.normaliser_montant,
        help_text="En euros, tel qu’il est imprimé sur votre avis d’impôt.",
    )
    nombre_parts = ChampVerifie(
        label="Nombre de parts", required=False, normaliser=validation.normaliser_parts
    )

    class Meta:
        model = InformationsFiscales
        fields = ["annee_revenus", "numero_fiscal", "revenu_fiscal_reference", "nombre_parts"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        annee = self.fields["annee_revenus"]
        annee.help_text = f"De {PREMIERE_ANNEE} à {self.instant.year}."
        annee.validators += [
            MinValueValidator(PREMIERE_ANNEE, f"L’année va de {PREMIERE_ANNEE} à {self.instant.year}."),
            MaxValueValidator(self.instant.year, f"L’année va de {PREMIERE_ANNEE} à {self.instant.year}."),
        ]


class Fiscal(NatureRubrique):
    cle = NatureDemande.FISCAL
    pieces = "Votre dernier avis d’impôt."
    formulaire_de = FiscalForm
    permission = "familles.voir_banque"
    droit_de_decider, decideur = DECIDER_COMPTES, LA_COMPTABILITE
    tracee = True
