"""« Liste des demandes »: halves, natures, answers, the manual's columns, its cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demandes import actions
from demandes.models import Demande
from demandes.natures import NATURES
from tests.demandes.conftest import (
    AUTRE_JOUR,
    JOUR,
    acces_de,
    adresse,
    texte,
)


@pytest.mark.parametrize("volet", ["compte", "enfants", "", "zzz"])
def test_une_liste_vide_dit_ce_qui_viendra(dupont, connecter, volet):
    reponse = connecter(dupont.titulaire).get(adresse("liste"), {"volet": volet})
    assert reponse.status_code == 200
    assert "Aucune demande" in texte(reponse)


def test_la_liste_range_ce_qui_attend_ce_qui_est_refuse_et_ce_qui_est_accepte(
    dupont, changer_adresse, agent, connecter
):
    actions.refuser(demande=changer_adresse(dupont.titulaire), motif="Justificatif manquant", par=agent)
    actions.accepter(demande=changer_adresse(dupont.titulaire, "5 impasse des Lilas"), par=agent)
    changer_adresse(dupont.conjoint)
    page = texte(connecter(dupont.titulaire).get(adresse("liste")))
    titres = ["Demandes en attente", "Demandes refusées", "Demandes acceptées"]
    ordre = [page.rindex(titre) for titre in titres]
    assert ordre == sorted(ordre)
    for colonne in ("Date.demande", "Date.refus", "Motif.refus", "Date.acceptation", "Justificatif manquant"):
        assert colonne in page


def test_une_nature_choisie_montre_les_colonnes_du_manuel(dupont, changer_adresse, agent, connecter):
    actions.refuser(demande=changer_adresse(dupont.titulaire), motif="Non", par=agent)
    page = texte(connecter(dupont.titulaire).get(adresse("liste"), {"nature": "responsable"}))
    colonnes = (
        "Responsable Qualité Adresse Tél.domicile Tél.Prof. Mobile Email Profession Employeur "
        "Adresse employeur Date.demande Date.refus Motif.refus"
    )
    assert colonnes in page
    assert "DUPONT JEAN" in page
    assert "3 place du Marché" in page
    assert "24/11/2026" in page


@pytest.mark.parametrize(
    ("volet", "nature", "visibles"),
    [
        ("compte", "", {"responsable", "conjoint"}),
        ("compte", "conjoint", {"conjoint"}),
        ("compte", "reservation", {"responsable", "conjoint"}),
        ("compte", "inconnue", {"responsable", "conjoint"}),
        ("enfants", "", {"reservation"}),
        ("enfants", "reservation", {"reservation"}),
        ("enfants", "absence", set()),
    ],
)
def test_les_volets_et_les_filtres(
    dupont, lea, changer_adresse, reserver, connecter, volet, nature, visibles
):
    deposees = {
        "responsable": changer_adresse(dupont.titulaire),
        "conjoint": changer_adresse(dupont.conjoint),
        "reservation": reserver(dupont.titulaire, lea),
    }
    page = connecter(dupont.titulaire).get(adresse("liste"), {"volet": volet, "nature": nature})
    contenu = page.content.decode()
    assert {n for n, d in deposees.items() if f'href="{d.get_absolute_url()}"' in contenu} == visibles


@pytest.mark.parametrize(
    ("etat", "attendus"),
    [("attente", {2}), ("refusees", {0}), ("acceptees", {1}), ("retirees", set()), ("zzz", {0, 1, 2})],
)
def test_le_filtre_par_reponse(dupont, changer_adresse, agent, connecter, etat, attendus):
    demandes = [
        actions.refuser(demande=changer_adresse(dupont.titulaire), motif="Non", par=agent),
        actions.accepter(demande=changer_adresse(dupont.titulaire), par=agent),
        changer_adresse(dupont.conjoint),
    ]
    contenu = connecter(dupont.titulaire).get(adresse("liste"), {"etat": etat}).content.decode()
    vues = {rang for rang, d in enumerate(demandes) if f'href="{d.get_absolute_url()}"' in contenu}
    assert vues == attendus


def test_une_demande_decidee_quitte_la_liste_apres_le_delai_de_la_ville_mais_pas_une_en_attente(
    dupont, changer_adresse, agent, connecter, collectivite
):
    collectivite.jours_liste_demandes = 10
    collectivite.save()
    vieille = actions.accepter(demande=changer_adresse(dupont.titulaire), par=agent)
    attente = changer_adresse(dupont.conjoint)
    for demande in (vieille, attente):
        demande.depose_le = demande.depose_le.replace(day=13)
        demande.save()
    contenu = connecter(dupont.titulaire).get(adresse("liste")).content.decode()
    assert vieille.get_absolute_url() not in contenu
    assert attente.get_absolute_url() in contenu


def test_les_jours_demandes_et_leur_reponse_se_lisent(dupont, lea, reserver, agent, connecter):
    demande = reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR)
    client = connecter(dupont.titulaire)
    page = texte(client.get(adresse("liste"), {"volet": "enfants", "nature": "reservation"}))
    assert "Enfant Prestation Jours Date.demande" in page
    assert "Léa Repas 03/12/2026, 04/12/2026 24/11/2026" in page
    garde = demande.lignes.first()
    actions.accepter(demande=demande, lignes={garde.pk}, motif="Sortie scolaire", par=agent)
    assert "24/11/2026 (en partie)" in texte(client.get(adresse("liste"), {"volet": "enfants"}))
    detail = texte(client.get(demande.get_absolute_url()))
    assert "Acceptée en partie" in detail
    assert "vendredi 4 décembre 2026 Léa Repas Refusée Sortie scolaire" in detail


def test_la_liste_coute_autant_pour_une_demande_que_pour_trente(
    dupont, lea, reserver, changer_adresse, agent, connecter
):
    client = connecter(dupont.titulaire)

    def compter(volet):
        with CaptureQueriesContext(connection) as capture:
            assert client.get(adresse("liste"), {"volet": volet}).status_code == 200
        return len(capture)

    actions.accepter(demande=changer_adresse(dupont.titulaire), par=agent)
    actions.accepter(demande=reserver(dupont.titulaire, lea), par=agent)
    for volet in ("compte", "enfants"):
        compter(volet)
        avec_une = compter(volet)
        for rang in range(29):
            modele = Demande.objects.pour(acces_de(dupont.titulaire)).du_volet(volet).first()
            lignes = list(modele.lignes.all()) if rang % 2 else []
            modele.pk = None
            modele.save()
            for ligne in lignes:
                ligne.pk, ligne.demande = None, modele
                ligne.save()
        assert compter(volet) == avec_une <= 8
        assert "Page 1 sur 2" in texte(client.get(adresse("liste"), {"volet": volet}))


def test_une_nature_qui_n_est_plus_offerte_n_a_pas_de_page(dupont, connecter, monkeypatch):
    monkeypatch.delitem(NATURES, "fiscal")
    demande = Demande.objects.create(famille=dupont, nature="fiscal", deposant=dupont.titulaire)
    client = connecter(dupont.titulaire)
    assert client.get(adresse("liste")).status_code == 200
    assert client.get(demande.get_absolute_url()).status_code == 404
