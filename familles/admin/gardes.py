"""Said when a calendar of custody is saved: the days to come that nobody has, or that two homes have."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from django.contrib import messages
from django.db.models import Count

from familles import actions
from familles.francais import enumerer, jour_chiffres, pluriel
from familles.garde import Garde, desaccords
from familles.gardes import Vacances, gardes_des, vacances_entre
from familles.horloge import aujourdhui
from familles.models import Enfant, LienParental, Rattachement, Responsable, en_vigueur

A_VENIR = timedelta(weeks=8)
# The holidays are told well before: a summer is settled in spring.
VACANCES_A_VENIR = timedelta(days=365)
MONTREES = 3


def avertir(request, enfants: Iterable[int]) -> None:
    """After a calendar was saved: what ended with it, and what two homes still have to agree on."""
    enfants = list(enfants)
    arretees = actions.arreter_les_inscriptions(enfants=enfants, par=request.user)
    for enfant, siennes in groupby(arretees, key=lambda i: i.enfant):
        prestations = enumerer(list(dict.fromkeys(i.prestation.nom for i in siennes)))
        messages.info(
            request,
            f"{enfant.appel} : les inscriptions du foyer qui ne le tient plus s’arrêtent avec son "
            f"rattachement ({prestations}). S’il reste des jours réservés ensuite, la liste des anomalies "
            "les donne.",
        )
    _avertir_des_liens(request, enfants)
    _avertir_des_foyers(request, enfants)
    _avertir_des_desaccords(request, enfants)


def _avertir_des_liens(request, enfants: list[int]) -> None:
    """Who is not said to be a parent reads no health data and has no authority: seldom meant either."""
    for enfant in Enfant.objects.filter(pk__in=enfants):
        foyers = Rattachement.objects.filter(en_vigueur(aujourdhui()), enfant=enfant).values("famille")
        lies = LienParental.objects.filter(enfant=enfant).values("responsable")
        adultes = Responsable.objects.filter(famille__in=foyers).exclude(pk__in=lies)
        if noms := [adulte.appel for adulte in adultes]:
            messages.warning(
                request,
                f"{enfant.appel} : aucun lien n’est dit avec {enumerer(noms)}. Ajoutez-le sur la fiche de "
                "l’enfant : sans lui, pas de données sanitaires à lire.",
            )


def _avertir_des_foyers(request, enfants: list[int]) -> None:
    """A third home reads the child's file as the two others do: seldom meant."""
    tenus = Rattachement.objects.filter(en_vigueur(aujourdhui()), enfant__in=enfants).order_by()
    nombres = dict(tenus.values_list("enfant").annotate(Count("famille", distinct=True)))
    for enfant in Enfant.objects.filter(pk__in=[cle for cle, nombre in nombres.items() if nombre > 2]):
        messages.warning(
            request,
            f"{enfant.appel} est dans {nombres[enfant.pk]} foyers : chacun lit sa fiche et réserve pour lui. "
            "Vérifiez ses rattachements.",
        )


def _avertir_des_desaccords(request, enfants: list[int]) -> None:
    """A warning, no refusal: the calendars of two homes are changed one after the other."""
    gardes, du = gardes_des(enfants), aujourdhui()
    vacances = vacances_entre(du, du + VACANCES_A_VENIR)
    for enfant in Enfant.objects.filter(pk__in=gardes):
        personne, plusieurs = _desaccords(gardes[enfant.pk], du, vacances)
        phrases = [
            f"{_periodes(jours)} {suite}"
            for jours, suite in ((personne, "aucun foyer ne l’a"), (plusieurs, "deux foyers l’ont"))
            if jours
        ]
        if phrases:
            messages.warning(
                request,
                f"Garde de {enfant.appel} : {' ; '.join(phrases)}. Relisez les semaines, le jour de "
                "bascule et les vacances de chacun de ses foyers.",
            )


def _desaccords(gardes: Sequence[Garde], jour: date, vacances: Vacances) -> tuple[list[date], list[date]]:
    """Of the weeks to come, then of the holidays after them."""
    fin = jour + A_VENIR
    suivantes = [(max(du, fin + timedelta(days=1)), au) for du, au in vacances if au > fin]
    lus = [desaccords(gardes, du, au, vacances) for du, au in [(jour, fin), *suivantes]]
    return [j for personne, _ in lus for j in personne], [j for _, plusieurs in lus for j in plusieurs]


def _periodes(jours: Sequence[date]) -> str:
    """« du 04/12/2026 au 10/12/2026, et 3 autres périodes, »."""
    suites: list[list[date]] = []
    for jour in jours:
        if suites and jour - suites[-1][-1] == timedelta(days=1):
            suites[-1].append(jour)
        else:
            suites.append([jour])
    dites = [
        f"le {jour_chiffres(s[0])}" if len(s) == 1 else f"du {jour_chiffres(s[0])} au {jour_chiffres(s[-1])}"
        for s in suites[:MONTREES]
    ]
    reste = len(suites) - MONTREES
    return (
        enumerer([*dites, *([pluriel(reste, "autre période", "autres périodes")] if reste > 0 else [])]) + ","
    )
