"""What the requests about a child have in common: who is told of what was accepted."""

from django.db.models import Q

from demandes.models import Demande
from familles.horloge import aujourdhui
from familles.models import Collectivite, LienParental, Rattachement, Responsable, en_vigueur
from messagerie.actions import informer


def prevenir_les_autres(demande: Demande, rubrique: str, par, sante: bool = False) -> None:
    """Tell the other parents that a safety fact of their child has changed; never the value itself.

    A couple that lives together reads the answer already. `sante`: those alone who may see health data.
    """
    liens = LienParental.objects.filter(enfant=demande.enfant)
    exclus = liens.filter(Q(voit_sante=False) if sante else Q(autorite_parentale=False))
    voient = liens.filter(voit_sante=True)
    familles = Rattachement.objects.filter(en_vigueur(aujourdhui()), enfant=demande.enfant)
    adultes = (
        Responsable.objects.filter(famille__in=familles.values("famille"))
        .exclude(pk__in=exclus.values("responsable"))
        .exclude(pk=demande.deposant_id)
        .select_related("famille")
        .order_by("famille", "rang")
    )
    if sante:
        adultes = adultes.filter(pk__in=voient.values("responsable"))
    ville = Collectivite.objects.courante()
    servies = {demande.famille_id} if demande.famille.vie_commune else set()
    for adulte in adultes:
        if adulte.famille_id in servies:
            continue
        if adulte.famille.vie_commune:
            servies.add(adulte.famille_id)
        prenom = demande.enfant.prenom
        informer(
            famille=adulte.famille,
            responsable=adulte,
            sujet=f"{prenom} : {rubrique} à relire",
            corps=(
                f"Une modification de la rubrique « {rubrique} » de {prenom}, demandée par un autre "
                f"responsable, a été acceptée. Relisez-la sur la page de {prenom}. En cas de désaccord, "
                f"écrivez à {ville.service}."
            ),
            lien=demande.enfant.get_absolute_url(),
            annonce="La fiche de votre enfant a changé",
            avis=True,
            par=par,
        )
