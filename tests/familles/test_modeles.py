"""What the database refuses, and what the small methods of the family file answer."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from familles import donnees
from familles.enums import Rang, VerbeTrace
from familles.models import AnneeScolaire, Collectivite, Responsable, Trace
from tests.fabriques.familles import (
    AnneeScolaireFactory,
    EnfantFactory,
    FamilleFactory,
    InscriptionFactory,
    PrestationFactory,
    QuotientFamilialFactory,
    RattachementFactory,
    ResponsableFactory,
    ScolariteFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db


def refuse(fabrique, **valeurs):
    with pytest.raises(IntegrityError), transaction.atomic():
        fabrique(**valeurs)


def test_une_famille_a_un_titulaire_et_un_conjoint_au_plus():
    famille = FamilleFactory()
    ResponsableFactory(famille=famille, rang=Rang.TITULAIRE)
    ResponsableFactory(famille=famille, rang=Rang.CONJOINT)
    refuse(ResponsableFactory, famille=famille, rang=Rang.CONJOINT)
    refuse(ResponsableFactory, famille=famille, rang=3)


def test_un_compte_n_est_qu_une_fois_dans_une_famille():
    compte, famille = UtilisateurFactory(), FamilleFactory()
    ResponsableFactory(famille=famille, rang=Rang.TITULAIRE, utilisateur=compte)
    refuse(ResponsableFactory, famille=famille, rang=Rang.CONJOINT, utilisateur=compte)


def test_l_identifiant_ne_se_double_pas_par_la_casse():
    UtilisateurFactory(username="jean.dupont")
    refuse(UtilisateurFactory, username="Jean.Dupont")


@pytest.mark.parametrize("numero", ["123", "1001001818331x", "10010018183311"])
def test_un_numero_de_famille_a_treize_chiffres(numero):
    with pytest.raises(ValidationError):
        FamilleFactory.build(numero=numero).full_clean()


def test_une_periode_ne_finit_pas_avant_de_commencer():
    refuse(RattachementFactory, du=date(2026, 9, 2), au=date(2026, 9, 1))
    refuse(ScolariteFactory, du=date(2026, 9, 2), au=date(2026, 9, 1))
    refuse(InscriptionFactory, du=date(2026, 9, 2), au=date(2026, 9, 1))
    refuse(QuotientFamilialFactory, du=date(2026, 9, 2), au=date(2026, 9, 1))


def test_une_annee_scolaire_va_du_premier_septembre_au_31_aout():
    annee = AnneeScolaireFactory(debut=date(2014, 9, 1))
    assert (annee.fin, annee.libelle) == (date(2015, 8, 31), "2014-2015")
    assert AnneeScolaire.objects.du_jour(date(2015, 4, 8)) == annee
    assert AnneeScolaire.objects.du_jour(date(2015, 9, 1)) is None
    refuse(AnneeScolaireFactory, debut=date(2015, 9, 2))


@pytest.mark.parametrize("libelle", ["", "2014", "2014-2016", "abcd-efgh", "2014-2015-2016", "٢٠١٤-2015"])
def test_une_annee_scolaire_mal_ecrite_est_inconnue(libelle):
    AnneeScolaireFactory(debut=date(2014, 9, 1))
    assert AnneeScolaire.objects.du_libelle(libelle) is None


def test_le_rythme_d_une_inscription_distingue_les_semaines():
    inscription = InscriptionFactory.build(semaine_paire="14", semaine_impaire="")
    assert inscription.rythme_du(date(2026, 11, 23))  # Monday of week 48
    assert not inscription.rythme_du(date(2026, 11, 24))
    assert not inscription.rythme_du(date(2026, 11, 30))  # week 49


def test_une_prestation_connait_ses_jours_de_semaine():
    prestation = PrestationFactory.build(jours_ouverts="1245")
    ouverts = [j for j in range(23, 30) if prestation.ouvre_le(date(2026, 11, j))]
    assert ouverts == [23, 24, 26, 27]


def test_la_collectivite_est_seule():
    Collectivite(nom="Une").save()
    Collectivite(nom="Autre").save()
    assert [c.nom for c in Collectivite.objects.all()] == ["Autre"]


def test_changer_un_parametre_perime_ce_qui_etait_garde():
    Collectivite(nom="Ville").save()
    lectures = []

    def lire():
        lectures.append(1)
        return len(lectures)

    assert [donnees.par_version("essai", lire) for _ in range(2)] == [1, 1]
    PrestationFactory()
    assert donnees.par_version("essai", lire) == 2


def test_une_version_annulee_ne_revient_jamais():
    Collectivite(nom="Ville").save()
    avant = Collectivite.objects.version()
    with pytest.raises(RuntimeError), transaction.atomic():
        donnees.perimer()
        annulee = Collectivite.objects.version()
        raise RuntimeError
    donnees.perimer()
    assert len({avant, annulee, Collectivite.objects.version()}) == 3


def test_une_trace_ne_se_modifie_ni_ne_s_efface():
    trace = Trace.objects.inscrire(
        par=UtilisateurFactory(), verbe=VerbeTrace.CONSULTER, objet=EnfantFactory()
    )
    for interdit in (trace.save, trace.delete):
        with pytest.raises(ValidationError):
            interdit()
    for interdit in (Trace.objects.all().delete, lambda: Trace.objects.update(verbe="X")):
        with pytest.raises(TypeError):
            interdit()


def test_le_dossier_nomme_son_titulaire_et_son_conjoint():
    famille = FamilleFactory()
    ResponsableFactory(famille=famille, nom="Dupont", prenom="Jeanne", rang=Rang.CONJOINT)
    ResponsableFactory(famille=famille, nom="Dupont", prenom="Jean", rang=Rang.TITULAIRE)
    assert (famille.titulaire.nom_complet, famille.conjoint.appel) == ("DUPONT JEAN", "Jeanne DUPONT")
    assert str(famille) == f"Dupont ({famille.numero})"


def test_l_historique_garde_l_ancienne_adresse():
    responsable = ResponsableFactory(adresse="12 rue des Bonbons")
    responsable.adresse = "3 place du Marché"
    responsable.save()
    assert [h.adresse for h in Responsable.history.all()] == ["3 place du Marché", "12 rue des Bonbons"]
