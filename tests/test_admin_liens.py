"""Each link that the admin shows to an agent or to the accountant opens: nobody is led to a closed door."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.test_acces import a_jean, arguments, entrer

__all__ = ["a_jean", "arguments", "entrer"]  # the scene of the access table, with a row of each model

LIEN = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
# Files, and the way out; filters of a list (« ?… ») are the sweep’s.
AILLEURS = re.compile(r"^(https?:|mailto:|tel:|javascript:|/static/)|/(logout|export|autocomplete)/")


def liens(page, adresse: str) -> set[str]:
    trouves = (unescape(lien) for lien in LIEN.findall(page.content.decode()))
    chemin = adresse.split("?")[0]
    entiers = (f"{chemin}{lien}" if lien.startswith("?") else lien for lien in trouves)
    return {lien for lien in entiers if not AILLEURS.search(lien) and not lien.startswith(f"{chemin}?")}


def visiter(client: Client) -> tuple[dict[str, set[str]], set[str]]:
    """The index, each list and the first page of its rows; and, of each link, the pages that show it."""
    accueil = reverse("admin:index")
    a_lire, vues, montres = [accueil], set(), {}
    listes = [
        reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry
    ]
    while a_lire:
        adresse = a_lire.pop()
        vues.add(adresse)
        page = client.get(adresse, follow=True)
        if "text/html" not in page.headers["Content-Type"]:
            continue
        trouves = liens(page, adresse)
        for lien in trouves:
            montres.setdefault(lien, set()).add(adresse)
        if adresse == accueil:
            a_lire += sorted(trouves & set(listes))
        elif adresse in listes:
            fiches = [x for x in sorted(trouves) if re.match(rf"{adresse}\d+/change/", x)]
            a_lire += fiches[:1]
    return montres, vues


@pytest.mark.parametrize("role", ["agent", "comptable"])
def test_chaque_lien_de_l_administration_s_ouvre(role, entrer, arguments):
    client = entrer(role)
    montres, vues = visiter(client)
    assert len(vues) > 20, "la visite ne trouve plus les pages"
    fermes = {}
    for lien, pages in montres.items():
        statut = client.get(lien).status_code
        if statut >= 400:
            fermes[lien] = (statut, sorted(pages)[:2])
    assert fermes == {}


def test_les_aides_des_comptes_ne_montrent_pas_de_balises(admin_client, jean):
    """Help texts are escaped: those that Django writes as a list stay one."""
    ajout = admin_client.get(reverse("admin:familles_utilisateur_add")).content.decode()
    compte = admin_client.get(reverse("admin:familles_utilisateur_change", args=[jean.utilisateur.pk]))
    for page in (ajout, compte.content.decode()):
        assert 'class="help' in page
        assert not re.search(r"&lt;/?(ul|li|a|p|br|strong)\b", page)
