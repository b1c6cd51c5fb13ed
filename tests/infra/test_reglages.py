"""Each reader: what it takes, and the sentence it answers to nonsense."""

import stat
import threading
from base64 import urlsafe_b64encode
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from portail import reglages

# Fixed: the two workers of the suite must collect the same names.
CLE = urlsafe_b64encode(b"0123456789abcdef" * 2).decode()
FERNET_COURTE = "dHJvcCBjb3VydA=="


@pytest.mark.parametrize(
    "valeur, attendu",
    [
        ("oui", True),
        ("OUI", True),
        (" vrai ", True),
        ("1", True),
        ("true", True),
        ("non", False),
        ("0", False),
        ("False", False),
        ("", None),
        ("  ", None),
    ],
)
@pytest.mark.parametrize("defaut", [True, False])
def test_un_booleen_se_dit_en_francais_ou_en_anglais(valeur, attendu, defaut):
    lu = reglages.booleen("DEBUG", defaut, {"DEBUG": valeur})
    assert lu is (defaut if attendu is None else attendu)


def test_un_booleen_absent_prend_sa_valeur_par_defaut():
    assert reglages.booleen("DEBUG", False, {}) is False


@pytest.mark.parametrize("valeur", ["ouais", "2", "nan", "-", "vrai faux"])
def test_un_booleen_insense_est_nomme_avec_sa_valeur(valeur):
    with pytest.raises(ImproperlyConfigured, match=r"DEBUG vaut « .* » : écrivez oui ou non"):
        reglages.booleen("DEBUG", False, {"DEBUG": valeur})


@pytest.mark.parametrize("valeur, attendu", [("1", 1), ("65535", 65535), (" 25 ", 25), ("", 587)])
def test_un_entier_dans_ses_bornes(valeur, attendu):
    assert reglages.entier("COURRIEL_PORT", 587, 1, 65535, {"COURRIEL_PORT": valeur}) == attendu


@pytest.mark.parametrize("valeur", ["0", "65536", "-1", "12.5", "abc", "١٢", "1e3", "²"])
def test_un_entier_insense(valeur):
    with pytest.raises(ImproperlyConfigured, match="nombre entier entre 1 et 65535"):
        reglages.entier("COURRIEL_PORT", 587, 1, 65535, {"COURRIEL_PORT": valeur})


@pytest.mark.parametrize("valeur", [None, "", "   "])
def test_un_texte_obligatoire_absent_ou_blanc_est_refuse(valeur):
    env = {} if valeur is None else {"NOM": valeur}
    with pytest.raises(ImproperlyConfigured, match="NOM est obligatoire"):
        reglages.texte("NOM", env=env)
    assert reglages.texte("NOM", "défaut", env) == "défaut"


@pytest.mark.parametrize(
    "valeur, attendu",
    [("a", ["a"]), ("a, b ,c", ["a", "b", "c"]), (",,", ["x"]), ("", ["x"]), ("a,,b,", ["a", "b"])],
)
def test_une_liste_est_separee_par_des_virgules(valeur, attendu):
    assert reglages.liste("L", ("x",), {"L": valeur}) == attendu


@pytest.mark.parametrize(
    "valeur, attendu",
    [("", "production"), ("demonstration", "demonstration"), ("Production", "production")],
)
def test_le_mode_est_la_production_si_rien_n_est_dit(valeur, attendu):
    assert reglages.choix("MODE", ("production", "demonstration"), "production", {"MODE": valeur}) == attendu


@pytest.mark.parametrize("valeur", ["prod", "démonstration", "dev", "test"])
def test_un_mode_inconnu_donne_la_liste_des_modes(valeur):
    with pytest.raises(ImproperlyConfigured, match="choisissez parmi production, demonstration"):
        reglages.choix("MODE", ("production", "demonstration"), "production", {"MODE": valeur})


@pytest.mark.parametrize(
    "valeur, attendu",
    [
        ("", None),
        ("2026-11-24", datetime(2026, 11, 24)),
        ("2026-11-24T10:30", datetime(2026, 11, 24, 10, 30)),
        ("2026-11-24T10:30:00+01:00", datetime.fromisoformat("2026-11-24T10:30:00+01:00")),
    ],
)
def test_l_horloge_figee_se_lit_en_iso(valeur, attendu):
    assert reglages.instant("HORLOGE_FIGEE", True, {"HORLOGE_FIGEE": valeur}) == attendu


@pytest.mark.parametrize("valeur", ["24/11/2026", "demain", "2026-13-01", "2026-11-24T25:00"])
def test_une_horloge_insensee_donne_un_exemple(valeur):
    with pytest.raises(ImproperlyConfigured, match="une date comme 2026-11-24T10:00"):
        reglages.instant("HORLOGE_FIGEE", True, {"HORLOGE_FIGEE": valeur})


def test_l_horloge_ne_se_fige_pas_en_production():
    assert reglages.instant("HORLOGE_FIGEE", False, {}) is None
    with pytest.raises(ImproperlyConfigured, match="interdit en production"):
        reglages.instant("HORLOGE_FIGEE", False, {"HORLOGE_FIGEE": "2026-11-24"})


@pytest.mark.parametrize(
    "valeur", ["https://familles.fr", "familles.fr/portail", "familles.fr autre.fr", "familles.fr,*", "*"]
)
def test_un_nom_de_site_insense_est_refuse_en_production(valeur):
    with pytest.raises(ImproperlyConfigured, match=r"HOTES contient « .* »"):
        reglages.hotes("HOTES", False, {"HOTES": valeur})


def test_le_nom_du_site_est_obligatoire_en_production_seulement():
    assert "127.0.0.1" in reglages.hotes("HOTES", True, {})
    assert reglages.hotes("HOTES", False, {"HOTES": "a.fr, .b.fr"}) == ["a.fr", ".b.fr"]
    with pytest.raises(ImproperlyConfigured, match="HOTES est obligatoire en production"):
        reglages.hotes("HOTES", False, {})


def test_sans_adresse_la_base_est_un_fichier_sqlite_qui_supporte_la_concurrence(tmp_path):
    base = reglages.base_de_donnees("DATABASE_URL", tmp_path, {})
    assert base["NAME"] == tmp_path / "portail.sqlite3"
    assert base["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert base["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in base["OPTIONS"]["init_command"]
    assert "foreign_keys=ON" in base["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    "adresse, attendu",
    [
        ("postgres://u:p@h:5433/b", ("u", "p", "h", "5433", "b", {})),
        ("postgresql://u@h/b", ("u", "", "h", "", "b", {})),
        ("postgres:///b", ("", "", "", "", "b", {})),
        ("postgres://u:p%40ss%2F@h/b%20c", ("u", "p@ss/", "h", "", "b c", {})),
        ("postgres://u:p@h/b?sslmode=require", ("u", "p", "h", "", "b", {"sslmode": "require"})),
        ("postgresql://u:@/b?host=/run/pg&port=5444", ("u", "", "/run/pg", "5444", "b", {})),
        ("postgres://u:p@[::1]:5432/b", ("u", "p", "::1", "5432", "b", {})),
    ],
)
def test_une_adresse_postgresql_se_lit_comme_celle_de_libpq(adresse, attendu, tmp_path):
    base = reglages.base_de_donnees("DATABASE_URL", tmp_path, {"DATABASE_URL": adresse})
    lu = tuple(base[nom] for nom in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS"))
    assert lu == attendu
    assert base["CONN_MAX_AGE"] == 600
    assert base["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    "adresse, phrase",
    [
        ("mysql://u:secret@h/b", "seul PostgreSQL"),
        ("sqlite:///x", "seul PostgreSQL"),
        ("u:secret@h/b", "seul PostgreSQL"),
        ("portail", "seul PostgreSQL"),
        ("postgres://u:secret@h", "ne nomme aucune base"),
        ("postgres://u:secret@h/", "ne nomme aucune base"),
        ("postgres://u:secret@h:abc/b", "illisible"),
        ("postgres://u:secret@h:99999/b", "illisible"),
        ("postgres://[::1/b", "illisible"),
    ],
)
def test_une_adresse_insensee_est_refusee_sans_repeter_le_mot_de_passe(adresse, phrase, tmp_path):
    with pytest.raises(ImproperlyConfigured, match=phrase) as refus:
        reglages.base_de_donnees("DATABASE_URL", tmp_path, {"DATABASE_URL": adresse})
    assert "secret" not in str(refus.value)
    assert refus.value.__suppress_context__ or refus.value.__cause__ is None


def test_le_dossier_des_donnees_est_cree(tmp_path):
    voulu = tmp_path / "a" / "b"
    assert reglages.dossier("DOSSIER_DONNEES", Path("/nulle/part"), {"DOSSIER_DONNEES": str(voulu)}) == voulu
    assert voulu.is_dir()


def test_un_dossier_impossible_est_dit(tmp_path):
    fichier = tmp_path / "fichier"
    fichier.write_text("")
    with pytest.raises(ImproperlyConfigured, match="ne peut pas être créé"):
        reglages.dossier("DOSSIER_DONNEES", fichier / "dessous", {})


def test_les_cles_de_demonstration_sont_tirees_une_fois_et_gardees_pour_soi(tmp_path):
    premieres = reglages.secrets_locaux(tmp_path)
    assert reglages.secrets_locaux(tmp_path) == premieres
    assert len(premieres["CLE_SECRETE"]) >= reglages.LONGUEUR_CLE_SECRETE
    Fernet(premieres["CLES_CHIFFREMENT"])
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_deux_processus_qui_demarrent_ensemble_ont_les_memes_cles(tmp_path):
    tirages, barriere = [], threading.Barrier(8)

    def demarrer():
        barriere.wait()
        tirages.append(reglages.secrets_locaux(tmp_path)["CLE_SECRETE"])

    fils = [threading.Thread(target=demarrer) for _ in range(8)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len(tirages) == 8
    assert len(set(tirages)) == 1


@pytest.mark.parametrize("contenu", ["{", "[]", "{}", '{"CLE_SECRETE": "x"}', "null"])
def test_un_fichier_de_cles_abime_n_est_jamais_remplace_en_silence(contenu, tmp_path):
    (tmp_path / "secrets.json").write_text(contenu)
    with pytest.raises(ImproperlyConfigured, match="illisible"):
        reglages.secrets_locaux(tmp_path)
    assert (tmp_path / "secrets.json").read_text() == contenu


@pytest.mark.parametrize("valeur, phrase", [("", "obligatoire"), ("courte", "trop courte")])
def test_une_cle_secrete_faible_est_refusee(valeur, phrase):
    with pytest.raises(ImproperlyConfigured, match=phrase):
        reglages.cle_secrete("CLE_SECRETE", {"CLE_SECRETE": valeur})


def test_les_cles_de_chiffrement_se_suivent_et_la_premiere_ecrit():
    autre = Fernet.generate_key().decode()
    assert reglages.cles_chiffrement("CLES", {"CLES": f"{CLE}, {autre}"}) == [CLE, autre]


@pytest.mark.parametrize(
    "valeur, phrase",
    [("", "obligatoire"), ("abc", "clé n° 1"), (FERNET_COURTE, "clé n° 1"), (f"{CLE},é", "clé n° 2")],
)
def test_une_cle_de_chiffrement_insensee_est_trouvee_au_demarrage(valeur, phrase):
    with pytest.raises(ImproperlyConfigured, match=phrase) as refus:
        reglages.cles_chiffrement("CLES", {"CLES": valeur})
    assert CLE not in str(refus.value)
