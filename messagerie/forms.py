"""What people write: bounded, trimmed, never empty."""

from django import forms

from familles.models import Famille
from messagerie.models import Conversation

CORPS = {
    "label": "Message",
    "max_length": 10_000,
    "widget": forms.Textarea(attrs={"rows": 8}),
    "error_messages": {"required": "Écrivez votre message."},
}
SUJET = {
    "label": "Sujet",
    "max_length": 150,
    "error_messages": {"required": "Donnez un sujet à votre message."},
}


class MessageForm(forms.Form):
    """A new message of a family."""

    sujet = forms.CharField(**SUJET)
    corps = forms.CharField(**CORPS)


class ReponseForm(forms.Form):
    """An answer, from either side."""

    corps = forms.CharField(**CORPS | {"label": "Votre réponse"})


class CourrierForm(MessageForm):
    """Staff write to a family; `site` gives the search field of the admin."""

    famille = forms.ModelChoiceField(
        queryset=Famille.objects.none(),
        label="Famille",
        error_messages={"required": "Choisissez la famille à qui écrire."},
    )
    field_order = ["famille", "sujet", "corps"]

    def __init__(self, *args, widget_famille, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["famille"].queryset = Famille.objects.actives().avec_responsables()
        self.fields["famille"].widget = widget_famille(Conversation._meta.get_field("famille"))
        self.fields["famille"].widget.choices = self.fields["famille"].choices
