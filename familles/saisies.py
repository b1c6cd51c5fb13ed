"""What a POST must hold to be read as the page that was shown: every field, and the rows as counted."""

from django.core.exceptions import ValidationError
from django.forms.formsets import INITIAL_FORM_COUNT

INCOMPLET = (
    "Le formulaire reçu est incomplet : rien n’a été demandé. Les informations manquantes sont reprises de "
    "votre dossier ; relisez, puis envoyez de nouveau."
)
LIGNES_FAUSSES = (
    "Les lignes reçues ne sont pas celles de la page : rien n’a été enregistré. Rouvrez la page, puis "
    "recommencez."
)


class SaisieEntiere:
    """For a ModelForm whose empty fields erase: one that is missing from the POST was not emptied by anybody.

    Boxes that are not ticked are never posted, and tell nothing: the text fields beside them do.
    """

    def clean(self):
        donnees = super().clean()
        if manquants := self._manquants():
            self.add_error(None, INCOMPLET)
            self.data = self.data.copy()
            for nom in manquants:
                self.errors.pop(nom, None)
                self.data[self.add_prefix(nom)] = self.initial.get(nom)
        return donnees

    def _manquants(self) -> list[str]:
        return [
            nom
            for nom in self._meta.fields
            if nom in self.fields
            and self.fields[nom].widget.value_omitted_from_data(self.data, self.files, self.add_prefix(nom))
        ]


class LignesSures:
    """For a set of rows: one that exists is never taken for one to add, whatever counts were posted."""

    def clean(self):
        super().clean()
        connues = self.management_form.cleaned_data[INITIAL_FORM_COUNT]
        cle = self.model._meta.pk.name
        ajoutees = self.forms[max(connues, 0) :]
        if connues < 0 or any(form.data.get(form.add_prefix(cle)) for form in ajoutees):
            raise ValidationError(LIGNES_FAUSSES)
