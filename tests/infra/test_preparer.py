"""The preparer: what is missing is said in one sentence, what is done is skipped, what runs is stopped."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

RACINE = Path(__file__).resolve().parents[2]
SCRIPT = RACINE / "outils" / "preparer.py"


@pytest.fixture
def preparer(monkeypatch):
    for nom in ("PORT", "MODE", "DOSSIER_DONNEES"):
        monkeypatch.delenv(nom, raising=False)
    specification = importlib.util.spec_from_file_location("preparer", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def machine(preparer, monkeypatch):
    """A machine where nothing runs for real: what would have been typed is noted."""

    ici = SimpleNamespace(
        commandes=[], codes={}, programmes={"apt-get"}, bibliotheques=set(), apres_apt=set()
    )

    def executer(commande, **_):
        commande = [str(mot) for mot in commande]
        ici.commandes.append(commande)
        if "install" in commande:
            ici.bibliotheques |= ici.apres_apt
        return subprocess.CompletedProcess(commande, ici.codes.get(commande[0], 0), stdout=b"Python 3")

    def charger(nom):
        if nom not in ici.bibliotheques:
            raise OSError(nom)

    monkeypatch.setattr(preparer.subprocess, "run", executer)
    monkeypatch.setattr(preparer.ctypes, "CDLL", charger)
    monkeypatch.setattr(preparer.shutil, "which", lambda nom: nom if nom in ici.programmes else None)
    monkeypatch.setattr(preparer.os, "geteuid", lambda: 1000)
    return ici


def port_libre() -> int:
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        return essai.getsockname()[1]


def test_un_python_trop_vieux_est_dit_avec_sa_version(preparer, monkeypatch):
    monkeypatch.setattr(preparer, "PYTHON_MINIMAL", (3, 99))
    with pytest.raises(preparer.Empechement, match=r"Il faut Python 3\.99 ou plus récent"):
        preparer.verifier_python()


@pytest.mark.parametrize("valeur", ["abc", "0", "65536", "-1", "80 80", "٨"])
def test_un_port_insense_est_dit(preparer, monkeypatch, valeur):
    monkeypatch.setenv("PORT", valeur)
    with pytest.raises(preparer.Empechement, match="PORT vaut"):
        preparer.port_choisi()


def test_un_port_deja_pris_est_dit(preparer, monkeypatch):
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()
        monkeypatch.setenv("PORT", str(occupant.getsockname()[1]))
        with pytest.raises(preparer.Empechement, match="déjà pris"):
            preparer.port_choisi()


def test_rien_ne_s_installe_quand_rien_ne_manque(preparer, machine):
    machine.bibliotheques = set(preparer.BIBLIOTHEQUES)
    preparer.installer_paquets()
    assert not any("apt-get" in commande for commande in machine.commandes)


def test_sans_droit_d_installer_la_commande_a_taper_est_donnee(preparer, machine):
    with pytest.raises(preparer.Empechement) as refus:
        preparer.installer_paquets()
    phrase = str(refus.value)
    assert "sudo apt-get install" in phrase
    for paquet in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert paquet in phrase
    assert "\n" not in phrase


def test_un_sudo_qui_demande_un_mot_de_passe_n_est_pas_employe(preparer, machine):
    machine.programmes.add("sudo")
    machine.codes["sudo"] = 1
    with pytest.raises(preparer.Empechement, match="sudo apt-get install"):
        preparer.installer_paquets()
    assert not any("install" in commande for commande in machine.commandes)


@pytest.mark.parametrize("racine", [True, False])
def test_avec_les_droits_les_paquets_s_installent(preparer, machine, monkeypatch, racine):
    machine.apres_apt = set(preparer.BIBLIOTHEQUES)
    machine.programmes |= set() if racine else {"sudo"}
    monkeypatch.setattr(preparer.os, "geteuid", lambda: 0 if racine else 1000)
    preparer.installer_paquets()
    installation = next(commande for commande in machine.commandes if "install" in commande)
    assert installation[:2] == (["apt-get", "install"] if racine else ["sudo", "-n"])


def test_une_installation_qui_echoue_finit_sur_la_commande(preparer, machine, monkeypatch):
    monkeypatch.setattr(preparer.os, "geteuid", lambda: 0)
    machine.codes["apt-get"] = 100
    with pytest.raises(preparer.Empechement, match="sudo apt-get install"):
        preparer.installer_paquets()
    assert ["apt-get", "update"] in machine.commandes


def test_sans_apt_les_noms_sont_donnes_quand_meme(preparer, machine):
    machine.programmes.clear()
    with pytest.raises(preparer.Empechement, match=r"sous leur nom Debian : .*libpango"):
        preparer.installer_paquets()


def test_les_navigateurs_ne_sont_cherches_que_pour_les_tests(preparer, machine):
    machine.bibliotheques = set(preparer.BIBLIOTHEQUES)
    assert preparer.paquets_manquants({}) == []
    assert preparer.paquets_manquants(preparer.NAVIGATEURS) == ["chromium", "firefox-esr"]
    machine.programmes |= {"chromium-browser", "firefox"}
    assert preparer.paquets_manquants(preparer.NAVIGATEURS) == []


def test_les_bibliotheques_ne_s_installent_qu_une_fois(preparer, machine, monkeypatch, tmp_path):
    monkeypatch.setattr(preparer, "VENV", tmp_path)
    monkeypatch.setattr(preparer, "PYTHON", tmp_path / "python")
    (tmp_path / "python").touch()

    def installations():
        return [commande for commande in machine.commandes if "pip" in commande]

    preparer.installer_python("requirements.txt")
    preparer.installer_python("requirements.txt")
    assert len(installations()) == 1
    assert "--require-hashes" in installations()[0]
    preparer.installer_python("requirements-dev.txt")
    preparer.installer_python("requirements-dev.txt")
    assert len(installations()) == 2


def test_une_installation_manquee_n_est_pas_tamponnee(preparer, machine, monkeypatch, tmp_path):
    monkeypatch.setattr(preparer, "VENV", tmp_path)
    monkeypatch.setattr(preparer, "PYTHON", tmp_path / "python")
    (tmp_path / "python").touch()
    reussir = preparer.subprocess.run

    def echouer_sur_pip(commande, **options):
        fini = reussir(commande, **options)
        fini.returncode = int("pip" in fini.args)
        return fini

    monkeypatch.setattr(preparer.subprocess, "run", echouer_sur_pip)
    with pytest.raises(preparer.Empechement, match="n’ont pas pu être installées"):
        preparer.installer_python("requirements.txt")
    assert not list(tmp_path.glob(".installe-*"))


def test_un_environnement_d_un_python_disparu_est_refait(preparer, machine, monkeypatch, tmp_path):
    venv = tmp_path / "venv"
    venv.mkdir()
    (venv / "python").touch()
    monkeypatch.setattr(preparer, "VENV", venv)
    monkeypatch.setattr(preparer, "PYTHON", venv / "python")
    machine.codes[str(venv / "python")] = 127
    with pytest.raises(preparer.Empechement):
        preparer.installer_python("requirements.txt")
    assert any(commande[1:3] == ["-m", "venv"] for commande in machine.commandes)


def test_les_statiques_ne_sont_rassembles_que_s_ils_ont_change(preparer, machine, monkeypatch, tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "requirements.txt").write_text("x")
    style = tmp_path / "static" / "a.css"
    style.write_text("a{}")
    monkeypatch.setattr(preparer, "RACINE", tmp_path)
    monkeypatch.setenv("DOSSIER_DONNEES", str(tmp_path / "donnees"))
    (tmp_path / "donnees" / "statiques").mkdir(parents=True)
    for attendu in (1, 1):
        preparer.rassembler_statiques({})
        assert len(machine.commandes) == attendu
    style.write_text("a{color:red}")
    preparer.rassembler_statiques({})
    assert len(machine.commandes) == 2


# --- Real processes ------------------------------------------------------------------------------------

VEILLER = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("preparer", sys.argv[1])
p = importlib.util.module_from_spec(spec); spec.loader.exec_module(p)
serveur = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", sys.argv[2]]
ouvrier = [sys.executable, "-c", sys.argv[3]]
try:
    p.veiller({"Le serveur": serveur, "L’ouvrier": ouvrier}, None, int(sys.argv[2]))
except p.Empechement as phrase:
    sys.exit(str(phrase))
"""


def veiller(tmp_path, ouvrier: str):
    port = port_libre()
    processus = subprocess.Popen(
        [sys.executable, "-c", VEILLER, str(SCRIPT), str(port), ouvrier],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    return processus, port


def ecoute(port: int) -> bool:
    with socket.socket() as essai:
        return essai.connect_ex(("127.0.0.1", port)) == 0


def attendre(condition, secondes=15) -> bool:
    fin = time.monotonic() + secondes
    while time.monotonic() < fin:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("signal_recu", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_arrete_le_serveur_et_l_ouvrier(tmp_path, signal_recu):
    pid = tmp_path / "pid"
    ouvrier = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    processus, port = veiller(tmp_path, ouvrier)
    with processus:
        assert attendre(lambda: ecoute(port) and pid.exists() and pid.read_text())
        time.sleep(0.5)
        processus.send_signal(signal_recu)
        sortie, erreurs = processus.communicate(timeout=20)
    assert processus.returncode == 0
    assert f"http://127.0.0.1:{port}/" in sortie
    assert "Traceback" not in erreurs
    assert not ecoute(port)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_si_l_ouvrier_tombe_le_serveur_s_arrete_et_on_le_dit(tmp_path):
    processus, port = veiller(tmp_path, "import time; time.sleep(1); raise SystemExit(3)")
    with processus:
        _, erreurs = processus.communicate(timeout=30)
    assert processus.returncode == 1
    assert "L’ouvrier s’est arrêté (code 3" in erreurs
    assert not ecoute(port)


@pytest.mark.parametrize(
    "arguments, env, phrase",
    [
        (["demo"], {"PORT": "abc"}, "PORT vaut « abc »"),
        (["serve"], {"PORT": "0"}, "PORT vaut « 0 »"),
        (["danser"], {}, "invalid choice"),
        ([], {}, "required"),
    ],
)
def test_la_commande_ne_finit_jamais_sur_une_trace(arguments, env, phrase):
    fini = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], env={**os.environ, **env}, capture_output=True, text=True
    )
    assert fini.returncode
    assert phrase in fini.stderr
    assert "Traceback" not in fini.stderr
