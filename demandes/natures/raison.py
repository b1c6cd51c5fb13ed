"""The reason of an absence: which may be chosen for these days, and what each costs."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django import forms

from demandes.justificatifs import dire_limites
from demandes.natures.jours import CasesForm
from facturation.cout_absence import couter_absences
from familles.francais import euros
from planning.enums import Consequence, Operation, Origine
from planning.examen import Examen, reglement_a
from planning.models import MotifAbsence
from planning.reglement import Reglement, consequence_absence

SEULEMENT_JUSTIFIEES = (
    "Un de ces jours ne s’excuse plus qu’avec un justificatif : choisissez une raison qui en demande un."
)


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
            limites = {v.jour: limite for v in self.acceptes if (limite := self._limite(v, motif))}
            return f"facturée, sauf avec un justificatif {dire_limites(limites)}" if limites else "facturée"
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
