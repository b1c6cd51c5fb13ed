"""« Réservations »: days asked on the grid, granted while places are left, else on the waiting list."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from django import forms

from demandes.enums import EtatLigne, NatureDemande
from demandes.models import TARDIVE, Demande, LigneDemande
from demandes.natures.jours import CasesForm, NatureJours
from facturation.cout_retard import couter_retards
from familles.enums import Acceptation
from familles.erreurs import Refus
from familles.francais import jour_en_lettres
from planning.actions import attribuer, demander
from planning.enums import OCCUPANTS, EtatReservation
from planning.examen import Examen
from planning.models import Journee, Reservation

AUTOMATIQUES = frozenset({Acceptation.AUTOMATIQUE, Acceptation.AUTOMATIQUE_PLACES})
E = EtatReservation
REPONSES = {E.RESERVEE: EtatLigne.ACCEPTEE, E.LISTE_ATTENTE: EtatLigne.LISTE_ATTENTE}


class ReservationForm(CasesForm):
    """Days at the price of a late booking leave once that price was read: `tardives` names those shown."""

    tardives = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    @property
    def en_retard(self) -> list[str]:
        return [f"{v.prestation_id}:{v.jour}" for v in self.acceptes if v.tardive]

    @property
    def a_confirmer(self) -> bool:
        return not set(self.en_retard) <= set(self.cleaned_data.get("tardives") or [])

    @cached_property
    def _retards(self) -> dict:
        jours = {(v.enfant_id, v.prestation_id, v.jour): True for v in self.acceptes if v.tardive}
        return couter_retards(famille_id=self.acces.famille.pk, jours=jours) if jours else {}

    def dire_retard(self, enfant_id: int, prestation_id: int, jour: date) -> str:
        """An amount tells what the account's holder earns: to the others, only what is forgiven."""
        cout = self._retards.get((enfant_id, prestation_id, jour))
        return "" if cout is None else cout.phrase if self.acces.complet else cout.sans_montant

    @property
    def acceptes_dits(self) -> list[tuple[Examen, str]]:
        return [(v, self.dire_retard(v.enfant_id, v.prestation_id, v.jour)) for v in self.acceptes]


class Reserver(NatureJours):
    cle = NatureDemande.RESERVATION
    formulaire_de = ReservationForm
    provisoire = E.DEMANDEE

    def au_depot(self, demande: Demande, form: CasesForm, par) -> list[LigneDemande]:
        # Read before the days are written: they would be counted twice in the right to error.
        dits = {
            (v.enfant_id, v.prestation_id, v.jour): form.dire_retard(v.enfant_id, v.prestation_id, v.jour)
            for v in form.acceptes
            if v.tardive
        }
        reservations = demander(
            examens=form.acceptes, par=par, instant=form.instant, regulieres=form.regulieres
        )
        prestations = {v.prestation_id: v.inscription.prestation for v in form.acceptes}
        lignes = self.ecrire_lignes(demande, form, reservations, prestations)
        for ligne in lignes:
            ligne.dit_du_retard = dits.get((ligne.enfant_id, ligne.prestation_id, ligne.jour), "")
        return lignes

    def lignes_automatiques(self, demande: Demande, lignes: Sequence[LigneDemande]) -> list[LigneDemande]:
        return [
            ligne
            for ligne in lignes
            if ligne.prestation.acceptation in AUTOMATIQUES
            and not (ligne.reservation.tardive or ligne.reservation.hors_delai)
        ]

    def annonce(self, ligne: LigneDemande) -> str:
        if ligne.reservation.tardive:
            dit = getattr(ligne, "dit_du_retard", "").rstrip(".")
            titre = "Jours demandés après la limite, au prix d’une réservation tardive"
            return f"{titre} ({dit[0].lower()}{dit[1:]})" if dit else titre
        if ligne.reservation.hors_delai:
            return "Jours demandés après la limite, que la structure appréciera"
        return super().annonce(ligne)

    def reponse(self, ligne: LigneDemande) -> str:
        texte = super().reponse(ligne)
        tarif = ligne.etat == EtatLigne.ACCEPTEE and ligne.precision == TARDIVE
        return f"{texte}, au prix d’une réservation tardive" if tarif else texte

    def places(self, lignes: Sequence[LigneDemande]) -> dict[tuple, int | None]:
        """As `attribuer` counts them: places that nobody holds nor waits for; None: without limit."""
        attendues = {(li.prestation_id, li.jour): li.prestation.capacite for li in lignes if li.en_attente}
        if not attendues:
            return {}
        journees = Journee.objects.filter(
            prestation__in={p for p, _ in attendues}, jour__in={j for _, j in attendues}
        ).exclude(capacite=None)
        capacites = attendues | {
            cle: capacite
            for p, j, capacite in journees.values_list("prestation", "jour", "capacite")
            if (cle := (p, j)) in attendues
        }
        pris = Reservation.objects.prises(capacites, {*OCCUPANTS, E.LISTE_ATTENTE})
        return {cle: None if n is None else max(n - pris[cle], 0) for cle, n in capacites.items()}

    def a_l_acceptation(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        for ligne in lignes:
            inscription = ligne.reservation.inscription
            if not inscription.du <= ligne.jour <= inscription.au:
                raise Refus(
                    f"{ligne.prestation.nom}, {jour_en_lettres(ligne.jour)} : l’enfant n’y est plus inscrit. "
                    "Refusez ce jour-là, ou rouvrez l’inscription."
                )
        accordees = attribuer(
            reservations=[ligne.reservation for ligne in lignes], par=par, motif=str(demande)
        )
        etats = {reservation.pk: reservation.etat for reservation in accordees}
        for ligne in lignes:
            ligne.etat = REPONSES[etats[ligne.reservation_id]]

    def au_refus(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self.rendre(demande, lignes, E.REFUSEE, par)

    def au_retrait(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self.rendre(demande, lignes, E.ANNULEE, par)
