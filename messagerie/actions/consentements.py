"""Who no longer wants e-mails."""

from familles.enums import RythmeRecapitulatif, VerbeTrace
from familles.models import Responsable, Trace, Utilisateur
from familles.transactions import action
from messagerie.models import Courriel


@action
def cesser_le_recapitulatif(*, compte: int, par=None) -> None:
    """No more digest for this member of the staff; the other e-mails of the address, if any, go on."""
    lu = Utilisateur.objects.select_for_update().get(pk=compte)
    lu.recapitulatif = RythmeRecapitulatif.JAMAIS
    lu.save(update_fields=["recapitulatif"])


@action
def desinscrire(*, adresse: str, par=None) -> int:
    """No more e-mails to this address, those that wait included; how many files said yes to it until now."""
    adultes = Responsable.objects.select_for_update(of=("self",)).select_related("famille")
    accordes = list(adultes.filter(email__iexact=adresse, autorisation_courriel=True))
    for adulte in accordes:
        adulte.autorisation_courriel = False
        adulte.save()
        Trace.objects.inscrire(par=par, verbe=VerbeTrace.MODIFIER, objet=adulte, famille=adulte.famille)
    Courriel.objects.filter(destinataire__iexact=adresse, envoye_le=None, pris_le=None).delete()
    return len(accordes)
