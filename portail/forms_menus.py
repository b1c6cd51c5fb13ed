"""The menu of a week, as the staff types it: a text per day, a dish per line."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError

from familles.horloge import aujourdhui
from portail import menus
from portail.models import Menu
from portail.models.menus import JOURS, lundi_de


def champ_du_jour(jour: str) -> forms.CharField:
    return forms.CharField(
        label=jour.capitalize(),
        required=False,
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 60}),
    )


class MenuForm(forms.ModelForm):
    lundi = champ_du_jour("lundi")
    mardi = champ_du_jour("mardi")
    mercredi = champ_du_jour("mercredi")
    jeudi = champ_du_jour("jeudi")
    vendredi = champ_du_jour("vendredi")

    class Meta:
        model = Menu
        fields = ["semaine", "ecole", "prestation", "remarque", "publie"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= self._textes(self.instance)

    @staticmethod
    def _textes(menu: Menu) -> dict[str, str]:
        jours = ((nom, menu.semaine + timedelta(days=rang)) for rang, nom in enumerate(JOURS))
        return {nom: menus.ecrire(menu.plats(jour)) for nom, jour in jours}

    @classmethod
    def copie(cls, modele: Menu) -> dict:
        """What a new week begins with: the same dishes and audience, the first free week after it."""
        prises = set(
            Menu.objects.filter(ecole=modele.ecole, prestation=modele.prestation).values_list(
                "semaine", flat=True
            )
        )
        semaine = max(modele.semaine + timedelta(days=7), lundi_de(aujourdhui()))
        while semaine in prises:
            semaine += timedelta(days=7)
        public = {"ecole": modele.ecole_id, "prestation": modele.prestation_id}
        return {**cls._textes(modele), **public, "semaine": semaine, "remarque": modele.remarque}

    def clean_semaine(self):
        return lundi_de(self.cleaned_data["semaine"])

    def clean(self):
        saisie = super().clean()
        jours = {}
        for rang, nom in enumerate(JOURS, start=1):
            try:
                plats = menus.lire(saisie.get(nom) or "")
            except ValueError as erreur:
                self.add_error(nom, ValidationError(str(erreur)))
                continue
            if plats:
                jours[str(rang)] = [plat.en_json() for plat in plats]
        if not self.errors and not jours:
            raise ValidationError("Écrivez au moins un plat.")
        self.instance.jours = jours
        return saisie
