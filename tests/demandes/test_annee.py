"""« Réserver pour l’année scolaire »: ticks of several children, a recap, one request."""

# budget: one file over 300 lines, one request and all that may go wrong with it.

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demandes import actions
from demandes.models import Demande, LigneDemande
from familles import horloge
from familles.erreurs import Refus
from familles.models import Responsable
from planning.enums import EtatReservation, ModeDelai, Operation, Origine
from planning.models import RegleDelai, Reservation
from planning.rythme import Rythme
from tests.demandes.conftest import MAINTENANT, acces_de, adresse, enfant_inscrit, lues, texte
from tests.fabriques.facturation import TarifFactory
from tests.fabriques.familles import PrestationFactory, StructureFactory
from tests.fabriques.planning import FermetureFactory, JourFerieFactory, VacancesFactory
from tests.planning.mois import grille_de

R = EtatReservation
# Monday 30 November to Sunday 24 January: eight weeks, two of them of holidays.
DU, AU = date(2026, 11, 30), date(2027, 1, 24)


@pytest.fixture
def cyril(dupont, repas, lea):
    return enfant_inscrit(dupont, repas, "Cyril")


@pytest.fixture
def jeudi_midi(collectivite):
    """The manual's rule."""
    return RegleDelai.objects.create(operation=Operation.RESERVER, mode=ModeDelai.SEMAINE)


@pytest.fixture
def noel(collectivite):
    return VacancesFactory()


def coches(*choix, semaines="chaque", du=DU, au=AU, **autres) -> dict:
    """`choix`: (child, prestation, even weeks[, odd weeks])."""
    donnees = {"du": du.isoformat(), "au": au.isoformat(), "semaines": semaines, **autres}
    for enfant, prestation, paires, *impaires in choix:
        donnees[f"paires-{enfant.pk}-{prestation.pk}"] = list(paires)
        donnees[f"impaires-{enfant.pk}-{prestation.pk}"] = list(*impaires)
    return donnees


def page(connecter, personne, enfant, donnees=None):
    client, lieu = connecter(personne), adresse("annee", enfant.pk)
    return client.get(lieu) if donnees is None else client.post(lieu, donnees)


def envoyer(connecter, personne, enfant, donnees):
    """Read the recap, then send it as it was read."""
    vu = page(connecter, personne, enfant, donnees).context["form"].empreinte
    return page(connecter, personne, enfant, {**donnees, "vu": vu, "envoyer": "1"})


def test_la_page_propose_chaque_enfant_et_ses_habitudes(dupont, lea, cyril, repas, connecter):
    inscription = cyril.inscriptions.get()
    inscription.semaine_paire = inscription.semaine_impaire = "14"
    inscription.save()
    reponse = page(connecter, dupont.titulaire, cyril)
    assert [f.enfant.prenom for f in reponse.context["feuilles"]] == ["Cyril", "Léa"]
    html = reponse.content.decode()
    assert f'name="paires-{cyril.pk}-{repas.pk}" value="1" checked' in html
    assert f'name="paires-{lea.pk}-{repas.pk}" value="1">' in html
    assert "Les mêmes jours que Léa" in html


def test_le_recapitulatif_compte_les_jours_et_dit_ceux_qu_il_laisse(
    dupont, lea, cyril, repas, jeudi_midi, noel, reserver, connecter
):
    JourFerieFactory(jour=date(2027, 1, 12), nom="Fête de la ville")
    FermetureFactory(du=date(2027, 1, 19), motif="Travaux")
    reserver(dupont.titulaire, lea, date(2026, 12, 1))
    donnees = coches((lea, repas, "2"), (cyril, repas, "2"), du=date(2026, 11, 24))
    reponse = page(connecter, dupont.titulaire, lea, donnees)
    # Tuesdays 24 Nov. (late), 1, 8, 15 Dec., 5 Jan.; Léa has asked for 1 December already.
    assert {ligne.enfant: len(ligne.jours) for ligne, _ in reponse.context["lignes"]} == {lea: 3, cyril: 4}
    assert reponse.context["nombre"] == 7
    lu = texte(reponse)
    assert "Rien n’est encore envoyé. Votre demande porterait sur 7 réservations" in lu
    for phrase, quand in (
        ("Vacances de Noël : pas de service pendant les vacances.", "22/12/2026, 29/12/2026"),
        ("Jour férié (Fête de la ville) : pas de service.", "12/01/2027"),
        ("Fermeture (Travaux) : pas de service.", "19/01/2027"),
        ("Une demande est déjà en cours de traitement pour ce jour.", "01/12/2026. Léa, Repas"),
        ("Le délai pour réserver est passé depuis le jeudi 19 novembre 2026", "24/11/2026"),
    ):
        assert lu.index(phrase) < lu.index(quand, lu.index(phrase))
    assert Demande.objects.count() == 1
    assert Reservation.objects.count() == 1


def test_l_envoi_fait_une_seule_demande_pour_tous(
    dupont, lea, cyril, repas, jeudi_midi, noel, connecter, agent
):
    reponse = envoyer(
        connecter, dupont.titulaire, lea, coches((lea, repas, "24", ""), (cyril, repas, "5", ""))
    )
    demande = Demande.objects.get()
    assert (reponse.status_code, reponse.url) == (302, demande.get_absolute_url())
    assert demande.enfant is None
    # Six weeks of school: Tuesdays and Thursdays of Léa, Fridays of Cyril.
    assert LigneDemande.objects.filter(enfant=lea).count() == 12
    assert LigneDemande.objects.filter(enfant=cyril).count() == 6
    assert set(Reservation.objects.values_list("origine", "etat")) == {(Origine.REGULIERE, R.DEMANDEE)}
    lu = texte(connecter(dupont.conjoint).get(demande.get_absolute_url()))
    assert "Cyril" in lu
    actions.accepter(demande=demande, par=agent)
    assert set(Reservation.objects.values_list("etat", flat=True)) == {R.RESERVEE}


def test_les_semaines_paires_et_impaires_different(dupont, lea, repas, connecter):
    donnees = coches((lea, repas, "1", "4"), semaines="alternees", du=date(2026, 12, 7), au=date(2027, 1, 17))
    envoyer(connecter, dupont.titulaire, lea, donnees)
    jours = list(Reservation.objects.order_by("jour").values_list("jour", flat=True))
    # 2026 has fifty-three weeks: two odd ones follow each other.
    assert [(j.isocalendar().week, j.isoweekday()) for j in jours] == [
        (50, 1),
        (51, 4),
        (52, 1),
        (53, 4),
        (1, 4),
        (2, 1),
    ]


def test_chaque_semaine_ignore_les_coches_des_semaines_impaires(dupont, lea, repas, connecter):
    donnees = coches((lea, repas, "1", "245"), au=date(2026, 12, 13))
    envoyer(connecter, dupont.titulaire, lea, donnees)
    assert {j.isoweekday() for j in Reservation.objects.values_list("jour", flat=True)} == {1}


def test_copier_les_jours_de_l_aine_ne_touche_pas_aux_autres(dupont, lea, cyril, repas, connecter):
    donnees = coches((lea, repas, "15", "2"), (cyril, repas, "4"), semaines="alternees")
    reponse = page(connecter, dupont.titulaire, lea, {**donnees, "copier": f"{lea.pk}-{cyril.pk}"})
    html = reponse.content.decode()
    for enfant in (lea, cyril):
        for nom, jours in (("paires", "15"), ("impaires", "2")):
            assert [j for j in "1245" if f'"{nom}-{enfant.pk}-{repas.pk}" value="{j}" checked' in html] == [
                *jours
            ]
    assert not Demande.objects.exists()


def test_copier_prend_le_service_du_meme_nom_dans_l_autre_ecole(dupont, lea, repas, connecter):
    autre = PrestationFactory(
        nom="Repas",
        structure=StructureFactory(nom="École Jules-Ferry"),
        regie=repas.regie,
        jours_ouverts="12",
    )
    cadet = enfant_inscrit(dupont, autre, "Cyril")
    donnees = {**coches((lea, repas, "145"), (cadet, autre, "")), "copier": f"{lea.pk}-{cadet.pk}"}
    html = page(connecter, dupont.titulaire, lea, donnees).content.decode()
    assert [j for j in "12" if f'"paires-{cadet.pk}-{autre.pk}" value="{j}" checked' in html] == ["1"]


def test_ce_qui_change_entre_la_lecture_et_l_envoi_se_relit(dupont, lea, repas, reserver, connecter):
    donnees = coches((lea, repas, "4"))
    vu = page(connecter, dupont.titulaire, lea, donnees).context["form"].empreinte
    reserver(dupont.conjoint, lea, date(2026, 12, 3))
    reponse = page(connecter, dupont.titulaire, lea, {**donnees, "vu": vu, "envoyer": "1"})
    assert reponse.status_code == 409
    assert "a changé depuis que vous avez lu cette page" in texte(reponse)
    assert Demande.objects.count() == 1


def test_envoyer_deux_fois_ne_demande_qu_une_fois(dupont, lea, repas, connecter):
    donnees = coches((lea, repas, "1"))
    vu = page(connecter, dupont.titulaire, lea, donnees).context["form"].empreinte
    envoi = {**donnees, "vu": vu, "envoyer": "1"}
    statuts = [page(connecter, dupont.titulaire, lea, envoi).status_code for _ in range(2)]
    assert statuts == [302, 409]
    assert Demande.objects.count() == 1


@pytest.mark.parametrize("vu", ["", "0" * 64, "x" * 64, "x" * 65, None])
def test_un_envoi_qui_n_a_pas_lu_le_recapitulatif_n_ecrit_rien(dupont, lea, repas, connecter, vu):
    donnees = coches((lea, repas, "1"))
    if vu is None:  # of other ticks: what was read is not what is sent
        vu = page(connecter, dupont.titulaire, lea, coches((lea, repas, "12"))).context["form"].empreinte
    reponse = page(connecter, dupont.titulaire, lea, {**donnees, "vu": vu, "envoyer": "1"})
    assert reponse.status_code in (409, 422)
    assert not Demande.objects.exists()
    assert not Reservation.objects.exists()


def test_un_jour_pris_au_meme_instant_n_ecrit_rien(dupont, lea, repas, connecter, monkeypatch):
    donnees = coches((lea, repas, "4"))

    def trop_tard(**_):
        raise Refus("Un de ces jours vient d’être demandé.")

    monkeypatch.setattr(actions, "deposer", trop_tard)
    reponse = envoyer(connecter, dupont.titulaire, lea, donnees)
    assert reponse.status_code == 409
    assert "vient d’être demandé" in texte(reponse)


def test_les_jours_hors_delai_se_demandent_un_par_un(dupont, lea, repas, jeudi_midi, connecter):
    """Nobody pays a surcharge for having ticked a weekday."""
    jeudi_midi.retard = "MAJORE"
    jeudi_midi.save()
    reponse = page(connecter, dupont.titulaire, lea, coches((lea, repas, "5"), du=date(2026, 11, 24)))
    assert "ces jours se demandent un par un" in texte(reponse)
    assert date(2026, 11, 27) not in {v.jour for v in reponse.context["form"].acceptes}


def test_le_prix_estime_se_lit_par_qui_voit_le_compte(dupont, lea, repas, connecter):
    TarifFactory(prestation=repas, montant=Decimal("3.50"))
    donnees = coches((lea, repas, "1245"), au=date(2026, 12, 6))
    assert "14,00 €" in texte(page(connecter, dupont.titulaire, lea, donnees)).replace("\xa0", " ")
    assert "€" not in texte(page(connecter, dupont.conjoint, lea, donnees))


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"au": "2026-11-29"}, "La fin de la période ne peut précéder son début."),
        ({"du": "2026-09-01", "au": "2026-11-23"}, "Cette période est passée"),
        ({"au": "2029-12-01"}, "Choisissez une période de deux ans au plus."),
        ({"semaines": "jamais"}, "Sélectionnez un choix valide"),
        ({"du": "demain"}, "Saisissez une date valide"),
    ],
)
def test_une_periode_insensee_garde_ce_qui_etait_coche(dupont, lea, repas, connecter, change, phrase):
    reponse = page(connecter, dupont.titulaire, lea, coches((lea, repas, "15")) | change)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert f'"paires-{lea.pk}-{repas.pk}" value="5" checked' in reponse.content.decode()


def test_sans_rien_cocher_rien_ne_se_recapitule(dupont, lea, connecter):
    reponse = page(connecter, dupont.titulaire, lea, coches())
    assert reponse.status_code == 422
    assert "Cochez au moins un jour de la semaine" in texte(reponse)


@pytest.mark.parametrize("jour", ["3", "9", "lundi"])
def test_un_jour_ou_le_service_n_ouvre_pas_se_refuse_avec_une_phrase(
    dupont, lea, cyril, repas, connecter, jour
):
    """Forged, or shut by the structure since the page was read."""
    donnees = coches((lea, repas, "15"), (cyril, repas, "1"))
    donnees[f"paires-{lea.pk}-{repas.pk}"] = ["1", jour]
    reponse = page(connecter, dupont.titulaire, lea, donnees)
    assert reponse.status_code == 422
    lu = texte(reponse)
    assert lu.count("Léa, Repas : un des jours cochés n’est pas un jour d’ouverture de ce service.") == 1
    assert "Cyril, Repas : un des jours" not in lu
    assert f'"paires-{lea.pk}-{repas.pk}" value="1" checked' in reponse.content.decode()
    assert not Reservation.objects.exists()


def test_un_etranger_n_y_trouve_personne(martin, hugo, lea, connecter):
    assert page(connecter, martin.titulaire, lea).status_code == 404
    assert page(connecter, martin.titulaire, lea, coches()).status_code == 404


def test_un_enfant_d_une_autre_famille_ne_se_glisse_pas_dans_la_demande(martin, hugo, lea, repas, connecter):
    envoyer(connecter, martin.titulaire, hugo, coches((hugo, repas, "4"), (lea, repas, "4")))
    assert set(Reservation.objects.values_list("enfant", flat=True)) == {hugo.pk}


def test_un_agent_ne_decide_pas_pour_ses_propres_enfants(dupont, lea, cyril, repas, connecter, autre_agent):
    """Though the request names no child: its days do."""
    envoyer(connecter, dupont.titulaire, lea, coches((lea, repas, "4"), (cyril, repas, "4")))
    Responsable.objects.filter(pk=dupont.conjoint.pk).update(utilisateur=autre_agent)
    with pytest.raises(Refus, match="propre famille"):
        actions.accepter(demande=Demande.objects.get(), par=autre_agent)


def test_les_verdicts_sont_ceux_du_planning(dupont, lea, repas, jeudi_midi, noel, reserver, connecter):
    """Day by day, the same sentence as the cell of the month."""
    reserver(dupont.titulaire, lea, date(2026, 12, 4))
    reponse = page(connecter, dupont.titulaire, lea, coches((lea, repas, "1245"), du=date(2026, 11, 24)))
    grilles = [
        grille_de(acces_de(dupont.titulaire), lea, premier, MAINTENANT)
        for premier in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
    ]
    cases = {case.jour: case.reserver for grille in grilles for case in grille.lignes[0].cases}
    verdicts = reponse.context["form"].verdicts
    assert len(verdicts) > 30
    assert [v.verdict for v in verdicts] == [cases[v.jour] for v in verdicts]


def test_une_annee_coute_autant_de_requetes_qu_une_semaine(dupont, lea, cyril, repas, garderie, connecter):
    """Two children, two services, the whole year or a few days: reading, sending and accepting."""
    comptes = []
    for au in (DU + timedelta(days=6), date(2027, 8, 31)):
        donnees = coches((lea, repas, "1245"), (cyril, repas, "1245"), au=au)
        page(connecter, dupont.titulaire, lea, donnees)
        with CaptureQueriesContext(connection) as requetes:
            envoyer(connecter, dupont.titulaire, lea, donnees)
        comptes.append(len(lues(requetes)))
        Reservation.objects.update(etat=R.ANNULEE)
    # SQLite writes many rows in several goes.
    assert comptes[1] <= comptes[0] + 10, comptes


def test_le_rythme_d_une_semaine_sur_deux_suit_le_numero_iso():
    rythme = Rythme(paires="1", impaires="")
    jours = list(rythme.jours(date(2026, 12, 1), date(2027, 1, 31)))
    assert [j.isocalendar().week for j in jours] == [50, 52, 2, 4]
    assert not Rythme()


def test_la_demande_de_plusieurs_enfants_se_decide_dans_l_admin(dupont, lea, cyril, repas, connecter, agent):
    envoyer(connecter, dupont.titulaire, lea, coches((lea, repas, "4"), (cyril, repas, "4")))
    demande = Demande.objects.get()
    with horloge.figer(MAINTENANT):
        reponse = connecter(agent).get(f"/admin/demandes/demande/{demande.pk}/decider/")
    html = reponse.content.decode()
    assert "Cyril" in html
    assert "Léa" in html
