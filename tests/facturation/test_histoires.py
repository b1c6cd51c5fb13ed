"""Whatever a family and its accountant do: lines make invoices, nothing is lost nor billed twice."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facturation import actions
from facturation.models import CompteurNumero, Facture, Reglement, UniteFacturee
from facturation.releve import releve, solde
from familles.erreurs import Refus
from familles.models import Famille
from tests.facturation.conftest import NOVEMBRE, enfants_de

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE
RAPIDE = {
    "max_examples": 15,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}
MOIS = [NOVEMBRE, (date(2026, 12, 1), date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 1, 31))]
jours = st.dates(date(2026, 11, 2), date(2027, 1, 29))
gestes = st.lists(
    st.one_of(
        st.tuples(st.just("reserver"), jours),
        st.tuples(st.just("renoncer"), st.integers(0, 50)),
        st.tuples(st.just("facturer"), st.integers(0, 2)),
        st.tuples(st.just("encaisser"), st.integers(1, 3000)),
        st.tuples(st.just("annuler"), st.integers(0, 50)),
        st.tuples(st.just("rendre"), st.integers(0, 50)),
        st.tuples(st.just("contrepasser"), st.integers(0, 50)),
    ),
    max_size=10,
)


class Histoire:
    """A family whose meals are billed in advance, late bookings dearer: what one does, then the other."""

    def __init__(self, journal, famille, repas, regie, comptable):
        self.journal, self.famille, self.repas = journal, famille, repas
        self.commun = {"famille": famille, "regie": regie, "par": comptable}
        self.par = comptable
        journal.lignes = []

    def reserver(self, jour):
        if jour not in {c.jour for c in self.journal.lignes}:
            enfant = enfants_de(self.famille)[0]
            self.journal.noter(self.famille, enfant, self.repas, jour, tardive=jour.day % 3 == 0)

    def renoncer(self, rang):
        if self.journal.lignes:
            self.journal.lignes.pop(rang % len(self.journal.lignes))

    def facturer(self, mois):
        du, au = MOIS[mois]
        actions.emettre(du=du, au=au, **self.commun)

    def encaisser(self, centimes):
        recu = {"mode": "CHEQUE", "montant": D(centimes) / 100, "recu_le": date(2026, 12, 3)}
        actions.encaisser(**recu, **self.commun)

    def annuler(self, rang):
        factures = list(Facture.objects.factures().order_by("numero"))
        if factures:
            actions.avoir(facture=factures[rang % len(factures)], motif="Essai", par=self.par)

    def rendre(self, rang):
        unites = list(UniteFacturee.objects.dues().filter(facture__nature="FACTURE").order_by("pk"))
        if unites:
            unite = unites[rang % len(unites)]
            libre = {"refacturable": bool(rang % 2)}
            actions.avoir_partiel(facture=unite.facture, unites=[unite], motif="Essai", par=self.par, **libre)

    def contrepasser(self, rang):
        reglements = list(Reglement.objects.contrepassables().order_by("numero"))
        if reglements:
            actions.contrepasser(reglement=reglements[rang % len(reglements)], motif="Essai", par=self.par)


def verifier(famille, annee) -> None:
    factures = list(Facture.objects.avec_reste().prefetch_related("lignes", "unites"))
    for facture in factures:
        assert sum((li.montant for li in facture.lignes.all()), D(0)) == facture.total
        assert sum((u.montant for u in facture.unites.all()), D(0)) == facture.total
    numeros = sorted(f.numero for f in factures)
    assert numeros == list(range(1, len(factures) + 1))
    for reglement in Reglement.objects.filter(montant__gt=0).avec_disponible():
        assert 0 <= reglement.disponible <= reglement.montant
    dresse = releve(famille, annee)
    assert dresse.total_debit - dresse.total_credit == dresse.solde == solde(famille)


@settings(**RAPIDE)
@given(histoire=gestes)
def test_les_lignes_font_la_facture_quelle_que_soit_l_histoire(
    histoire, journal, martin, repas, regie, comptable, annee_2026
):
    with transaction.atomic():
        repas.terme = "A_ECHOIR"
        repas.save()
        repas.tarifs.update(majoration=D(1))
        vecue = Histoire(journal, martin, repas, regie, comptable)
        for geste, valeur in histoire:
            try:
                with transaction.atomic():
                    getattr(vecue, geste)(valeur)
            except Refus:
                pass  # refused: nothing is written, the history goes on
            verifier(martin, annee_2026)
        transaction.set_rollback(True)


class Coupure(Exception):
    """The machine stops: nothing of the batch under way remains."""


@settings(**RAPIDE)
@given(
    lots=st.lists(st.tuples(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.booleans()), max_size=6)
)
def test_dans_n_importe_quel_ordre_deux_fois_ou_coupee_la_facturation_est_la_meme(
    lots,
    dix_familles,
    regie,
    comptable,
):
    with transaction.atomic():
        for rangs, coupee in lots:
            familles = [dix_familles[rang] for rang in rangs]
            try:
                with transaction.atomic():
                    actions.emettre_lot(familles=familles, regie=regie, du=DU, au=AU, par=comptable)
                    if coupee:
                        raise Coupure
            except Coupure:
                pass
        actions.emettre_periode(regie=regie, du=DU, au=AU, par=comptable)
        factures = Facture.objects.order_by("numero")
        assert [f.numero for f in factures] == list(range(1, 11))
        assert CompteurNumero.objects.get().dernier == 10
        totaux = dict(factures.values_list("famille", "total"))
        dupont = Famille.objects.get(numero="1001001818331")
        assert totaux == {pk: D("16.40") if pk == dupont.pk else D("10.50") for pk in dix_familles}
        assert UniteFacturee.objects.count() == 6 + 9 * 3
        transaction.set_rollback(True)
