"""« Informations bancaires »: the IBAN is never written back on the family's screen."""

from dataclasses import replace

from demandes.enums import NatureDemande
from demandes.models import Demande
from demandes.natures.base import Changement
from demandes.natures.rubrique import (
    DECIDER_COMPTES,
    LA_COMPTABILITE,
    NatureRubrique,
    RubriqueForm,
)
from familles import fiche, validation
from familles.champs import ChampVerifie
from familles.models import CoordonneesBancaires

SECRETS = ("iban", "bic")


class BancaireForm(RubriqueForm):
    iban = ChampVerifie(label="IBAN", required=False, max_length=60, normaliser=validation.normaliser_iban)
    bic = ChampVerifie(label="BIC", required=False, max_length=14, normaliser=validation.normaliser_bic)

    class Meta:
        model = CoordonneesBancaires
        fields = ["titulaire", "nom_banque", "iban", "bic"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        # The row as it stands: a valid form writes into its instance.
        self.connus = {nom: getattr(self.instance, nom) for nom in SECRETS}
        self.fields["titulaire"].required = True
        self.fields["iban"].required = not self.connus["iban"]
        lus = self.connus | {"iban": fiche.iban_masque(self.connus["iban"])}
        for nom in SECRETS:
            # Shown by its last digits alone, and never sent back to the browser.
            self.initial[nom] = ""
            self.fields[nom].widget.attrs["autocomplete"] = "off"
            if lus[nom]:
                self.fields[nom].help_text = f"Aujourd’hui : {lus[nom]}. Laissez vide pour ne pas le changer."

    def clean(self):
        donnees = super().clean()
        for nom in SECRETS:
            if nom not in self.errors:
                donnees[nom] = donnees.get(nom) or self.connus[nom]
        return donnees

    def _connues(self):
        return super()._connues() | self.connus

    def lus_aujourd_hui(self, lus):
        return lus | ({"IBAN": fiche.iban_masque(lus["IBAN"])} if "IBAN" in lus else {})

    def changements(self):
        self.initial |= self.connus
        return super().changements()


class Bancaire(NatureRubrique):
    cle = NatureDemande.BANCAIRE
    pieces = "Votre relevé d’identité bancaire (RIB)."
    formulaire_de = BancaireForm
    permission = "familles.voir_banque"
    droit_de_decider, decideur = DECIDER_COMPTES, LA_COMPTABILITE
    tracee = True

    def resume_famille(self, demande: Demande) -> list[Changement]:
        return _masquer(super().resume_famille(demande))

    def attendus(self, demande: Demande) -> list[Changement]:
        return _masquer(super().attendus(demande))


def _masquer(changements: list[Changement]) -> list[Changement]:
    """The family's screens show the last digits only."""
    return [
        replace(c, **{v: fiche.iban_masque(getattr(c, v)) for v in ("avant", "actuel", "apres")})
        if c.libelle == "IBAN"
        else c
        for c in changements
    ]
