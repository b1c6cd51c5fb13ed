"""« Absences »: on days already booked, with the reason; billed or not is judged at the deposit."""

from collections.abc import Iterable, Sequence

from django import forms

from demandes.enums import EtatLigne, NatureDemande
from demandes.models import FACTUREE, NON_FACTUREE, Demande, LigneDemande
from demandes.natures.base import Changement
from demandes.natures.jours import CasesForm, NatureJours, verrouillees
from familles.erreurs import DejaTraite, Refus
from familles.francais import jour_en_lettres
from familles.models import Prestation
from planning.actions import changer_etat
from planning.cases import consequence_absence
from planning.enums import EtatPointage, EtatReservation, Operation
from planning.examen import Examen
from planning.models import MotifAbsence, Pointage, Reservation

E = EtatReservation


class AbsenceForm(CasesForm):
    operation = Operation.ABSENCE

    motif = forms.ModelChoiceField(
        MotifAbsence.objects.filter(actif=True),
        label="Raison de l’absence",
        empty_label=None,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={
            "required": "Choisissez la raison de l’absence.",
            "invalid_choice": "Choisissez une raison de la liste.",
        },
    )

    def excusee(self, verdict: Examen, motif: MotifAbsence) -> bool:
        return consequence_absence(motif.consequence, verdict.verdict.a_temps)

    @property
    def raisons(self) -> list[tuple]:
        """Each choice with what the règlement intérieur says of it for the days chosen."""
        tous = list(self["motif"])
        if not self.reclamee:
            for choix in tous:
                choix.data["attrs"].pop("aria-invalid", None)  # nothing was given yet: nothing is wrong
        return [(choix, self._consequence(choix.data["value"].instance)) for choix in tous]

    @property
    def reclamee(self) -> bool:
        """Sent from the page that asks the reason, and not from the grid."""
        return "confirme" in self.data

    def _consequence(self, motif: MotifAbsence) -> str:
        facturees = sum(not self.excusee(verdict, motif) for verdict in self.acceptes)
        if not facturees:
            return "non facturée"
        if facturees == len(self.acceptes):
            return "facturée"
        return f"facturée pour {facturees} des {len(self.acceptes)} jours"


class Absence(NatureJours):
    cle = NatureDemande.ABSENCE
    pieces = "Si vous le souhaitez : un justificatif."
    permission = "demandes.voir_raison"
    formulaire_de = AbsenceForm
    provisoire = E.ABSENCE_DEMANDEE
    reserve = "La raison de cette absence n’est lue que par la personne qui l’a déclarée et par les agents."

    def lisible_par(self, acces, demande: Demande) -> bool:
        """It may tell of health: parents who live apart share the days of the child, not the reason.

        `absence.html` says this rule to who writes the reason.
        """
        return demande.est_de(acces)

    def saisie(self, form: AbsenceForm) -> dict:
        return {"motif": str(form.cleaned_data["motif"])}

    def au_depot(self, demande: Demande, form: AbsenceForm, par) -> list[LigneDemande]:
        motif = form.cleaned_data["motif"]
        excusees = {v.reservation.pk: form.excusee(v, motif) for v in form.acceptes}
        # All are locked before the first moves: two calls may follow, by what they cost.
        reservees = Reservation.objects.filter(pk__in=excusees).select_for_update(of=("self",)).order_by("pk")
        deplacees = self._deplacer([(r, E.ABSENCE_DEMANDEE, excusees[r.pk]) for r in reservees], demande, par)
        if len(deplacees) != len(excusees):
            raise DejaTraite("Un de ces jours n’est plus réservé : rien n’a été envoyé.")
        prestations = Prestation.objects.in_bulk({r.prestation_id for r in deplacees})
        dans_l_ordre = sorted(deplacees, key=lambda r: (r.jour, r.prestation_id))
        return self.ecrire_lignes(demande, form, dans_l_ordre, prestations)

    def _deplacer(
        self, changements: Iterable[tuple[Reservation, str, bool]], demande: Demande, par
    ) -> list[Reservation]:
        """Move bookings by what their absence costs: `changer_etat` takes one state and one consequence."""
        groupes: dict[tuple[str, bool], list[Reservation]] = {}
        for reservation, vers, excusee in changements:
            groupes.setdefault((vers, excusee), []).append(reservation)
        return [
            reservation
            for (vers, excusee), lignes in groupes.items()
            for reservation in changer_etat(
                reservations=lignes, vers=vers, par=par, motif=str(demande), absence_excusee=excusee
            )
        ]

    def annonce(self, ligne: LigneDemande) -> str:
        return f"{ligne.precision}, d’après le règlement intérieur"

    def reponse(self, ligne: LigneDemande) -> str:
        suite = {NON_FACTUREE: ", non facturée", FACTUREE: ", facturée"}.get(ligne.precision, "")
        return super().reponse(ligne) + (suite if ligne.etat == EtatLigne.ACCEPTEE else "")

    def resume(self, demande: Demande) -> list[Changement]:
        return [Changement("Raison de l’absence", apres=demande.apres["motif"])] if demande.apres else []

    def a_l_acceptation(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self._refuser_les_presents(lignes)
        attendues = verrouillees(lignes, self.provisoire)
        if len(attendues) != len(lignes):
            raise DejaTraite(
                "Un de ces jours n’attend plus de réponse sur le planning. Refusez ce jour-là, "
                "ou remettez-le en attente."
            )
        decidees = {
            r.pk: r
            for r in self._deplacer(
                [
                    (r, E.ABSENT_EXCUSE if r.absence_excusee else E.ABSENT_FACTURE, bool(r.absence_excusee))
                    for r in attendues
                ],
                demande,
                par,
            )
        }
        for ligne in lignes:
            ligne.reservation, ligne.etat = decidees[ligne.reservation_id], EtatLigne.ACCEPTEE

    @staticmethod
    def _refuser_les_presents(lignes: Sequence[LigneDemande]) -> None:
        absents = {(ligne.enfant_id, ligne.prestation_id, ligne.jour) for ligne in lignes}
        enfants, prestations, jours = (set(colonne) for colonne in zip(*absents, strict=True))
        pointages = Pointage.objects.filter(
            enfant__in=enfants, prestation__in=prestations, jour__in=jours, etat=EtatPointage.PRESENT
        ).select_related("prestation")
        for pointage in pointages.order_by("jour"):
            if (pointage.enfant_id, pointage.prestation_id, pointage.jour) in absents:
                raise Refus(
                    f"{pointage.prestation.nom}, {jour_en_lettres(pointage.jour)} : l’enfant est pointé "
                    "présent. Refusez ce jour-là, ou corrigez le pointage."
                )

    def au_refus(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self.rendre(demande, lignes, E.RESERVEE, par)

    def au_retrait(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self.rendre(demande, lignes, E.RESERVEE, par)
