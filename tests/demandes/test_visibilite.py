"""Who sees which request: the separated conjoint those of the children and her own; a couple all."""

import pytest
from django.db.models import Count, Subquery

from demandes.models import Demande
from demandes.natures import NATURES
from familles.acces import Acces
from familles.models import Responsable, Utilisateur
from tests.demandes.conftest import acces_de


@pytest.fixture
def demandes(dupont, lea, martin, hugo, changer_adresse, reserver):
    """Three requests in each family, by what they bear on."""
    return {
        nom: {
            "titulaire": changer_adresse(famille.titulaire),
            "conjoint": changer_adresse(famille.conjoint),
            "enfant": reserver(famille.titulaire, enfant),
        }
        for nom, famille, enfant in (("dupont", dupont, lea), ("martin", martin, hugo))
    }


def vues(responsable, demandes):
    visibles = set(Demande.objects.pour(acces_de(responsable)).values_list("pk", flat=True))
    assert len(visibles) == compteur(responsable)
    return {f"{f} {n}" for f, par_nom in demandes.items() for n, d in par_nom.items() if d.pk in visibles}


def compteur(responsable) -> int:
    """The counter of the frame, a subquery on Responsable, obeys the same rule."""
    lignes = Demande.objects.en_attente().vues_par_le_responsable().order_by().values("famille")
    nombre = Subquery(lignes.annotate(n=Count("pk")).values("n"))
    return Responsable.objects.annotate(n=nombre).get(pk=responsable.pk).n or 0


def test_des_parents_separes_voient_chacun_leur_part(dupont, demandes):
    assert vues(dupont.titulaire, demandes) == {"dupont titulaire", "dupont conjoint", "dupont enfant"}
    assert vues(dupont.conjoint, demandes) == {"dupont conjoint", "dupont enfant"}


def test_un_couple_voit_tout_et_rien_des_autres(martin, demandes):
    attendu = {"martin titulaire", "martin conjoint", "martin enfant"}
    assert vues(martin.titulaire, demandes) == vues(martin.conjoint, demandes) == attendu


def test_des_coordonnees_masquees_cachent_aussi_la_demande(dupont, demandes):
    conjoint = dupont.responsables.get(rang=2)
    conjoint.coordonnees_masquees = True
    conjoint.save()
    assert vues(dupont.titulaire, demandes) == {"dupont titulaire", "dupont enfant"}
    assert "dupont conjoint" in vues(conjoint, demandes)


def test_un_compte_sans_famille_ne_voit_rien(demandes):
    assert not Demande.objects.pour(Acces.pour_utilisateur(Utilisateur.objects.create_user("seul"))).exists()


@pytest.mark.parametrize(
    ("qui", "nature", "permis"),
    [
        ("titulaire", "responsable", True),
        ("titulaire", "conjoint", True),
        ("conjoint", "responsable", False),
        ("conjoint", "conjoint", True),
    ],
)
def test_une_conjointe_separee_ne_remplit_pas_la_fiche_du_titulaire(dupont, martin, qui, nature, permis):
    assert (NATURES[nature].formulaire(acces_de(getattr(dupont, qui))) is not None) is permis
    assert NATURES[nature].formulaire(acces_de(getattr(martin, qui))) is not None


def test_sans_conjoint_pas_de_fiche_de_conjoint(dupont):
    dupont.responsables.get(rang=2).delete()
    assert NATURES["conjoint"].formulaire(acces_de(dupont.titulaire)) is None


def test_seul_le_deposant_ou_son_couple_retire(dupont, martin, demandes):
    def retirable(famille, nom, demande):
        return demande.retirable_par(acces_de(getattr(famille, nom)))

    assert retirable(dupont, "titulaire", demandes["dupont"]["enfant"])
    assert not retirable(dupont, "conjoint", demandes["dupont"]["enfant"])
    assert retirable(martin, "conjoint", demandes["martin"]["enfant"])
