"""Import of families: the file, then what each of its columns is."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from familles.enums import SansQualite, Situation
from familles.erreurs import Invalide
from familles.francais import enumerer
from familles.importation import fichier
from familles.importation.champs import CHAMPS, DE_L_ENFANT, DU_CONJOINT, GROUPES, OBLIGATOIRES, PAR_CLE
from familles.importation.fichier import Feuille, lettre, nom_colonne
from familles.validation import jour_plausible

LAISSER = "Ne pas importer"
# What a sensitive column says instead of a choice.
ECARTEE = "Jamais importée : {raison}"


class DepotForm(forms.Form):
    """`feuille` once valid: the file, read."""

    fichier = forms.FileField(
        label="Fichier CSV",
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text="10 Mo et 30 000 lignes au plus. La première ligne porte les titres des colonnes.",
    )

    def clean_fichier(self):
        envoye = self.cleaned_data["fichier"]
        if envoye.size > fichier.TAILLE_MAXIMALE:
            raise ValidationError(fichier.TROP_GROS)
        try:
            self.feuille = fichier.lire(envoye.read())
        except Invalide as refus:
            raise ValidationError(refus.message) from None
        return envoye


def _choix(ecartee: str) -> list:
    if ecartee:
        return [("", ECARTEE.format(raison=ecartee))]
    groupes = [
        (libelle, [(champ.cle, champ.libelle_entier) for champ in CHAMPS if champ.groupe == groupe])
        for groupe, libelle in GROUPES.items()
    ]
    return [("", LAISSER), *groupes]


class ColonnesForm(forms.Form):
    """One choice per column (`colonne_0`…), and what the file does not say."""

    du = forms.DateField(
        label="Rattachements et scolarités nouveaux à partir du",
        validators=[jour_plausible],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Le plus souvent : le premier jour de l’année scolaire.",
    )
    situation = forms.ChoiceField(
        label="Situation des familles nouvelles qui n’en ont pas",
        choices=Situation.choices,
        initial=Situation.SEPARE,
        help_text=(
            "Mariés, pacsés, en union libre, les deux adultes lisent tout le dossier ; sinon, chacun ne lit "
            "que ses données. Dans le doute : séparés."
        ),
    )
    sans_qualite = forms.ChoiceField(
        label="Les responsables importés sans qualité sont",
        choices=SansQualite.choices,
        initial=SansQualite.PLUS_TARD,
        help_text=(
            "Qui n’a pas de lien avec l’enfant ne lit ni ne donne ses données sanitaires. Parents : chacun "
            "les lit, les donne, vient chercher l’enfant et doit ses factures."
        ),
    )
    partages = forms.BooleanField(
        label="Enfants de parents séparés",
        required=False,
        help_text=(
            "Un enfant de mêmes nom, prénom et date de naissance dans deux familles est un seul enfant, "
            "rattaché aux deux. Sans cette case, la seconde ligne est refusée."
        ),
    )

    def __init__(self, *args, feuille: Feuille, **options):
        super().__init__(*args, **options)
        self.feuille = feuille
        for rang in range(len(feuille.titres)):
            ecartee = feuille.ecartees.get(rang, "")
            self.fields[f"colonne_{rang}"] = forms.ChoiceField(
                label=nom_colonne(feuille.titres, rang),
                required=False,
                disabled=bool(ecartee),
                choices=_choix(ecartee),
            )

    @property
    def colonnes(self) -> list[dict]:
        """For the screen: the choice, the letter of the column, a few of its values."""
        return [
            {
                "champ": self[f"colonne_{rang}"],
                "lettre": lettre(rang),
                "exemples": self.feuille.exemples(rang),
                "ecartee": self.feuille.ecartees.get(rang, ""),
            }
            for rang in range(len(self.feuille.titres))
        ]

    @property
    def choix(self) -> list:
        return [self[nom] for nom in ("du", "situation", "sans_qualite", "partages")]

    @property
    def correspondance(self) -> dict[str, str]:
        choisies = {
            rang: self.cleaned_data.get(f"colonne_{rang}") for rang in range(len(self.feuille.titres))
        }
        return {str(rang): cle for rang, cle in choisies.items() if cle}

    @property
    def options(self) -> dict:
        du: date = self.cleaned_data["du"]
        return {
            "du": du.isoformat(),
            "situation": self.cleaned_data["situation"],
            "sans_qualite": self.cleaned_data["sans_qualite"],
            "partages": self.cleaned_data["partages"],
        }

    def clean(self):
        donnees = super().clean()
        choisies = list(self.correspondance.values())
        for cle in {cle for cle in choisies if choisies.count(cle) > 1}:
            self.add_error(None, f"Deux colonnes donnent « {PAR_CLE[cle].libelle_entier} » : gardez-en une.")
        voulues = [*OBLIGATOIRES]
        for cles in (DU_CONJOINT, DE_L_ENFANT):
            groupe = cles[0].split(".")[0]
            if any(cle.startswith(f"{groupe}.") for cle in choisies):
                voulues += cles
        manquent = [PAR_CLE[cle].libelle_entier for cle in voulues if cle not in choisies]
        if manquent:
            colonnes = enumerer([f"« {nom} »" for nom in manquent])
            self.add_error(None, f"Ligne 1 : aucune colonne ne donne {colonnes}. Choisissez-la ci-dessous.")
        return donnees
