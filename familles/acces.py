"""Who sees what: every screen fetches through `.pour(acces)`, and every right is decided here.

A couple that lives together sees the whole file. Otherwise the titulaire sees the account as the manual
shows it, and the conjoint the children, their planning and requests and their own data: never the other's
address, telephone, employer, bank, tax or CAF data, bills or messages (conception, « who sees what »).
"""

from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model
from django.shortcuts import redirect

from familles.enums import Rang
from familles.horloge import aujourdhui
from familles.models import Enfant, Famille, LienParental, Rattachement, Responsable, Utilisateur, en_vigueur


@dataclass(frozen=True)
class Acces:
    """A login, the family it acts for in this session, and as which adult."""

    utilisateur: Utilisateur
    famille: Famille | None = None
    responsable: Responsable | None = None
    nombre_familles: int = 0

    @classmethod
    def pour_utilisateur(cls, utilisateur, famille_id=None, responsables=None) -> "Acces":
        """The family chosen in the session when the login holds several; else its only one, else none.

        `responsables` may be an annotated QuerySet (the frame counts unread messages in the same query).
        """
        lignes = list(Responsable.objects.de(utilisateur) if responsables is None else responsables)
        choisie = (
            lignes[0] if len(lignes) == 1 else next((r for r in lignes if r.famille_id == famille_id), None)
        )
        return cls(
            utilisateur=utilisateur,
            famille=choisie.famille if choisie else None,
            responsable=choisie,
            nombre_familles=len(lignes),
        )

    @property
    def titulaire(self) -> bool:
        return self.responsable is not None and self.responsable.rang == Rang.TITULAIRE

    @property
    def vie_commune(self) -> bool:
        return self.famille is not None and self.famille.vie_commune

    @property
    def complet(self) -> bool:
        """Sees the account: bills, balance, tax, CAF and bank data, the family's messages."""
        return self.titulaire or (self.responsable is not None and self.vie_commune)

    def peut_voir(self, responsable: Responsable) -> bool:
        """May read an adult's address, telephones, e-mail and work."""
        if self.responsable is None or responsable.famille_id != self.famille.pk:
            return False
        if responsable.pk == self.responsable.pk:
            return True
        return self.complet and not responsable.coordonnees_masquees

    def tient(self, enfant) -> bool:
        """The family holds the child today; a former one keeps reading the past alone."""
        return self._rattachements(enfant).exists()

    def _rattachements(self, enfant):
        return Rattachement.objects.filter(en_vigueur(aujourdhui()), famille=self.famille, enfant=enfant)

    def peut_modifier(self, responsable: Responsable) -> bool:
        """May ask to change an adult's section of the file: it is its adult's own.

        A couple that lives together asks for both; the titulaire also for an adult who has no login.
        """
        if not self.peut_voir(responsable):
            return False
        sienne = responsable.pk == self.responsable.pk
        return sienne or self.vie_commune or responsable.utilisateur_id is None

    def voit_sante(self, enfant) -> bool:
        """May read a child's health data: the LienParental says so, the family holds the child; one query."""
        if self.responsable is None:
            return False
        liens = LienParental.objects.filter(responsable=self.responsable, enfant=enfant, voit_sante=True)
        return liens.filter(Exists(self._rattachements(enfant))).exists()

    def partage_la_sante(self, enfant) -> bool:
        """Another adult who reads this child's health data lives elsewhere; one query."""
        foyers = Rattachement.objects.filter(en_vigueur(aujourdhui()), enfant=enfant).values("famille")
        autres = LienParental.objects.filter(enfant=enfant, voit_sante=True, responsable__famille__in=foyers)
        siens = {"famille": self.famille} if self.vie_commune else {"pk": self.responsable.pk}
        return autres.exclude(responsable__in=Responsable.objects.filter(**siens)).exists()

    def decide_pour(self, enfant) -> bool:
        """May ask to change a child's file: the family holds the child today, and this adult has the
        parental authority, unless nobody said; one query.
        """
        if self.responsable is None:
            return False
        sans_autorite = LienParental.objects.filter(
            responsable=self.responsable, enfant=enfant, autorite_parentale=False
        )
        return self._rattachements(enfant).filter(~Exists(sans_autorite)).exists()


def famille_requise(vue):
    """The page needs a family: choose one when the login holds several, 403 when it holds none."""

    @wraps(vue)
    def verifier(request, *args, **kwargs):
        if request.acces.famille is None:
            if request.acces.nombre_familles > 1:
                return redirect("portail:choisir_famille")
            raise PermissionDenied("Votre compte n’ouvre aucun dossier de famille.")
        return vue(request, *args, **kwargs)

    return verifier


def concerne_les_siens(compte: Utilisateur, ligne: Model) -> bool:
    """Whether a row of the family file is of a family that this login belongs to.

    Nobody changes that in the administration, as nobody decides there for one's own: a colleague does.
    """
    return Responsable.objects.filter(utilisateur=compte, famille__in=_familles_de(ligne)).exists()


def _familles_de(ligne: Model) -> set[int]:
    """Those of a file, of an adult, of what bears one of them, of a child: its homes, past ones too."""
    if isinstance(ligne, Famille):
        return {ligne.pk}
    if famille := getattr(ligne, "famille_id", None):
        return {famille}
    if responsable := getattr(ligne, "responsable_id", None):
        return set(Responsable.objects.filter(pk=responsable).values_list("famille", flat=True))
    enfant = ligne.pk if isinstance(ligne, Enfant) else getattr(ligne, "enfant_id", None)
    return (
        set(Rattachement.objects.filter(enfant=enfant).values_list("famille", flat=True)) if enfant else set()
    )
