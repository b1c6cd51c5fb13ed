"""What is written of the town itself."""

from functools import partial

from django.db import transaction

from familles import coffre
from familles.models import Collectivite
from familles.models.collectivite import HAUTEUR_LOGO
from familles.pieces import Piece
from familles.transactions import action

Logo = tuple[Piece, int, int]


@action
def changer_l_identite(
    *, nom: str, couleur: str, bandeau: str, logo: Logo | None = None, sans_logo: bool = False, par
) -> Collectivite:
    """Name, colours (empty: those of the portal) and logo; the former one leaves the disk at the commit."""
    ville = Collectivite.objects.select_for_update().first() or Collectivite()
    ville.nom, ville.couleur, ville.couleur_bandeau = nom, couleur, bandeau
    if (logo or sans_logo) and ville.logo_cle:
        transaction.on_commit(partial(coffre.jeter, ville.logo_cle))
        ville.logo_cle, ville.logo_largeur = "", 0
    if logo:
        piece, largeur, hauteur = logo
        ville.logo_cle = coffre.ranger(piece.contenu)
        ville.logo_largeur = round(largeur * HAUTEUR_LOGO / hauteur)
    ville.save()
    return ville
