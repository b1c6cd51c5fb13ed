"""What the decision page shows of a request, and to whom; a reading of health or money leaves its trace."""

from dataclasses import dataclass

from django.db.models import Q

from demandes import jours_passes
from demandes.actions import SA_FAMILLE, consulter
from demandes.models import Demande
from demandes.natures import NATURES, Nature
from demandes.natures.base import Changement
from planning.enums import Operation
from planning.reglement_interieur import offre_de, reglement_interieur

A_REFUSER = "Refusez ce jour-là, ou rouvrez-le."


@dataclass(frozen=True, repr=False)
class Autre:
    """Another request that waits; of the same section of the same child, with what it asks."""

    demande: Demande
    nature: Nature
    d_un_autre_foyer: bool
    changements: list[Changement]

    @property
    def objet(self) -> str:
        return self.nature.objet(self.demande)


def aussi_en_attente(demande: Demande, visibles, compte) -> list[Autre]:
    """Of the same family, and of the other households for the same child: those alone that bear on it, by
    whom else is left out.
    """
    du_meme = Q(famille=demande.famille_id)
    if demande.enfant_id:
        du_meme |= Q(enfant=demande.enfant_id)
    autres = visibles.en_attente().filter(du_meme).exclude(pk=demande.pk)
    return [
        Autre(
            autre,
            NATURES[autre.nature],
            autre.famille_id != demande.famille_id,
            _ce_qu_elle_demande(demande, autre, compte),
        )
        for autre in autres.select_related("famille", "concerne", "enfant").order_by("depose_le", "pk")
    ]


def _ce_qu_elle_demande(demande: Demande, autre: Demande, compte) -> list[Changement]:
    """Read beside the first one, for whichever is accepted first moves what the other replaces."""
    regle = NATURES[autre.nature]
    meme = demande.enfant_id and (autre.nature, autre.enfant_id) == (demande.nature, demande.enfant_id)
    meme = meme and regle.meme_objet(demande, autre)
    if not (meme and regle.lisible_par_agent(compte)):
        return []
    changements = regle.resume(autre)
    if regle.tracee and changements:
        consulter(demande=autre, par=compte)
    return changements


def empechement(pk: int, compte) -> str:
    """Why this account does not decide a request; an unknown one is left to the action."""
    regle = NATURES.get(Demande.objects.filter(pk=pk).values_list("nature", flat=True).first() or "")
    return regle.empechement(compte) if regle else ""


def peut_decider(demande: Demande, compte) -> bool:
    """Still pending, this account's to decide, and of another family."""
    return demande.en_attente and not demande.de_sa_famille and not empeche(demande, compte)


def empeche(demande: Demande, compte) -> str:
    return NATURES[demande.nature].empechement(compte)


def _fermes(lignes) -> dict[int, str]:
    """By key of the line, of days that the town closed since they were asked: accepting them is refused."""
    calendrier = reglement_interieur().calendrier
    attendues = [li for li in lignes if li.en_attente and li.operation == Operation.RESERVER]
    fermes = {li.pk: calendrier.ferme(offre_de(li.prestation), li.jour) for li in attendues}
    return {pk: f"{ferme.phrase} {A_REFUSER}" for pk, ferme in fermes.items() if ferme is not None}


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
    regle.eclairer(demande, lignes)
    places, passes, fermes = regle.places(lignes), jours_passes.phrases(lignes), _fermes(lignes)
    decidable = peut_decider(demande, compte)
    return {
        "demande": demande,
        "decidable": decidable,
        "refus_seul": regle.refus_seul(demande) if decidable else "",
        "avertissement": regle.avertissement(demande),
        "vu": regle.empreinte(demande),
        "changements": changements,
        "pieces": pieces,
        "lisible": lisible,
        "conflit": demande.en_attente and any(c.conflit for c in changements),
        "lignes": [
            (
                li,
                places.get((li.prestation_id, li.jour)),
                li.pk not in fermes if cochees is None else li.pk in cochees,
                fermes.get(li.pk) or passes.get(li.pk, ""),
            )
            for li in lignes
        ],
        "avec_places": bool(places),
        "avec_precisions": any(ligne.precision for ligne in lignes),
        "sa_famille": SA_FAMILLE if demande.en_attente and demande.de_sa_famille else "",
        "empechement": empeche(demande, compte) if demande.en_attente else "",
    }
