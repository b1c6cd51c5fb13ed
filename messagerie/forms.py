"""What people write: bounded, trimmed, never empty; the files they join are judged by their content."""

import uuid
from pathlib import PurePosixPath

from django import forms
from django.core.exceptions import ValidationError

from familles.erreurs import Invalide
from familles.models import Famille
from familles.pieces import ACCEPTES, AIDE, Piece, examiner
from familles.textes import une_ligne
from messagerie.enums import Destinataires
from messagerie.models import Conversation
from messagerie.publics import PUBLICS, Public

PIECES_MAXIMUM = 5
RIEN_N_EST_PARTI = "Rien n’est encore parti : relisez votre message, puis envoyez-le."

CORPS = {
    "label": "Message",
    "max_length": 10_000,
    "widget": forms.Textarea(attrs={"rows": 8}),
    "error_messages": {
        "required": "Écrivez votre message.",
        "max_length": "Un message tient en 10 000 caractères, le vôtre en a %(show_value)d : "
        "raccourcissez-le, ou joignez un document.",
    },
}
SUJET = {
    "label": "Sujet",
    "max_length": 150,
    "validators": [une_ligne],
    "error_messages": {"required": "Donnez un sujet à votre message."},
}


class _Fichiers(forms.ClearableFileInput):
    allow_multiple_selected = True


class PiecesField(forms.FileField):
    """Several files at once; cleans to a list of (name shown, content fit to be kept)."""

    def __init__(self, **options):
        options.setdefault("widget", _Fichiers(attrs={"accept": ACCEPTES}))
        super().__init__(
            required=False,
            label="Joindre des fichiers",
            help_text=f"{AIDE} Cinq fichiers au plus.",
            **options,
        )

    def clean(self, data, initial=None) -> list[tuple[str, Piece]]:
        pieces, refus = self.trier(data)
        if refus:
            raise ValidationError(refus)
        return pieces

    def trier(self, data) -> tuple[list[tuple[str, Piece]], list[str]]:
        """Those that are fit to be kept, and a sentence for each that is not."""
        fichiers = [f for f in (data if isinstance(data, list | tuple) else [data]) if f]
        if len(fichiers) > PIECES_MAXIMUM:
            return [], ["Cinq fichiers au plus à la fois."]
        pieces, refuses = [], []
        for fichier in fichiers:
            try:
                piece = examiner(fichier.read())
            except Invalide as refus:
                refuses.append(f"{fichier.name} : {refus.message}")
            else:
                pieces.append((_nom(fichier.name, piece), piece))
        return pieces, refuses


def _nom(nom: str, piece: Piece) -> str:
    """The name as it will be shown and downloaded: the extension is that of what was really kept."""
    racine = "".join(c for c in PurePosixPath(nom).stem if c.isalnum() or c in " -_.’'()").strip(" .")
    return f"{racine[:100] or 'document'}.{piece.extension}"


class _UneFoisForm(forms.Form):
    """Carries the name of its sending, drawn with the page."""

    jeton = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def clean(self):
        donnees = super().clean()
        if not donnees.get("jeton"):
            self.errors.pop("jeton", None)
            self.renouveler()
            raise ValidationError(RIEN_N_EST_PARTI)
        return donnees

    def refuser_une_seconde_fois(self) -> None:
        """Sent again with other words: nothing typed is lost."""
        self.renouveler()
        self.add_error(
            None, "Cette page a déjà envoyé un message. Envoyez-la de nouveau si c’en est un autre."
        )

    def renouveler(self) -> None:
        """What is typed becomes another message, to be sent by another click."""
        self.data = self.data.copy()
        self.data["jeton"] = str(uuid.uuid4())


class MessageForm(_UneFoisForm):
    """A new message, from either side."""

    sujet = forms.CharField(**SUJET)
    corps = forms.CharField(**CORPS)
    pieces = PiecesField()


class ReponseForm(_UneFoisForm):
    """An answer, from either side."""

    corps = forms.CharField(**CORPS | {"label": "Votre réponse"})
    pieces = PiecesField()


class ReponseDuPersonnelForm(ReponseForm):
    """`apres`: the last message that was read, by its key; another one may have come since."""

    apres = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self):
        donnees = super().clean()
        if donnees.get("apres") is None:
            self.errors.pop("apres", None)
            raise ValidationError(RIEN_N_EST_PARTI)
        return donnees


class NoteForm(forms.Form):
    texte = forms.CharField(
        label="Note interne",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lue par les agents seuls.",
        error_messages={
            "required": "Écrivez votre note.",
            "max_length": "Une note tient en 2 000 caractères, la vôtre en a %(show_value)d.",
        },
    )


class DiffusionForm(forms.Form):
    """A message to a group: first shown with those who will get it, then sent."""

    public = forms.ChoiceField(label="À qui ?")
    sujet = forms.CharField(**SUJET)
    corps = forms.CharField(**CORPS)
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["jeton"].initial = uuid.uuid4
        self.fields["public"].choices = [
            ("", "Choisissez…"),
            *(
                (public.libelle, [(f"{cle}|{valeur}", libelle) for valeur, libelle in public.choix()])
                for cle, public in PUBLICS.items()
            ),
        ]

    @property
    def groupe(self) -> tuple[Public, str, str]:
        """The kind of group, the value chosen, and the words that name it."""
        choisi = self.cleaned_data["public"]
        cle, _, valeur = choisi.partition("|")
        public = PUBLICS[cle]
        return public, valeur, f"{public.libelle} : {dict(public.choix())[valeur]}"


class CourrierForm(MessageForm):
    """Staff write to a family; `site` gives the search field of the admin."""

    famille = forms.ModelChoiceField(
        queryset=Famille.objects.none(),
        label="Famille",
        error_messages={"required": "Choisissez la famille à qui écrire."},
    )
    a = forms.ChoiceField(
        label="À qui ?", choices=Destinataires.choices, initial=Destinataires.COMPTE, widget=forms.RadioSelect
    )
    field_order = ["famille", "a", "sujet", "corps", "pieces"]

    def __init__(self, *args, widget_famille, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["famille"].queryset = Famille.objects.actives().avec_responsables()
        self.fields["famille"].widget = widget_famille(Conversation._meta.get_field("famille"))
        self.fields["famille"].widget.choices = self.fields["famille"].choices
