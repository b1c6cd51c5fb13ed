"""Days asked on the grid: what is read, refused, decided in part, put on the waiting list, decided alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from demandes import actions
from demandes.enums import EtatDemande, EtatLigne
from demandes.models import Demande, LigneDemande
from demandes.natures import NATURES
from familles import horloge
from familles.enums import Acceptation
from familles.erreurs import Invalide, Refus
from messagerie.models import Message
from planning.enums import EtatReservation
from planning.models import Reservation
from tests.demandes.conftest import AUTRE_JOUR, JOUR, JOUR_PASSE, MAINTENANT, acces_de, case, texte


def formulaire(famille, enfant, cases, mois="2026-12"):
    donnees = {"cases": cases, "mois": mois}
    return NATURES["reservation"].formulaire(acces_de(famille.titulaire), donnees, enfant=enfant)


@pytest.mark.parametrize(
    "cases",
    [
        [],
        [""],
        ["x"],
        ["1"],
        ["1:2026-13-01"],
        ["1:2026-02-30"],
        ["-1:2026-12-03"],
        ["1:2026-12-03;"],
        ["١:2026-12-03"],
    ],
)
def test_des_cases_illisibles_sont_refusees(dupont, lea, cases):
    form = formulaire(dupont, lea, cases)
    assert not form.is_valid()
    assert form.verdicts == []


def test_trop_de_cases_sont_refusees(dupont, lea):
    assert not formulaire(dupont, lea, ["1:2026-12-03"] * 501).is_valid()


@pytest.mark.parametrize(
    ("mois", "attendu"),
    [("2026-12", (2026, 12)), ("2026-13", None), ("9999-12", None), ("zzz", None), ("", None)],
)
def test_un_mois_inconnu_ramene_au_mois_courant(dupont, lea, repas, mois, attendu):
    form = formulaire(dupont, lea, [case(repas, JOUR)], mois)
    assert form.is_valid()
    lu = form.cleaned_data["mois"]
    assert (lu and (lu.year, lu.month)) == attendu


def test_une_case_repetee_ne_compte_qu_une_fois(dupont, lea, repas):
    form = formulaire(dupont, lea, [case(repas, JOUR)] * 3)
    assert form.is_valid()
    assert len(form.acceptes) == 1


def test_une_ligne_par_jour_avec_sa_reservation(dupont, lea, reserver):
    demande = reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR)
    lignes = list(demande.lignes.all())
    assert [ligne.jour for ligne in lignes] == [JOUR, AUTRE_JOUR]
    assert {ligne.reservation.etat for ligne in lignes} == {EtatReservation.DEMANDEE}
    assert demande.enfant == lea
    assert demande.saisie is None


def test_un_formulaire_avec_un_jour_refuse_ne_depose_rien(dupont, lea, repas):
    form = formulaire(dupont, lea, [case(repas, JOUR), case(repas, JOUR_PASSE)])
    assert form.is_valid()
    with pytest.raises(Refus) as refus:
        actions.deposer(
            nature="reservation",
            acces=acces_de(dupont.titulaire),
            formulaire=form,
            par=dupont.titulaire.utilisateur,
        )
    assert "lundi 23 novembre 2026" in refus.value.message
    assert not Demande.objects.exists()
    assert not Reservation.objects.exists()


def test_un_jour_deja_demande_ne_se_redemande_pas(dupont, lea, repas, reserver):
    reserver(dupont.titulaire, lea)
    form = formulaire(dupont, lea, [case(repas, JOUR)])
    assert form.is_valid()
    assert [v.possible for v in form.verdicts] == [False]


def test_deux_fenetres_a_la_fois_ne_demandent_qu_une_fois(dupont, lea, repas):
    """Both were examined before either was deposited: the constraint decides, with a sentence."""
    formulaires = [formulaire(dupont, lea, [case(repas, JOUR)]) for _ in range(2)]
    assert all(form.is_valid() for form in formulaires)
    acces, par = acces_de(dupont.titulaire), dupont.titulaire.utilisateur
    actions.deposer(nature="reservation", acces=acces, formulaire=formulaires[0], par=par)
    with pytest.raises(Refus) as refus:
        actions.deposer(nature="reservation", acces=acces, formulaire=formulaires[1], par=par)
    assert refus.value.statut == 409
    assert (Demande.objects.count(), Reservation.objects.count(), LigneDemande.objects.count()) == (1, 1, 1)


def test_l_instant_du_depot_est_celui_qui_a_juge_le_delai(dupont, lea, repas, agent):
    form = NATURES["reservation"].formulaire(
        acces_de(dupont.titulaire), {"cases": [case(repas, JOUR)]}, enfant=lea, instant=MAINTENANT
    )
    assert form.is_valid()
    with horloge.figer(MAINTENANT + timedelta(days=20)):
        demande = actions.deposer(
            nature="reservation",
            acces=acces_de(dupont.titulaire),
            formulaire=form,
            par=dupont.titulaire.utilisateur,
        )
    assert demande.depose_le == MAINTENANT
    assert Reservation.objects.get().demandee_le == MAINTENANT


def test_une_demande_deposee_a_temps_et_decidee_apres_le_delai_est_acceptee(dupont, lea, reserver, agent):
    demande = reserver(dupont.titulaire, lea)
    with horloge.figer(MAINTENANT.replace(month=12, day=2, hour=18)):
        actions.accepter(demande=demande, par=agent)
    reservation = Reservation.objects.get()
    assert (reservation.etat, reservation.tardive) == (EtatReservation.RESERVEE, False)


def test_accepter_en_partie(dupont, lea, reserver, agent):
    demande = reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR)
    garde, ecarte = demande.lignes.all()
    decidee = actions.accepter(demande=demande, lignes={garde.pk}, motif="Sortie scolaire", par=agent)
    assert decidee.etat == EtatDemande.PARTIELLE
    etats = {r.jour: r.etat for r in Reservation.objects.all()}
    assert etats == {JOUR: EtatReservation.RESERVEE, AUTRE_JOUR: EtatReservation.REFUSEE}
    ecarte.refresh_from_db()
    assert (ecarte.etat, ecarte.motif) == (EtatLigne.REFUSEE, "Sortie scolaire")
    corps = Message.objects.order_by("pk").last().corps.replace("\xa0", " ")
    assert "acceptée en partie" in corps
    assert "Acceptée :\nLéa, Repas : jeudi 3 décembre 2026" in corps
    assert "Refusée (Sortie scolaire) :\nLéa, Repas : vendredi 4 décembre 2026" in corps


@pytest.mark.parametrize(("gardees", "motif"), [("une", ""), ("aucune", "Complet"), ("inconnue", "Complet")])
def test_accepter_en_partie_demande_un_motif_et_au_moins_un_jour(
    dupont, lea, reserver, agent, gardees, motif
):
    demande = reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR)
    choix = {"une": {demande.lignes.first().pk}, "aucune": set(), "inconnue": {0}}[gardees]
    with pytest.raises(Invalide):
        actions.accepter(demande=demande, lignes=choix, motif=motif, par=agent)
    assert Demande.objects.get().en_attente
    assert set(Reservation.objects.values_list("etat", flat=True)) == {EtatReservation.DEMANDEE}


def test_sans_place_le_jour_va_sur_liste_d_attente_et_c_est_une_reponse(
    dupont, lea, martin, hugo, repas, reserver, agent
):
    repas.capacite = 1
    repas.save()
    actions.accepter(demande=reserver(martin.titulaire, hugo), par=agent)
    demande = actions.accepter(demande=reserver(dupont.titulaire, lea), par=agent)
    assert demande.etat == EtatDemande.LISTE_ATTENTE
    assert demande.lignes.get().etat == EtatLigne.LISTE_ATTENTE
    assert "Sur liste d’attente" in Message.objects.order_by("pk").last().corps


def test_une_demande_sur_liste_d_attente_le_dit_partout_puis_dit_la_place_obtenue(
    dupont, lea, martin, hugo, repas, reserver, agent, connecter
):
    repas.capacite = 1
    repas.save()
    actions.accepter(demande=reserver(martin.titulaire, hugo), par=agent)
    demande = actions.accepter(demande=reserver(dupont.titulaire, lea), par=agent)
    liste = reverse("demandes:liste") + "?volet=enfants"
    pages = (demande.get_absolute_url(), liste, reverse("portail:accueil"))

    def lues() -> list[str]:
        client = connecter(dupont.titulaire)
        return [texte(client.get(page)) for page in pages]

    for page in lues():
        assert "ur liste d’attente" in page
    Reservation.objects.filter(enfant=lea).update(etat=EtatReservation.RESERVEE, rang_attente=None)
    for page in lues():
        assert "ur liste d’attente" not in page
    assert Demande.objects.get(pk=demande.pk).reponse == EtatDemande.ACCEPTEE


@pytest.mark.parametrize(
    ("refuse", "place", "dite"),
    [
        (True, False, "Refusée en partie, le reste sur liste d’attente"),
        (True, True, "Acceptée en partie"),
        (False, False, "Acceptée, en partie sur liste d’attente"),
        (False, True, "Acceptée"),
    ],
)
def test_une_demande_dont_un_jour_attend_ne_se_dit_pas_acceptee_sans_le_dire(
    dupont, lea, martin, hugo, repas, reserver, agent, connecter, refuse, place, dite
):
    repas.capacite = 1
    repas.save()
    actions.accepter(demande=reserver(martin.titulaire, hugo), par=agent)
    demande = reserver(dupont.titulaire, lea, JOUR, AUTRE_JOUR)
    gardes = {demande.lignes.get(jour=JOUR).pk} if refuse else None
    actions.accepter(demande=demande, lignes=gardes, motif="Fermé." if refuse else "", par=agent)
    if place:
        Reservation.objects.filter(enfant=lea, etat=EtatReservation.LISTE_ATTENTE).update(
            etat=EtatReservation.RESERVEE, rang_attente=None
        )
    else:
        sujet = Message.objects.order_by("pk").last().conversation.sujet
        assert sujet == f"Demande n° {demande.pk} : {dite[0].lower()}{dite[1:]}"
    assert Demande.objects.get(pk=demande.pk).reponse.label == dite
    assert Demande.objects.avec_reponse().get(pk=demande.pk).reponse_lue == demande_lue(demande)
    client = connecter(dupont.titulaire)
    for page in (demande.get_absolute_url(), reverse("portail:accueil")):
        assert dite in texte(client.get(page))
    if not place:
        assert "liste d’attente" in texte(client.get(reverse("demandes:liste") + "?volet=enfants"))


def demande_lue(demande: Demande) -> str:
    return Demande.objects.avec_lignes().get(pk=demande.pk).reponse.value


def test_une_prestation_automatique_est_accordee_au_depot(dupont, lea, repas, reserver):
    repas.acceptation = Acceptation.AUTOMATIQUE
    repas.save()
    demande = Demande.objects.get(pk=reserver(dupont.titulaire, lea).pk)
    assert (demande.etat, demande.decide_par) == (EtatDemande.ACCEPTEE, None)
    assert Reservation.objects.get().etat == EtatReservation.RESERVEE
    accuse, reponse = Message.objects.order_by("pk")
    assert "l’examine" not in accuse.corps
    assert "est acceptée" in reponse.corps


def test_une_reservation_tardive_n_est_jamais_automatique(dupont, lea, repas, reserver):
    repas.acceptation = Acceptation.AUTOMATIQUE
    repas.save()
    demande = reserver(dupont.titulaire, lea)
    ligne = demande.lignes.select_related("prestation", "reservation").get()
    ligne.reservation.tardive = True
    assert NATURES["reservation"].lignes_automatiques(demande, [ligne]) == []


def test_la_raison_d_une_absence_est_gardee_chiffree_jusqu_a_la_decision(
    dupont, lea, declarer_absence, raison, agent
):
    demande = Demande.objects.get(pk=declarer_absence(dupont.titulaire, lea).pk)
    (changement,) = NATURES["absence"].resume(demande)
    assert changement.apres == str(raison)
    demande = actions.refuser(demande=demande, motif="Trop tard", par=agent)
    assert demande.saisie is None
    assert NATURES["absence"].resume(demande) == []
    assert demande.champs == ["motif"]


def test_une_absence_sans_raison_ou_d_une_raison_retiree_n_est_pas_valable(dupont, lea, repas, raison):
    raison.actif = False
    raison.save()
    for motif in ("", "0", "x", str(raison.pk)):
        donnees = {"cases": [case(repas, JOUR)], "motif": motif}
        form = NATURES["absence"].formulaire(acces_de(dupont.titulaire), donnees, enfant=lea)
        assert not form.is_valid()
        assert "motif" in form.errors


def test_ce_qui_attend_pour_demain_est_urgent(dupont, lea, reserver, changer_adresse):
    changer_adresse(dupont.titulaire)
    demande = reserver(dupont.titulaire, lea)
    assert not Demande.objects.urgentes(JOUR - timedelta(days=2)).exists()
    assert list(Demande.objects.urgentes(JOUR - timedelta(days=1))) == [demande]


def test_un_long_message_compte_les_jours_de_chaque_service_sous_chaque_reponse(
    dupont, lea, repas, reserver, agent
):
    ouverts = [j for n in range(120) if repas.ouvre_le(j := JOUR + timedelta(days=n))]
    demande = reserver(dupont.titulaire, lea, *ouverts[:50])
    accuse = Message.objects.get().corps.replace("\xa0", " ")
    assert f"Jours demandés :\nLéa, Repas : 50 jours, du 03/12/2026 au {ouverts[49]:%d/%m/%Y}\n\n" in accuse
    gardees = [ligne.pk for ligne in demande.lignes.all() if ligne.jour not in ouverts[:2]]
    actions.accepter(demande=demande, par=agent, lignes=gardees, motif="Sortie scolaire")
    corps = Message.objects.order_by("pk").last().corps.replace("\xa0", " ")
    assert "Acceptée :\nLéa, Repas : 48 jours, du 07/12/2026 au " in corps
    assert "Refusée (Sortie scolaire) :\nLéa, Repas : 03/12/2026, 04/12/2026\n" in corps
