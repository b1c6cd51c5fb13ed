"""« Données sanitaires » of a child: asked and read by those alone whose LienParental says so."""

from datetime import timedelta

from django import forms

from demandes.enums import NatureDemande
from demandes.models import Demande
from demandes.natures.enfant import prevenir_les_autres
from demandes.natures.rubrique import NatureRubrique, RubriqueForm
from familles import fiche
from familles.francais import de
from familles.horloge import aujourdhui
from familles.models import Enfant, FicheSanitaire

LONGUEUR = 500
# A PAI is carried on from one school year to the next, for the schooling at most.
PAI_AU_PLUS = timedelta(days=365 * 18)
FIN_IMPROBABLE = "Un PAI déjà fini ne protège plus : donnez une fin à venir, pendant sa scolarité."
LU_AUSSI = (
    "Un document gardé par la structure, le PAI par exemple, est aussi lu par l’autre responsable qui accède "
    "aux données sanitaires {} : si votre adresse y figure, masquez-la."
)
LIGNES = ("medecin", "lunettes", "regime")
PARAGRAPHES = ("allergies", "pai_consignes", "vaccins")


class SanitaireForm(RubriqueForm):
    class Meta:
        model = FicheSanitaire
        fields = fiche.SANTE
        widgets = {
            **{nom: forms.TextInput(attrs={"maxlength": LONGUEUR}) for nom in LIGNES},
            **{nom: forms.Textarea(attrs={"rows": 3, "maxlength": LONGUEUR}) for nom in PARAGRAPHES},
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for nom in (*LIGNES, *PARAGRAPHES):
            self.fields[nom].max_length = LONGUEUR
            self.fields[nom].validators.append(_assez_court)
        self.fields["pai_fin"].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def clean(self):
        donnees = super().clean()
        if (donnees.get("pai_consignes") or donnees.get("pai_fin")) and not donnees.get("pai"):
            self.add_error("pai", "Répondez oui s’il y a un PAI, ou effacez ses consignes et sa date de fin.")
        fin, jour = donnees.get("pai_fin"), aujourdhui()
        if fin and fin != self.connue.pai_fin and not jour <= fin <= jour + PAI_AU_PLUS:
            self.add_error("pai_fin", FIN_IMPROBABLE)
        return donnees


def _assez_court(texte: str) -> None:
    if len(texte) > LONGUEUR:
        raise forms.ValidationError(f"Tenez en {LONGUEUR} caractères ; joignez un document pour le reste.")


class Sanitaire(NatureRubrique):
    cle = NatureDemande.SANITAIRE
    pieces = "S’il y en a : le PAI signé, l’ordonnance, la page des vaccins."
    garde_pieces = True
    formulaire_de = SanitaireForm
    permission = "familles.voir_sante"
    tracee = True
    reserve = (
        "Le contenu de cette demande n’est montré qu’aux responsables qui voient les données sanitaires "
        "de l’enfant."
    )
    colonnes = ("Enfant", "Informations")

    def ouverte(self, acces, enfant) -> bool:
        return enfant is not None and acces.voit_sante(enfant) and acces.decide_pour(enfant)

    def lisible_par(self, acces, demande: Demande) -> bool:
        return acces.voit_sante(demande.enfant)

    def lecteurs_des_pieces(self, acces, enfant) -> str:
        return LU_AUSSI.format(de(enfant.prenom)) if acces.partage_la_sante(enfant) else ""

    def ligne(self, famille, enfant) -> FicheSanitaire:
        return FicheSanitaire.objects.filter(enfant=enfant).first() or FicheSanitaire(enfant=enfant)

    def enfant_du(self, form):
        return form.instance.enfant

    def objet(self, demande: Demande) -> str:
        return f"{demande.enfant.prenom} : données sanitaires"

    def cellules(self, demande: Demande) -> list[str]:
        return [demande.enfant.prenom, "Données sanitaires"]

    def verrouiller(self, demande: Demande) -> None:
        Enfant.objects.select_for_update().get(pk=demande.enfant_id)

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        super().a_l_acceptation(demande, lignes, par)
        prevenir_les_autres(demande, "données sanitaires", par, sante=True)
