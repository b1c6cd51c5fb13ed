"""Login, forgotten password, choice of the family, documents."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError

from familles.models import Famille, Responsable, Utilisateur
from messagerie.publics import PUBLICS
from portail.authentification import comptes_nommes
from portail.models import Activation, Document

TAILLE_MAXIMALE = 10 * 1024 * 1024


class ConnexionForm(AuthenticationForm):
    """« Identifiez-vous pour vous connecter à votre application enfance ! »."""

    error_messages = {
        "invalid_login": (
            "Identifiant ou mot de passe incorrect. Vérifiez les majuscules : après cinq essais, "
            "la connexion est suspendue un quart d’heure. Si vous êtes deux à partager une adresse e-mail, "
            "tapez votre identifiant."
        ),
        "inactive": "Ce compte est fermé : écrivez à la structure d’accueil.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Identifiant"
        self.fields["username"].help_text = "Ou votre adresse e-mail."
        self.fields["password"].label = "Mot de passe"


class MotDePasseOublieForm(forms.Form):
    identifiant = forms.CharField(
        label="Identifiant ou adresse e-mail",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def comptes(self):
        """Open accounts that the entry names, which have a password and somewhere to write to."""
        trouves = comptes_nommes(self.cleaned_data["identifiant"])
        return [compte for compte in trouves if compte.has_usable_password()]


class CodeForm(forms.Form):
    """First login from the letter: identifier and code."""

    identifiant = forms.CharField(
        label="Identifiant",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label="Code de la lettre",
        max_length=40,
        help_text="Douze lettres et chiffres ; les tirets sont facultatifs.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class _Francais:
    """Django's fields, in our words."""

    libelles = {
        "old_password": "Mot de passe actuel",  # nosec B105 (a label)
        "new_password1": "Nouveau mot de passe",
        "new_password2": "Nouveau mot de passe, encore une fois",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.label = self.libelles.get(nom, champ.label)
        self.fields["new_password1"].help_text = (
            "Douze caractères au moins, qui ne soient ni votre nom, ni des chiffres seuls, "
            "ni un mot de passe courant. Une phrase se retient bien."
        )
        self.fields["new_password2"].help_text = ""


class MotDePasseForm(_Francais, PasswordChangeForm):
    def clean(self):
        saisie = super().clean()
        ancien = saisie.get("old_password")
        if ancien and ancien == saisie.get("new_password1"):
            self.add_error("new_password1", "C’est déjà votre mot de passe : choisissez-en un autre.")
        return saisie


class NouveauMotDePasseForm(_Francais, SetPasswordForm):
    pass


class ChoixFamilleForm(forms.Form):
    """Among the families that the login opens, and no other."""

    famille = forms.ModelChoiceField(queryset=Responsable.objects.none(), to_field_name="famille_id")

    def __init__(self, *args, utilisateur, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["famille"].queryset = Responsable.objects.de(utilisateur)


class DocumentForm(forms.ModelForm):
    fichier = forms.FileField(
        label="fichier PDF",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        help_text="10 Mo au plus. Laissez vide pour garder le fichier déjà publié.",
    )

    class Meta:
        model = Document
        fields = [
            "titre",
            "description",
            "rubrique",
            "ecole",
            "classe",
            "prestation",
            "publie_du",
            "publie_au",
        ]

    def clean_fichier(self):
        """Bytes of the file, or None; judged by its first bytes, not by the name the browser gives."""
        fichier = self.cleaned_data["fichier"]
        if not fichier:
            if not self.instance.fichier_cle:
                raise ValidationError("Choisissez le fichier PDF à publier.")
            return None
        if fichier.size > TAILLE_MAXIMALE:
            raise ValidationError("Ce fichier dépasse 10 Mo : réduisez-le avant de le publier.")
        contenu = fichier.read()
        if not contenu.startswith(b"%PDF-"):
            raise ValidationError("Ce fichier n’est pas un PDF.")
        return contenu


class LettresForm(forms.Form):
    """Whose letters of first login to print: those of a group, or of one family."""

    groupe = forms.ChoiceField(label="Un groupe", required=False)
    famille = forms.ModelChoiceField(
        Famille.objects.none(), label="Ou une famille", required=False, help_text="Numéro ou nom."
    )

    remplacer = forms.BooleanField(
        label="Remplacer aussi les lettres déjà imprimées",
        required=False,
        help_text=(
            "Sans cette case, seuls ceux qui n’ont pas de lettre encore valable en reçoivent une. Avec elle, "
            "la lettre déjà postée ne sert plus : l’adulte doit attendre la nouvelle."
        ),
    )
    perdu = forms.BooleanField(
        label="Mot de passe perdu : écrire aussi à ceux qui en avaient choisi un",
        required=False,
        help_text=(
            "Pour une famille, quand l’adulte n’a pas d’adresse e-mail où recevoir un lien. Vérifiez qui "
            "demande : la lettre ouvre son dossier."
        ),
    )

    def __init__(self, *args, widget_famille, **kwargs):
        super().__init__(*args, **kwargs)
        self.deja_servis = 0
        self.fields["groupe"].choices = [
            ("", "Choisissez…"),
            *(
                (public.libelle, [(f"{cle}|{valeur}", libelle) for valeur, libelle in public.choix()])
                for cle, public in PUBLICS.items()
            ),
        ]
        self.fields["famille"].queryset = Famille.objects.actives().avec_responsables()
        self.fields["famille"].widget = widget_famille
        self.fields["famille"].widget.choices = self.fields["famille"].choices

    def clean(self):
        saisie = super().clean()
        if not self.errors and bool(saisie["groupe"]) == bool(saisie["famille"]):
            raise ValidationError("Choisissez un groupe, ou une famille.")
        if saisie["perdu"] and not saisie.get("famille"):
            self.add_error("perdu", "Un mot de passe perdu se remplace pour une famille, pas pour un groupe.")
        return saisie

    def responsables(self) -> list[Responsable]:
        """The adults who never chose a password, or have lost it, in the order of the post."""
        if self.cleaned_data["famille"]:
            familles = Famille.objects.filter(pk=self.cleaned_data["famille"].pk)
        else:
            cle, _, valeur = self.cleaned_data["groupe"].partition("|")
            familles = PUBLICS[cle].familles(valeur)
        adultes = Responsable.objects.filter(famille__in=familles).select_related("utilisateur", "famille")
        perdu = self.cleaned_data["perdu"]
        sans_acces = [
            a
            for a in adultes
            if a.utilisateur is None
            or (not a.utilisateur.is_staff and (perdu or not a.utilisateur.has_usable_password()))
        ]
        servis = Activation.objects.servis()
        self.deja_servis = sum(a.utilisateur_id in servis for a in sans_acces)
        if not self.cleaned_data["remplacer"]:
            sans_acces = [a for a in sans_acces if a.utilisateur_id not in servis]
        return sorted(sans_acces, key=lambda a: (a.code_postal, a.nom, a.prenom, a.pk))


class RecapitulatifForm(forms.ModelForm):
    class Meta:
        model = Utilisateur
        fields = ["recapitulatif"]
        labels = {"recapitulatif": "M’écrire"}
        help_texts = {"recapitulatif": ""}
