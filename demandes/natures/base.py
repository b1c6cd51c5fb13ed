"""What every nature of request answers; a new one overrides what differs (recipe in CONTRIBUTING)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from demandes.enums import DES_ENFANTS, SENSIBLES, NatureDemande
from demandes.models import Demande, LigneDemande
from familles.erreurs import Refus
from familles.francais import avec_article, minuscule
from familles.models import Collectivite, Enfant, Responsable

NON_LU = (
    "Le contenu de cette demande n’est pas ouvert à votre compte : "
    "laissez-la à une personne qui a le droit de le lire."
)


@dataclass(frozen=True, repr=False)
class Depot:
    """What a valid form asks, ready to be written. Without `repr`: it never ends in a log."""

    instant: datetime  # it judges the deadlines
    une_a_la_fois: bool = False  # while it waits, no other for the same section (`Nature.cle_de`)
    concerne: Responsable | None = None
    enfant: Enfant | None = None
    avant: dict[str, Any] = field(default_factory=dict)
    apres: dict[str, Any] = field(default_factory=dict)

    @property
    def saisie(self) -> dict | None:
        return {"avant": self.avant, "apres": self.apres} if self.apres else None


@dataclass(frozen=True, repr=False)
class Changement:
    """A piece of information: at the deposit, today, and as it is asked, each as a person reads it."""

    libelle: str
    avant: str = ""
    actuel: str = ""
    apres: str = ""

    @property
    def conflit(self) -> bool:
        """It moved since the deposit."""
        return self.avant != self.actuel


class Nature:
    """A kind of request. Its methods run inside the transaction of the action that calls them."""

    cle: ClassVar[NatureDemande]
    permission: ClassVar[str] = ""  # what a member of the staff needs to read the input
    droit_de_decider: ClassVar[str] = "demandes.change_demande"
    decideur: ClassVar[str] = ""  # who decides, for a member of the staff who does not
    colonnes: ClassVar[tuple[str, ...]] = ()  # of « Liste des demandes », when this nature is chosen
    page_propre: ClassVar[bool] = False  # asked elsewhere than on the plain page of a section
    tracee: ClassVar[bool] = False  # every reading of the input leaves a trace
    gabarit: ClassVar[str] = ""  # of the fields, when a plain form would not do
    reserve: ClassVar[str] = ""  # what is said to an adult who may not read the input (`lisible_par`)
    intitule: ClassVar[str] = "Informations à modifier"  # before `objet`, in the acknowledgement
    pieces: ClassVar[str] = ""  # which documents may be joined, in a sentence; empty: none
    pieces_apres: ClassVar[bool] = False  # documents may still be joined while the request waits
    aide_pieces: ClassVar[str] = ""  # beside the field of the documents; empty: what any request takes
    # Above the form: what to do, before what becomes of it.
    introduction: ClassVar[str] = "Changez ce qui doit l’être"
    garde_pieces: ClassVar[bool] = False  # the staff need the documents after the acceptance

    @property
    def libelle(self) -> str:
        return self.cle.label

    @property
    def en_phrase(self) -> str:
        """« informations CAF »."""
        return minuscule(self.libelle)

    def qui_examine(self, ville: Collectivite) -> str:
        """« la comptabilité », « le service enfance »."""
        return self.decideur or avec_article(ville.service)

    @property
    def sensible(self) -> bool:
        """The input is erased at the decision."""
        return self.cle in SENSIBLES

    @property
    def a_lire(self) -> bool:
        """Accepted on its own page alone, once read: never with others."""
        return self.tracee

    @property
    def de_l_enfant(self) -> bool:
        return self.cle in DES_ENFANTS

    def cle_de(self, acces, enfant: Enfant | None = None) -> str:
        """What may wait only once. A section of a child belongs to both parents: those who live apart each
        have a request of their own, so that neither freezes the section for the other.
        """
        if enfant is None:
            return str(self.cle)
        commune = f"{self.cle}:{enfant.pk}"
        return commune if acces.vie_commune else f"{commune}:{acces.responsable.pk}"

    def documents_demandes(self, collectivite) -> list[str]:
        """Those that the town asks for, by name."""
        return []

    def lecteurs(self, acces) -> str:
        """What a person must know, before asking, of who else reads it."""
        return ""

    def lecteurs_des_pieces(self, acces, enfant: Enfant | None) -> str:
        """What a person must know, before joining a document, of who else will read it."""
        return ""

    # --- Deposit ---------------------------------------------------------------------------------------

    def formulaire(self, acces, donnees=None, *, enfant=None, instant=None, version=None):
        """The form for this access, None when it may not ask this. It carries `instant`."""
        raise NotImplementedError

    def depot(self, form) -> Depot:
        """What a valid form asks. Raise Refus when it asks nothing, or what the rules forbid."""
        raise NotImplementedError

    def au_depot(self, demande: Demande, form, par) -> list[LigneDemande]:
        """Effects of the deposit; returns the days asked, written."""
        return []

    def au_document(self, demande: Demande, par) -> None:
        """Effects of documents that come after the deposit (`pieces_apres`)."""

    def lignes_automatiques(self, demande: Demande, lignes: Sequence[LigneDemande]) -> list[LigneDemande]:
        """The days that the portal accepts by itself, at once."""
        return []

    # --- Reading ---------------------------------------------------------------------------------------

    def objet(self, demande: Demande) -> str:
        """What it bears on, in a few words and without any value of the file."""
        return ""

    def cellules(self, demande: Demande) -> list[str]:
        """The texts of `colonnes`."""
        return []

    def resume(self, demande: Demande) -> list[Changement]:
        """Before and after, for the staff; empty once erased."""
        return []

    def resume_famille(self, demande: Demande) -> list[Changement]:
        """The same on the family's screen."""
        return self.resume(demande)

    def attendus(self, demande: Demande) -> list[Changement]:
        """The same beside today's values, which the page has read: only the label and what is asked."""
        return self.resume_famille(demande)

    def lisible_par_agent(self, compte) -> bool:
        return not self.permission or compte.has_perm(self.permission)

    def lisible_par(self, acces, demande: Demande) -> bool:
        """Whether this adult, who may see the request, may also read its input."""
        return True

    def aveugle_interdit(self, compte) -> bool:
        """Whether this member of the staff, who may not read the input, may not decide on it either."""
        return False

    def ouverte_a(self, compte) -> bool:
        """Whether this member of the staff sees that such requests exist."""
        return compte.has_perm("demandes.view_demande") or compte.has_perm(self.droit_de_decider)

    def empechement(self, compte) -> str:
        """Why this member of the staff does not decide such requests; empty: he or she does."""
        if not compte.has_perm(self.droit_de_decider):
            return f"Cette demande est décidée par {self.decideur or 'une personne qui en a le droit'}."
        return NON_LU if self.aveugle_interdit(compte) else ""

    def empreinte(self, demande: Demande) -> str:
        """Fingerprint of today's facts that the decision replaces: what the agent has seen."""
        return ""

    def places(self, lignes: Sequence[LigneDemande]) -> dict[tuple, int | None]:
        """Places left by (prestation, day), where the decision gives some."""
        return {}

    def annonce(self, ligne: LigneDemande) -> str:
        """Title under which the acknowledgement lists this day."""
        return "Jours demandés"

    def reponse(self, ligne: LigneDemande) -> str:
        """Title under which the answer lists this day."""
        etat = ligne.get_etat_display()
        return f"{etat} ({ligne.motif})" if ligne.motif else etat

    def avertissement(self, demande: Demande) -> str:
        """What accepting would open beside what is asked; for the staff."""
        return ""

    # --- Decision --------------------------------------------------------------------------------------

    def verifier(self, demande: Demande) -> None:
        """Raise Refus when today's facts leave nothing but the refusal."""

    def refus_seul(self, demande: Demande) -> str:
        """Why it can only be refused; empty: it may be accepted."""
        try:
            self.verifier(demande)
        except Refus as refus:
            return refus.message
        return ""

    def verrouiller(self, demande: Demande) -> None:
        """Lock and read anew what the decision changes, beside the request itself."""

    def a_l_acceptation(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        """Effect of the acceptance, and the answer of each line in `ligne.etat`.

        Raise Refus when today's facts no longer allow it: nothing is then decided.
        """
        raise NotImplementedError

    def au_refus(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        """Undo what the deposit did."""

    def au_retrait(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        """Undo what the deposit did."""
