"""What the two adults of a file have in common: the form, before and after, the effect on the file."""

from dataclasses import replace
from typing import ClassVar

from demandes.models import Demande
from demandes.natures.base import Depot
from demandes.natures.rubrique import NatureRubrique, RubriqueForm
from familles import adresse_du_compte, fiche
from familles.enums import Rang
from familles.horloge import maintenant
from familles.models import Responsable

TELEPHONES = ("telephone_domicile", "telephone_professionnel", "mobile")
OBLIGATOIRES = ("nom", "prenom", "adresse", "code_postal", "ville")
SANS_ADRESSE = "Donnez une adresse électronique, ou retirez l’autorisation de vous écrire par courriel."
LU_DU_TITULAIRE = (
    "Le titulaire du dossier, {}, lit ces coordonnées, dès votre demande. S’il ne doit pas les lire, "
    "demandez d’abord à la structure de les masquer."
)
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


class FicheForm(RubriqueForm):
    """Every field that an adult may ask to change; which ones changed is read against today's file."""

    class Meta:
        model = Responsable
        fields = [*fiche.IDENTITE, *fiche.COORDONNEES, "organisme_rattachement"]

    def __init__(self, *args, la_sienne=False, **options):
        super().__init__(*args, **options)
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


class NatureFiche(NatureRubrique):
    """The file of one of the two adults."""

    pieces = "Si vous changez d’adresse : un justificatif de domicile de moins de trois mois."
    rang: ClassVar[Rang]
    formulaire_de = FicheForm
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

    def lecteurs(self, acces) -> str:
        """Of an adult who lives apart from the holder (familles.acces)."""
        if acces.complet or acces.responsable.coordonnees_masquees:
            return ""
        return LU_DU_TITULAIRE.format(acces.famille.titulaire.appel)

    def depot(self, form: FicheForm) -> Depot:
        return replace(super().depot(form), concerne=form.connue)

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

    def _aujourd_hui(self, demande: Demande) -> Responsable:
        return demande.concerne

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        ancienne = demande.concerne.email
        super().a_l_acceptation(demande, lignes, par)
        adresse_du_compte.suivre(demande.concerne, ancienne)
        if demande.deposant_id == demande.concerne_id:
            # The answer goes to the address that the file holds from now on.
            demande.deposant = demande.concerne

    def verrouiller(self, demande: Demande) -> None:
        demande.concerne = Responsable.objects.select_for_update().get(pk=demande.concerne_id)
