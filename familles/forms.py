"""The town's own look."""

import base64
import binascii

from django import forms
from django.core.exceptions import ValidationError

from familles import couleurs, pieces
from familles.erreurs import Invalide
from familles.models import Collectivite

ORIGINE = couleurs.ORIGINE.claire


class CouleurField(forms.CharField):
    widget = forms.TextInput(attrs={"type": "color"})

    def clean(self, valeur):
        try:
            return couleurs.normaliser(super().clean(valeur))
        except ValueError as erreur:
            raise ValidationError(str(erreur)) from None


class IdentiteForm(forms.Form):
    """Colours and logo. `logo_propose`: the image of the preview, which the browser does not send twice."""

    nom = forms.CharField(
        label="Nom",
        max_length=120,
        help_text="En tête de chaque page, des courriels, des lettres et des factures.",
    )
    couleur = CouleurField(label="Couleur principale", help_text="Liens, boutons, onglet choisi.")
    assorti = forms.BooleanField(
        label="Bandeau assorti", required=False, help_text="Une nuance foncée de la couleur principale."
    )
    bandeau = CouleurField(
        label="Couleur du bandeau", help_text="Si le bandeau n’est pas assorti. Son texte est blanc."
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text="PNG ou JPEG, 8 Mo au plus. Réduit à 120 pixels de haut, montré sur fond blanc.",
    )
    sans_logo = forms.BooleanField(label="Retirer le logo", required=False)
    logo_propose = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, ville: Collectivite, **kwargs):
        actuelle = ville.palette.claire
        initial = {
            "nom": ville.nom,
            "couleur": ville.couleur or ORIGINE.ville,
            "assorti": not ville.couleur_bandeau,
            "bandeau": ville.couleur_bandeau or actuelle.bandeau,
        }
        super().__init__(*args, initial=initial, **kwargs)
        if not ville.logo_cle:
            del self.fields["sans_logo"]

    def clean(self):
        saisie = super().clean()
        if self.errors:
            return saisie
        saisie["image"] = self._image(saisie.get("logo"), saisie.get("logo_propose"))
        saisie["teinte"] = "" if saisie["couleur"] == ORIGINE.ville else saisie["couleur"]
        saisie["teinte_bandeau"] = "" if saisie["assorti"] else saisie["bandeau"]
        return saisie

    def _image(self, fichier, propose):
        """The logo, judged again when it comes back from the preview."""
        if fichier is None and not propose:
            return None
        try:
            contenu = fichier.read() if fichier else base64.b64decode(propose, validate=True)
            return pieces.logo(contenu)
        except (Invalide, binascii.Error, ValueError) as erreur:
            self.add_error("logo", getattr(erreur, "message", "Choisissez de nouveau le logo."))
            return None
