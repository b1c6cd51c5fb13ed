"""To whom the structure may write at once. An app above adds its own group from its `ready()` (`ajouter`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from familles.horloge import aujourdhui
from familles.models import Ecole, Famille, Inscription, Prestation, Scolarite, en_vigueur


@dataclass(frozen=True)
class Public:
    """A kind of group. `choix`: (value, label) pairs; `familles`: those of a value."""

    cle: str
    libelle: str
    choix: Callable[[], Iterable[tuple[str, str]]]
    familles: Callable[[str], QuerySet]
    compte_seul: bool = False  # money: to who reads the account, not to a separated conjoint


PUBLICS: dict[str, Public] = {}


def ajouter(public: Public) -> None:
    PUBLICS[public.cle] = public


def _des_enfants(enfants) -> QuerySet:
    rattachees = Q(rattachements__enfant__in=enfants) & en_vigueur(aujourdhui(), "rattachements__")
    return Famille.objects.actives().filter(rattachees).distinct()


def _ecoles():
    return [(str(e.pk), e.nom) for e in Ecole.objects.all()]


def _classes():
    lignes = Scolarite.objects.filter(en_vigueur(aujourdhui())).exclude(classe="")
    paires = lignes.order_by("ecole__nom", "classe").values_list("ecole", "ecole__nom", "classe").distinct()
    return [(f"{ecole}:{classe}", f"{nom}, {classe}") for ecole, nom, classe in paires]


def _de_la_classe(valeur: str) -> QuerySet:
    ecole, _, classe = valeur.partition(":")
    lignes = Scolarite.objects.filter(en_vigueur(aujourdhui()), ecole=ecole, classe=classe)
    return _des_enfants(lignes.values("enfant"))


def _de_l_ecole(valeur: str) -> QuerySet:
    return _des_enfants(Scolarite.objects.filter(en_vigueur(aujourdhui()), ecole=valeur).values("enfant"))


def _prestations():
    return [(str(p.pk), str(p)) for p in Prestation.objects.filter(active=True)]


def _de_la_prestation(valeur: str) -> QuerySet:
    inscriptions = Inscription.objects.au_jour(aujourdhui()).filter(prestation=valeur)
    return Famille.objects.actives().filter(pk__in=inscriptions.values("famille"))


def _toutes(_valeur: str) -> QuerySet:
    return _des_enfants(Scolarite.objects.filter(en_vigueur(aujourdhui())).values("enfant"))


for _public in (
    Public("toutes", "Toutes les familles", lambda: [("oui", "qui ont un enfant à l’école")], _toutes),
    Public("ecole", "Une école", _ecoles, _de_l_ecole),
    Public("classe", "Une classe", _classes, _de_la_classe),
    Public("prestation", "Une prestation", _prestations, _de_la_prestation),
):
    ajouter(_public)
