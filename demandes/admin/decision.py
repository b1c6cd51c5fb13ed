"""What the decision page shows of a request, and to whom; a reading of health or money leaves its trace."""

from demandes import jours_passes
from demandes.actions import SA_FAMILLE, consulter
from demandes.models import Demande
from demandes.natures import NATURES


def empechement(pk: int, compte) -> str:
    """Why this account does not decide a request; an unknown one is left to the action."""
    regle = NATURES.get(Demande.objects.filter(pk=pk).values_list("nature", flat=True).first() or "")
    return regle.empechement(compte) if regle else ""


def peut_decider(demande: Demande, compte) -> bool:
    """Still pending, this account's to decide, and of another family."""
    return demande.en_attente and not demande.de_sa_famille and not empeche(demande, compte)


def empeche(demande: Demande, compte) -> str:
    return NATURES[demande.nature].empechement(compte)


def lire(demande: Demande, compte, form) -> dict:
    """Before and after, the days with the places left, and what forbids a decision."""
    regle = NATURES[demande.nature]
    lisible = regle.lisible_par_agent(compte)
    changements = regle.resume(demande) if lisible else []
    pieces = list(demande.pieces.all()) if lisible else []
    if regle.tracee and (changements or pieces):
        consulter(demande=demande, par=compte)
    cochees = form.cleaned_data.get("lignes") if form.is_bound else None
    lignes = demande.lignes.all()
    places, passes = regle.places(lignes), jours_passes.phrases(lignes)
    return {
        "demande": demande,
        "vu": regle.empreinte(demande),
        "changements": changements,
        "pieces": pieces,
        "lisible": lisible,
        "conflit": demande.en_attente and any(c.conflit for c in changements),
        "lignes": [
            (
                li,
                places.get((li.prestation_id, li.jour)),
                cochees is None or li.pk in cochees,
                passes.get(li.pk, ""),
            )
            for li in lignes
        ],
        "avec_places": bool(places),
        "avec_precisions": any(ligne.precision for ligne in lignes),
        "sa_famille": SA_FAMILLE if demande.en_attente and demande.de_sa_famille else "",
        "empechement": empeche(demande, compte) if demande.en_attente else "",
    }
