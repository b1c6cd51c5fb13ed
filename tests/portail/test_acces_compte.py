"""First login by letter, e-mail as identifier, sessions listed and closed."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from familles.horloge import instant_reel
from familles.models import Responsable, Utilisateur
from portail import actions, authentification
from portail.models import Activation, Seance
from portail.sessions import nommer_navigateur

MOT_DE_PASSE = "portail-demo-31"
NOUVEAU = "une phrase qui se retient"


def entrer(client, identifiant, mot_de_passe=MOT_DE_PASSE, **en_tetes):
    saisie = {"username": identifiant, "password": mot_de_passe}
    return client.post(reverse("portail:connexion"), saisie, headers=en_tetes)


# --- Identifier or e-mail ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "saisie", ["jean.dupont", "JEAN.DUPONT", " jean.dupont@wanadoo.fr", "Jean.Dupont@Wanadoo.fr"]
)
def test_on_entre_par_son_identifiant_ou_son_adresse(client, jean, saisie):
    assert entrer(client, saisie).status_code == 302
    assert client.session["_auth_user_id"] == str(jean.utilisateur_id)


def test_une_adresse_que_deux_comptes_partagent_n_ouvre_rien(client, jean, jeanne):
    Responsable.objects.filter(pk=jeanne.pk).update(email="jean.dupont@wanadoo.fr")
    reponse = entrer(client, "jean.dupont@wanadoo.fr")
    assert reponse.status_code == 422
    assert "_auth_user_id" not in client.session
    assert entrer(client, "jean.dupont").status_code == 302


@pytest.mark.parametrize("saisie", ["", "x" * 300, "jean\x00dupont", "' OR 1=1 --"])
def test_une_saisie_etrange_n_ouvre_rien_et_ne_casse_rien(client, jean, saisie):
    assert entrer(client, saisie).status_code == 422
    assert "_auth_user_id" not in client.session


def test_un_compte_inconnu_coute_le_meme_calcul_qu_un_compte_connu(client, jean, monkeypatch):
    calculs = []
    vrai = authentification.make_password
    monkeypatch.setattr(authentification, "make_password", lambda m: calculs.append(m) or vrai(m))
    entrer(client, "personne", "faux")
    assert calculs == ["faux"]


def test_l_adresse_et_l_identifiant_comptent_pour_le_meme_compte(client, jean):
    for saisie in ("jean.dupont", "jean.dupont@wanadoo.fr", "JEAN.DUPONT", "jean.dupont"):
        assert entrer(client, saisie, "faux").status_code == 422
    assert entrer(client, "jean.dupont@wanadoo.fr", "faux").status_code == 429


def test_une_adresse_ip_qui_essaie_tous_les_comptes_est_arretee(client, jean, monkeypatch):
    monkeypatch.setattr(authentification, "ECHECS_PAR_ADRESSE", 6)
    statuts = [entrer(client, f"personne{n}", "faux").status_code for n in range(8)]
    assert statuts == [422] * 5 + [429] * 3
    assert entrer(client, "jean.dupont").status_code == 429
    ailleurs = Client(REMOTE_ADDR="10.0.0.9")
    assert entrer(ailleurs, "jean.dupont").status_code == 302


def test_un_compte_essaye_de_partout_est_arrete(jean, monkeypatch):
    monkeypatch.setattr(authentification, "ECHECS_PAR_COMPTE", 6)
    for n in range(6):
        entrer(Client(REMOTE_ADDR=f"10.0.0.{n}"), "jean.dupont", "faux")
    assert entrer(Client(REMOTE_ADDR="10.0.1.1"), "jean.dupont").status_code == 429


# --- First login ---------------------------------------------------------------------------------------


@pytest.fixture
def invitation(jean, agent):
    jean.utilisateur.set_unusable_password()
    jean.utilisateur.save()
    (invitation,) = actions.inviter(comptes=[jean.utilisateur], par=agent)
    return invitation


def choisir(client, premier=NOUVEAU, second=NOUVEAU):
    return client.post(
        reverse("portail:premier_mot_de_passe"), {"new_password1": premier, "new_password2": second}
    )


def test_le_lien_de_la_lettre_ouvre_le_choix_du_mot_de_passe_une_fois(client, invitation):
    lien = reverse("portail:premier_lien", args=[invitation.lien])
    assert client.get(lien).url == reverse("portail:premier_mot_de_passe")
    assert "Votre identifiant est" in client.get(reverse("portail:premier_mot_de_passe")).content.decode()
    assert choisir(client).url == reverse("portail:connexion")
    assert entrer(client, "jean.dupont", NOUVEAU).status_code == 302
    assert Client().get(lien).status_code == 404


@pytest.mark.parametrize("forme", [str, str.lower, lambda c: c.replace("-", ""), lambda c: f" {c} "])
def test_le_code_se_tape_comme_on_veut(client, invitation, forme):
    saisie = {"identifiant": "Jean.Dupont", "code": forme(invitation.code)}
    assert client.post(reverse("portail:premiere_connexion"), saisie).url == reverse(
        "portail:premier_mot_de_passe"
    )
    assert choisir(client).status_code == 302


@pytest.mark.parametrize(
    "saisie",
    [{"identifiant": "jean.dupont", "code": "AAAA-BBBB-CCCC"}, {"identifiant": "personne", "code": "AAAA"}],
)
def test_un_code_faux_et_un_identifiant_inconnu_recoivent_la_meme_reponse(client, invitation, saisie):
    reponse = client.post(reverse("portail:premiere_connexion"), saisie)
    assert reponse.status_code == 422
    assert "Identifiant ou code inconnu" in reponse.content.decode()
    assert f'value="{saisie["identifiant"]}"' in reponse.content.decode()
    assert client.get(reverse("portail:premier_mot_de_passe")).url == reverse("portail:premiere_connexion")


def test_cinq_codes_faux_suspendent_comme_cinq_mots_de_passe(client, invitation):
    faux = {"identifiant": "jean.dupont", "code": "FAUX"}
    statuts = [client.post(reverse("portail:premiere_connexion"), faux).status_code for _ in range(6)]
    assert statuts == [422] * 4 + [429] * 2
    # The link of the letter still opens, and the password chosen ends the wait.
    client.get(reverse("portail:premier_lien", args=[invitation.lien]))
    nouveau = {"new_password1": "une phrase qui se retient", "new_password2": "une phrase qui se retient"}
    client.post(reverse("portail:premier_mot_de_passe"), nouveau)
    assert entrer(client, "jean.dupont", nouveau["new_password1"]).status_code == 302


def test_dix_codes_faux_epuisent_la_lettre(client, invitation):
    faux = {"identifiant": "jean.dupont", "code": "FAUX"}
    for n in range(Activation.ESSAIS):
        Client(REMOTE_ADDR=f"10.0.0.{n}").post(reverse("portail:premiere_connexion"), faux)
    saisie = {"identifiant": "jean.dupont", "code": invitation.code}
    assert client.post(reverse("portail:premiere_connexion"), saisie).status_code == 422
    # Who guesses from afar does not close the link, which is in the letter alone.
    assert client.get(reverse("portail:premier_lien", args=[invitation.lien])).status_code == 302


def test_une_lettre_perimee_remplacee_ou_d_un_compte_ferme_ne_sert_plus(client, invitation, jean, agent):
    lien = reverse("portail:premier_lien", args=[invitation.lien])
    Activation.objects.update(expire_le=instant_reel() - timedelta(seconds=1))
    assert client.get(lien).status_code == 404
    (seconde,) = actions.inviter(comptes=[jean.utilisateur], par=agent)
    (troisieme,) = actions.inviter(comptes=[jean.utilisateur], par=agent)
    assert client.get(reverse("portail:premier_lien", args=[seconde.lien])).status_code == 404
    Utilisateur.objects.filter(pk=jean.utilisateur_id).update(is_active=False)
    assert client.get(reverse("portail:premier_lien", args=[troisieme.lien])).status_code == 404


def test_ni_le_lien_ni_le_code_ne_se_lisent_dans_la_base(invitation):
    ligne = " ".join(str(v) for v in Activation.objects.values().get().values())
    assert invitation.lien not in ligne
    assert invitation.code.replace("-", "") not in ligne


def test_un_mot_de_passe_faible_est_refuse_et_la_lettre_sert_encore(client, invitation):
    client.get(reverse("portail:premier_lien", args=[invitation.lien]))
    assert choisir(client, "court", "court").status_code == 422
    assert choisir(client, NOUVEAU, "autre chose encore").status_code == 422
    assert choisir(client).status_code == 302


@pytest.mark.parametrize(
    "faible",
    ["motdepasse12", "Soleil-2026!!!", "xxxxxxxxxxxx", "121212121212a", "une phrase trop longue" * 6],
)
def test_un_mot_de_passe_que_tout_le_monde_essaie_est_refuse(client, invitation, faible):
    client.get(reverse("portail:premier_lien", args=[invitation.lien]))
    assert choisir(client, faible, faible).status_code == 422


def test_deux_envois_a_la_fois_n_activent_qu_une_fois(client, invitation):
    autre = Client()
    for navigateur in (client, autre):
        navigateur.get(reverse("portail:premier_lien", args=[invitation.lien]))
    assert choisir(client).status_code == 302
    assert choisir(autre, "un autre mot de passe", "un autre mot de passe").url == reverse(
        "portail:premiere_connexion"
    )
    assert entrer(Client(), "jean.dupont", NOUVEAU).status_code == 302


# --- Sessions ------------------------------------------------------------------------------------------

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    "agent_, attendu",
    [
        (FIREFOX, "Firefox, Windows"),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Linux"),
        ("", "Navigateur inconnu"),
    ],
)
def test_un_navigateur_se_reconnait_a_son_nom(agent_, attendu):
    assert nommer_navigateur(agent_) == attendu


def test_chaque_appareil_se_voit_et_se_deconnecte(jean, martin):
    ici, ailleurs, etranger = Client(), Client(), Client()
    entrer(ici, "jean.dupont", **{"User-Agent": FIREFOX})
    entrer(ailleurs, "jean.dupont", **{"User-Agent": "Chrome Android"})
    entrer(etranger, "martin")
    page = ici.get(reverse("portail:appareils")).content.decode()
    assert page.count('name="seance"') == 1
    assert "Firefox, Windows" in page
    assert ici.session.session_key not in page
    reference = re.search(r'name="seance" value="(\w+)"', page).group(1)
    assert etranger.post(reverse("portail:appareils"), {"seance": reference}).status_code == 302
    assert ailleurs.get("/documents/").status_code == 200
    ici.post(reverse("portail:appareils"), {"seance": reference})
    assert ailleurs.get("/documents/").status_code == 302
    assert ici.get("/documents/").status_code == 200
    assert (
        "déjà déconnecté"
        in ici.post(reverse("portail:appareils"), {"seance": reference}, follow=True).content.decode()
    )


def test_tous_les_autres_appareils_d_un_coup(jean, martin):
    clients = [Client() for _ in range(3)]
    for c in clients:
        entrer(c, "jean.dupont")
    etranger = Client()
    entrer(etranger, "martin")
    clients[0].post(reverse("portail:appareils"), {"toutes": "1"})
    assert [c.get("/documents/").status_code for c in [*clients, etranger]] == [200, 302, 302, 200]


def test_une_session_se_nettoie_comme_celles_de_django(jean, client):

    entrer(client, "jean.dupont")
    Seance.objects.update(expire_date=instant_reel() - timedelta(days=1))
    call_command("clearsessions")
    assert not Seance.objects.exists()
