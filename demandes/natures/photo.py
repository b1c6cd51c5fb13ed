"""« Photo » of a child: the one document of the request, or none any more; both parents are told."""

from django import forms

from demandes.enums import NatureDemande
from demandes.models import Demande
from demandes.natures.base import Changement, Depot, Nature
from demandes.natures.enfant import prevenir_les_autres
from familles import coffre
from familles.actions import changer_la_photo
from familles.erreurs import Invalide
from familles.horloge import maintenant
from familles.models import Enfant
from familles.pieces import portrait

NOUVELLE, RETRAIT = "nouvelle", "retrait"
DITES = {NOUVELLE: "Nouvelle photo", RETRAIT: "Plus de photo"}
UNE_IMAGE = "Joignez une photo, une seule, en JPEG ou en PNG."
UN_CHOIX = "Joignez une nouvelle photo, ou demandez à retirer l’actuelle : pas les deux à la fois."


class PhotoForm(forms.Form):
    """The photo itself is the document joined (`au_depot`)."""

    retirer = forms.BooleanField(label="Retirer la photo actuelle, sans la remplacer", required=False)

    def __init__(self, donnees=None, *, enfant: Enfant, instant):
        super().__init__(donnees)
        self.enfant, self.instant = enfant, instant
        if not enfant.photo_cle:
            del self.fields["retirer"]


class Photo(Nature):
    cle = NatureDemande.PHOTO
    pieces = "La photo de votre enfant : elle aide les équipes à le reconnaître."
    aide_pieces = "Une seule photo, en JPEG ou en PNG, 8 Mo au plus."
    introduction = "Choisissez une photo, ou demandez à retirer l’actuelle"
    a_lire = True
    colonnes = ("Enfant", "Photo")

    def formulaire(self, acces, donnees=None, *, enfant=None, instant=None, version=None):
        if enfant is None or not acces.decide_pour(enfant):
            return None
        return PhotoForm(donnees, enfant=enfant, instant=instant or maintenant())

    def depot(self, form: PhotoForm) -> Depot:
        return Depot(
            instant=form.instant,
            une_a_la_fois=True,
            enfant=form.enfant,
            avant={"photo": form.enfant.photo_cle},
            apres={"photo": RETRAIT if form.cleaned_data.get("retirer") else NOUVELLE},
        )

    def au_depot(self, demande: Demande, form: PhotoForm, par):
        images = [piece.est_image for piece in demande.pieces.all()]
        if demande.apres["photo"] == RETRAIT:
            if images:
                raise Invalide(UN_CHOIX)
        elif images != [True]:
            raise Invalide(UNE_IMAGE)
        return []

    def objet(self, demande: Demande) -> str:
        return f"{demande.enfant.prenom} : photo"

    def cellules(self, demande: Demande) -> list[str]:
        return [demande.enfant.prenom, DITES.get(demande.apres.get("photo", ""), "Photo")]

    def resume(self, demande: Demande) -> list[Changement]:
        if not demande.apres:
            return []
        avant, actuelle = demande.avant["photo"], self._actuelle(demande)
        lue = _dite(avant)
        aujourd_hui = lue if actuelle == avant else f"{_dite(actuelle)}, changée depuis le dépôt"
        return [Changement("Photo", lue, aujourd_hui, DITES[demande.apres["photo"]])]

    def empreinte(self, demande: Demande) -> str:
        return self._actuelle(demande)

    def verrouiller(self, demande: Demande) -> None:
        demande.enfant = Enfant.objects.select_for_update().get(pk=demande.enfant_id)

    def a_l_acceptation(self, demande: Demande, lignes, par) -> None:
        image = demande.pieces.first()
        photo = portrait(coffre.lire(image.cle)) if image else None
        changer_la_photo(enfant=demande.enfant, photo=photo, motif=str(demande), par=par)
        prevenir_les_autres(demande, "photo", par)

    @staticmethod
    def _actuelle(demande: Demande) -> str:
        return Enfant.objects.values_list("photo_cle", flat=True).get(pk=demande.enfant_id)


def _dite(cle: str) -> str:
    return "Une photo" if cle else "Aucune photo"
