"""What booking and absence have in common: the cells of the grid, judged at the instant of the deposit."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError

from demandes.models import Demande, LigneDemande
from demandes.natures.base import Depot, Nature
from familles.erreurs import Invalide, Refus
from familles.francais import jour_chiffres, jour_en_lettres, pluriel
from familles.horloge import maintenant
from familles.models import Enfant
from planning.actions import changer_etat
from planning.calendrier import ANNEES
from planning.enums import EtatReservation, Operation
from planning.examen import Cellule, Examen, examiner
from planning.models import Journee, Reservation

CASE = re.compile(r"([1-9][0-9]{0,17}):([0-9]{4}-[0-9]{2}-[0-9]{2})")
MOIS = re.compile(r"[0-9]{4}-[0-9]{2}")
CASES_AU_PLUS = 500
ILLISIBLE = "Les jours choisis n’ont pas pu être lus : revenez au planning et choisissez-les de nouveau."
JOURS_LISTES = 6


class CasesField(forms.Field):
    """« prestation:AAAA-MM-JJ », repeated, as the grid posts it → list of (prestation id, day)."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"required": "Choisissez au moins un jour sur le planning."}

    def to_python(self, value) -> list[Cellule]:
        if len(value or []) > CASES_AU_PLUS:
            raise ValidationError(f"Choisissez au plus {CASES_AU_PLUS} jours à la fois.")
        return [self._lire(texte) for texte in value or []]

    @staticmethod
    def _lire(texte: str) -> Cellule:
        trouve = CASE.fullmatch(texte)
        try:
            jour = date.fromisoformat(trouve[2]) if trouve else None
        except ValueError:
            jour = None
        if jour is None or jour.year not in ANNEES:
            raise ValidationError(ILLISIBLE)
        return int(trouve[1]), jour


class MoisField(forms.CharField):
    """« AAAA-MM » → its first day; None when it is not a month: it only says where to come back."""

    def clean(self, value) -> date | None:
        if not MOIS.fullmatch(value or ""):
            return None
        try:
            premier = date.fromisoformat(f"{value}-01")
        except ValueError:
            return None
        return premier if premier.year in ANNEES else None


class CasesForm(forms.Form):
    """The cells chosen on the grid of a child, and what the rules answer to each of them."""

    cases = CasesField()
    mois = MoisField(required=False)
    operation: ClassVar[Operation] = Operation.RESERVER
    regulieres: Collection[tuple[int, int]] = ()  # (child, prestation) ids asked by a weekly pattern
    a_confirmer: bool = False  # something must be read before the sending

    def __init__(self, donnees=None, *, acces, enfant, instant: datetime, version=None):
        super().__init__(donnees)
        self.acces, self.enfant, self.instant, self.version = acces, enfant, instant, version
        self.verdicts: list[Examen] = []

    def clean(self):
        donnees = super().clean()
        if donnees.get("cases"):
            self.verdicts = examiner(
                acces=self.acces,
                enfant=self.enfant,
                cellules=donnees["cases"],
                operation=self.operation,
                instant=self.instant,
                version=self.version,
            )
        return donnees

    @property
    def acceptes(self) -> list[Examen]:
        return [verdict for verdict in self.verdicts if verdict.possible]

    @property
    def acceptes_dits(self) -> list[tuple[Examen, str]]:
        """With what is to be known of each before the sending."""
        return [(verdict, "") for verdict in self.acceptes]

    @property
    def refuses(self) -> list[Examen]:
        return [verdict for verdict in self.verdicts if not verdict.possible]

    @property
    def enfants(self) -> dict[int, Enfant]:
        return {self.enfant.pk: self.enfant}


def en_bref(jours: Iterable[date]) -> str:
    """« 03/12/2026, 04/12/2026 », or from the first to the last when there are many."""
    jours = sorted(set(jours))
    if len(jours) <= JOURS_LISTES:
        return ", ".join(map(jour_chiffres, jours))
    return (
        f"{pluriel(len(jours), 'jour', 'jours')}, du {jour_chiffres(jours[0])} au {jour_chiffres(jours[-1])}"
    )


def verrouillees(lignes: Iterable[LigneDemande], etat: EtatReservation) -> list[Reservation]:
    """The bookings of these lines that still stand in a state, locked in the order of keys."""
    pks = [ligne.reservation_id for ligne in lignes if ligne.reservation_id]
    return list(
        Reservation.objects.filter(pk__in=pks, etat=etat).select_for_update(of=("self",)).order_by("pk")
    )


class NatureJours(Nature):
    """Days of a child, or of several by a weekly pattern.

    `provisoire`: the state that the deposit gives to their bookings.
    """

    page_propre = True
    formulaire_de: ClassVar[type[CasesForm]] = CasesForm
    provisoire: ClassVar[EtatReservation]
    colonnes = ("Enfant", "Prestation", "Jours")

    def formulaire(self, acces, donnees=None, *, enfant=None, instant=None, version=None):
        if enfant is None:
            return None
        return self.formulaire_de(
            donnees, acces=acces, enfant=enfant, instant=instant or maintenant(), version=version
        )

    def depot(self, form: CasesForm) -> Depot:
        if form.refuses:
            phrases = [f"{v.prestation}, {jour_en_lettres(v.jour)} : {v.phrase}" for v in form.refuses]
            raise Refus(" ".join(phrases))
        if not form.acceptes:
            raise Invalide(ILLISIBLE)
        return Depot(instant=form.instant, enfant=form.enfant, apres=self.saisie(form))

    def saisie(self, form: CasesForm) -> dict:
        """What is asked beside the days, as a person reads it."""
        return {}

    def ecrire_lignes(
        self, demande: Demande, form: CasesForm, reservations: Sequence[Reservation], prestations: dict
    ) -> list[LigneDemande]:
        return LigneDemande.objects.bulk_create(
            LigneDemande(
                demande=demande,
                enfant=form.enfants[reservation.enfant_id],
                prestation=prestations[reservation.prestation_id],
                jour=reservation.jour,
                operation=form.operation,
                reservation=reservation,
            )
            for reservation in reservations
        )

    def objet(self, demande: Demande) -> str:
        enfant, prestations, jours = self.cellules(demande)
        return f"{enfant}, {prestations} : {jours}"

    def cellules(self, demande: Demande) -> list[str]:
        lignes = demande.lignes.all()
        return [
            ", ".join(dict.fromkeys(ligne.enfant.prenom for ligne in lignes)),
            ", ".join(dict.fromkeys(ligne.prestation.nom for ligne in lignes)),
            en_bref(ligne.jour for ligne in lignes),
        ]

    def meme_objet(self, demande: Demande, autre: Demande) -> bool:
        jours = [{(li.prestation_id, li.jour) for li in d.lignes.all()} for d in (demande, autre)]
        return not jours[0].isdisjoint(jours[1])

    def rendre(self, demande: Demande, lignes: Sequence[LigneDemande], vers: EtatReservation, par) -> None:
        """Move what the deposit did; a booking that staff have changed since stays where they put it."""
        if vers == EtatReservation.RESERVEE:
            # The day before its bookings, as everywhere.
            Journee.objects.verrouiller((ligne.prestation_id, ligne.jour) for ligne in lignes)
        reservations = verrouillees(lignes, self.provisoire)
        if reservations:
            changer_etat(reservations=reservations, vers=vers, par=par, motif=str(demande))
