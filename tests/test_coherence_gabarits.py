"""What a machine can check of the templates and of the addresses they name."""

import re

import pytest
from django.template.loader import get_template
from django.urls import URLPattern, get_resolver

from tests.sources import APPS, GABARITS, RACINE, TEXTES, lire, relatif, sources

# E-mails and the PDF have their styles with them: no CSP there, and no other way.
SANS_REGLE_DE_STYLE = ("courriels", "pdf")
EN_LIGNE = re.compile(
    r"<style\b|<script(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)


def _sans_commentaires(texte: str) -> str:
    texte = re.sub(r"{% comment %}.*?{% endcomment %}", "", texte, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", texte)


def test_aucun_style_ni_script_en_ligne():
    fautifs = {
        relatif(f): EN_LIGNE.search(_sans_commentaires(lire(f))).group()
        for f in GABARITS
        if not set(f.parts) & set(SANS_REGLE_DE_STYLE) and EN_LIGNE.search(_sans_commentaires(lire(f)))
    }
    assert not fautifs


def test_aucun_contenu_n_est_declare_sur():
    surs = [relatif(f) for f in GABARITS if re.search(r"\|\s*safe\b|autoescape off", lire(f))]
    assert not surs
    python = [relatif(f) for f in sources(*APPS) if re.search(r"\bmark_safe\(|\bSafeString\(", lire(f))]
    assert not python, f"format_html échappe, mark_safe non : {python}"


def test_aucune_page_ne_demande_rien_a_un_autre_site():
    motif = re.compile(
        r"""<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*["'](?:https?:)?//""", re.I
    )
    assert not [relatif(f) for f in GABARITS if motif.search(lire(f))]


@pytest.mark.parametrize("fichier", GABARITS, ids=relatif)
def test_chaque_gabarit_se_compile(fichier):
    get_template(str(fichier.relative_to(RACINE / "templates")))


# Django, its admin and the libraries look for these by name.
CHERCHES_PAR_NOM = re.compile(
    r"^(admin|registration|axes|django|bootstrap5|simple_history)/|^(400|403|403_csrf|404|413|500|503)\.html$"
)


def test_chaque_gabarit_sert():
    contenu = "\n".join(lire(f) for f in [*sources(*APPS), *GABARITS, *TEXTES])
    inutiles = []
    for fichier in [*GABARITS, *TEXTES]:
        nom = str(fichier.relative_to(RACINE / "templates"))
        # A mail is found by its family name (« courriels/decision »), its subject and its body beside it.
        racines = {nom, nom.rsplit(".", 1)[0], re.sub(r"_(sujet|corps)?\.\w+$", "", nom)}
        if not CHERCHES_PAR_NOM.search(nom) and not any(r in contenu for r in racines):
            inutiles.append(nom)
    assert not inutiles


# --- Addresses -----------------------------------------------------------------------------------------


def _noms_d_adresses() -> set[str]:
    noms = set()

    def parcourir(resolveur, prefixe=""):
        for motif in resolveur.url_patterns:
            if isinstance(motif, URLPattern):
                if motif.name:
                    noms.add(f"{prefixe}{motif.name}")
            else:
                parcourir(motif, f"{prefixe}{motif.namespace}:" if motif.namespace else prefixe)

    parcourir(get_resolver())
    return noms


def test_chaque_nom_d_adresse_ecrit_quelque_part_existe():
    connus = _noms_d_adresses()
    ecrits = {
        (relatif(f), nom)
        for f in [*GABARITS, *TEXTES]
        for nom in re.findall(r"""{%\s*url\s+["']([\w:-]+)["']""", _sans_commentaires(lire(f)))
    }
    ecrits |= {
        (relatif(f), nom)
        for f in sources(*APPS)
        for nom in re.findall(
            r"""\b(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["']([\w-]+:[\w:-]+)["']""", lire(f)
        )
    }
    assert not {(fichier, nom) for fichier, nom in ecrits if nom not in connus}
