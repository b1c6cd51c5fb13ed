"""« Absences »: on days already booked, with the reason; billed or not is judged at the deposit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django import forms

from demandes.enums import EtatLigne, NatureDemande
from demandes.models import FACTUREE, NON_FACTUREE, Demande, LigneDemande
from demandes.natures.base import Changement
from demandes.natures.jours import CasesForm, NatureJours, verrouillees
from facturation.cout_absence import couter_absences
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.francais import euros, jour_en_lettres, moment
from familles.horloge import maintenant
from familles.models import Prestation
from planning.actions import changer_etat, donner_les_places
from planning.cases import consequence_absence
from planning.enums import Consequence, EtatPointage, EtatReservation, Operation, Origine
from planning.examen import Examen, reglement_a
from planning.models import Journee, MotifAbsence, Mouvement, Pointage, Reservation
from planning.reglement import Reglement

E = EtatReservation
SEULEMENT_JUSTIFIEES = (
    "Un de ces jours ne s’excuse plus qu’avec un justificatif : choisissez une raison qui en demande un."
)
JUSTIFICATIF_ATTENDU = "Joignez le justificatif : sans lui, ces jours restent facturés."


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

    def clean(self):
        donnees = super().clean()
        motif = donnees.get("motif")
        if motif and self.a_justifier and not self._justifie(motif):
            self.add_error("motif", SEULEMENT_JUSTIFIEES)
        return donnees

    @property
    def a_justifier(self) -> list[Examen]:
        """Days that only a document still excuses: past, or told too late."""
        return [verdict for verdict in self.acceptes if verdict.verdict.a_justifier]

    @cached_property
    def reglement(self) -> Reglement:
        return reglement_a(self.instant, self.version)

    def excusee(self, verdict: Examen, motif: MotifAbsence, justifiee: bool = False) -> bool:
        """`justifiee`: its document comes with it."""
        a_temps = self._limite(verdict, motif) is not None
        return consequence_absence(motif.consequence, verdict.verdict.a_temps, justifiee and a_temps)

    def _limite(self, verdict: Examen, motif: MotifAbsence) -> datetime | None:
        return self.reglement.justifiable(verdict.jour, motif.justificatif_heures)

    def _justifie(self, motif: MotifAbsence) -> bool:
        """Whether this reason may still excuse what only a document excuses."""
        return motif.consequence == Consequence.JUSTIFICATIF and all(
            self._limite(verdict, motif) for verdict in self.a_justifier
        )

    @property
    def raisons(self) -> list[tuple]:
        """Each choice with what the règlement intérieur says of it for the days chosen."""
        choix = [(c, c.data["value"].instance) for c in self["motif"]]
        if not self.reclamee:
            for c, _ in choix:
                c.data["attrs"].pop("aria-invalid", None)  # nothing was given yet: nothing is wrong
        return [(c, self._dire(m)) for c, m in choix if not self.a_justifier or self._justifie(m)]

    @property
    def reclamee(self) -> bool:
        """Sent from the page that asks the reason, and not from the grid."""
        return "confirme" in self.data

    def _dire(self, motif: MotifAbsence) -> str:
        if motif.consequence == Consequence.JUSTIFICATIF:
            limites = [limite for v in self.acceptes if (limite := self._limite(v, motif))]
            jusqu_a = f" jusqu’au {moment(min(limites))}" if limites else ""
            return f"facturée, sauf avec un justificatif{jusqu_a}" if jusqu_a else "facturée"
        facturees = [v for v in self.acceptes if not self.excusee(v, motif)]
        carences = [v for v in self.acceptes if v not in facturees and self._cout(v, "carence")]
        combien, total = len(facturees) + len(carences), len(self.acceptes)
        if not combien:
            return "non facturée"
        debut = "facturée" if combien == total else f"facturée pour {combien} des {total} jours"
        suite = " (délai de carence)" if carences else ""
        return f"{debut}{self._montant([*facturees, *carences])}{suite}"

    def _montant(self, facturees: list[Examen]) -> str:
        """« : 3,50 € », to those who see the account: a price tells what its holder earns."""
        montants = [self._cout(v, "montant") for v in facturees]
        if not self.acces.complet or None in montants:
            return ""
        return f" : {euros(sum(montants, Decimal(0)))}"

    def _cout(self, verdict: Examen, quoi: str):
        cout = self.couts.get((verdict.enfant_id, verdict.prestation_id, verdict.jour))
        return cout and getattr(cout, quoi)

    @cached_property
    def couts(self) -> dict:
        """What each day would cost, when the page shows it."""
        jours = {
            (v.enfant_id, v.prestation_id, v.jour): v.reservation.origine == Origine.OCCASIONNELLE
            for v in self.acceptes
        }
        return couter_absences(famille_id=self.acces.famille.pk, jours=jours) if jours else {}


class Absence(NatureJours):
    cle = NatureDemande.ABSENCE
    pieces = "Si vous le souhaitez : un justificatif."
    pieces_apres = True  # the certificate comes the day after the child stayed in bed
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
        justifiee = demande.pieces.exists()
        if form.a_justifier and not justifiee:
            raise Invalide(JUSTIFICATIF_ATTENDU)
        excusees = {v.reservation.pk: form.excusee(v, motif, justifiee) for v in form.acceptes}
        # All are locked before the first moves: two calls may follow, by what they cost.
        reservees = Reservation.objects.filter(pk__in=excusees).select_for_update(of=("self",)).order_by("pk")
        deplacees = self._deplacer([(r, E.ABSENCE_DEMANDEE, excusees[r.pk]) for r in reservees], demande, par)
        if len(deplacees) != len(excusees):
            raise DejaTraite("Un de ces jours n’est plus réservé : rien n’a été envoyé.")
        prestations = Prestation.objects.in_bulk({r.prestation_id for r in deplacees})
        dans_l_ordre = sorted(deplacees, key=lambda r: (r.jour, r.prestation_id))
        return self.ecrire_lignes(demande, form, dans_l_ordre, prestations)

    def au_document(self, demande: Demande, par) -> None:
        """The days of a reason that a document excuses, while its time is not over."""
        libelle = demande.apres.get("motif", "")
        motif = MotifAbsence.objects.filter(libelle=libelle, consequence=Consequence.JUSTIFICATIF).first()
        if motif is None:
            return
        reglement = reglement_a(maintenant())
        excusables = [
            ligne.reservation_id
            for ligne in demande.lignes.filter(etat=EtatLigne.EN_ATTENTE)
            if reglement.justifiable(ligne.jour, motif.justificatif_heures)
        ]
        Reservation.objects.filter(pk__in=excusables).justifier()

    def empreinte(self, demande: Demande) -> str:
        """A document that came meanwhile is read before the answer, which throws it away."""
        return ",".join(str(cle) for cle in demande.pieces.values_list("pk", flat=True))

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
        # The day before its bookings, as everywhere: a place may be given again below.
        Journee.objects.verrouiller((ligne.prestation_id, ligne.jour) for ligne in lignes)
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
        donner_les_places(liberees=decidees.values(), par=None)

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
        self._rendre(demande, lignes, par)

    def au_retrait(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        self._rendre(demande, lignes, par)

    def _rendre(self, demande: Demande, lignes: Sequence[LigneDemande], par) -> None:
        """Booked again; already billed as an absence, it stays so."""
        venues = dict(
            Mouvement.objects.filter(
                reservation__in=[ligne.reservation_id for ligne in lignes], vers=E.ABSENCE_DEMANDEE
            )
            .order_by("pk")
            .values_list("reservation", "de")
        )
        facturees = [ligne for ligne in lignes if venues.get(ligne.reservation_id) == E.ABSENT_FACTURE]
        self.rendre(demande, [ligne for ligne in lignes if ligne not in facturees], E.RESERVEE, par)
        self.rendre(demande, facturees, E.ABSENT_FACTURE, par)
