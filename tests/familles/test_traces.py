"""Who read what, in words: a trace names the child, leads to its page, and is found by the child's name."""

import re
from datetime import date

import pytest
from django.urls import reverse

from familles import traces
from familles.enums import VerbeTrace
from familles.models import CoordonneesBancaires, FicheSanitaire, PersonneAutorisee, Trace
from tests.fabriques import demandes as fd
from tests.fabriques import familles as f

LISTE = reverse("admin:familles_trace_changelist")


def texte(reponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", reponse.content.decode()).split())


def lire(par, objet) -> Trace:
    return Trace.objects.inscrire(par=par, verbe=VerbeTrace.CONSULTER, objet=objet)


@pytest.fixture
def demande(lea, famille_dupont):
    return fd.DemandeFactory(famille=famille_dupont, nature="identite", enfant=lea, concerne=None)


def test_une_trace_dit_de_qui_elle_parle(agent, lea, jean, famille_dupont, demande):
    banque = f.CoordonneesBancairesFactory(famille=famille_dupont)
    lignes = {
        FicheSanitaire.objects.get(enfant=lea): "Données sanitaires de Léa DUPONT",
        lea: "Fiche de Léa DUPONT",
        jean: "Fiche de Jean DUPONT",
        demande: f"Demande n° {demande.pk} (identité) de Léa DUPONT",
        banque: f"Coordonnées bancaires de la famille {famille_dupont}",
    }
    ecrites = {lire(agent, objet).pk: dit for objet, dit in lignes.items()}
    dites = traces.dire(Trace.objects.all())
    assert {cle: dite.texte for cle, dite in dites.items()} == ecrites
    assert all(dite.adresse.startswith("/admin/") for dite in dites.values())


def test_un_appel_lu_dit_son_jour(agent, repas):
    trace = Trace.objects.inscrire(par=agent, verbe=VerbeTrace.CONSULTER, objet=repas, jour=date(2026, 12, 3))
    assert traces.dire([trace])[trace.pk].texte == "Prestation : Repas, journée du 03/12/2026"


def test_une_ligne_effacee_le_dit(agent, famille_dupont):
    banque = f.CoordonneesBancairesFactory(famille=famille_dupont)
    trace, cle = lire(agent, banque), banque.pk
    CoordonneesBancaires.objects.all().delete()
    assert traces.dire([trace])[trace.pk] == traces.Dit(f"Coordonnées bancaires n° {cle}, qui n’existe plus")


def test_la_lecture_d_un_agent_porte_la_famille_de_l_enfant(agent, lea, famille_dupont, client_agent):
    fiche = FicheSanitaire.objects.get(enfant=lea)
    client_agent.get(reverse("admin:familles_fichesanitaire_change", args=[fiche.pk]))
    trace = Trace.objects.get(verbe=VerbeTrace.CONSULTER)
    assert (trace.par, trace.famille) == (agent, famille_dupont)
    Trace.objects.inscrire_chacun(par=agent, verbe=VerbeTrace.CONSULTER, objets=[fiche])
    assert Trace.objects.filter(famille=famille_dupont).count() == 2


@pytest.mark.parametrize("filtre", ["q=Léa", "enfant={}"])
def test_un_elu_trouve_qui_a_vu_la_fiche_d_un_enfant(admin, agent, lea, hugo, demande, client_admin, filtre):
    f.FicheSanitaireFactory(enfant=hugo)
    for fiche in FicheSanitaire.objects.all():
        lire(agent, fiche)
    lire(agent, demande)
    page = texte(client_admin.get(f"{LISTE}?{filtre.format(lea.pk)}"))
    assert "Données sanitaires de Léa DUPONT" in page
    assert f"Demande n° {demande.pk} (identité) de Léa DUPONT" in page
    assert "Hugo" not in page
    assert "Alice Ricard" in page


@pytest.mark.parametrize("enfant", ["zz", "0", "9999999", "1%00"])
def test_un_enfant_force_dans_l_adresse_ne_casse_rien(client_admin, enfant):
    assert client_admin.get(f"{LISTE}?enfant={enfant}").status_code in (200, 302)


def test_la_liste_coute_autant_pour_une_trace_que_pour_trente(
    agent, lea, client_admin, django_assert_max_num_queries
):
    fiche = FicheSanitaire.objects.get(enfant=lea)
    for _ in range(30):
        lire(agent, fiche)
    with django_assert_max_num_queries(30):
        client_admin.get(LISTE)


# --- Histories -------------------------------------------------------------------------------------------


def test_un_historique_est_en_francais(lea, client_admin):
    fiche = FicheSanitaire.objects.get(enfant=lea)
    fiche.autorisation_photo, fiche.pai, fiche.pai_fin = True, True, date(2027, 8, 31)
    fiche.save()
    page = texte(client_admin.get(reverse("admin:familles_fichesanitaire_history", args=[fiche.pk])))
    assert "Autorisation de photographier : Non → Oui" in page
    assert "Fin du PAI : — → 31/08/2027" in page
    assert not re.search(r"\b(True|False|None|2027-08-31)\b", page)


def test_l_historique_d_un_enfant_a_ses_personnes_et_sa_sante(lea, agent, client_agent, client_comptable):
    mamie = PersonneAutorisee(enfant=lea, nom="Durand", prenom="Odette", a_prevenir=False)
    mamie.save()
    mamie.a_prevenir, mamie._change_reason = True, "Demande n° 33"
    mamie.save()
    mamie.delete()
    fiche = FicheSanitaire.objects.get(enfant=lea)
    fiche.allergies = "noix"
    fiche.save()
    adresse = reverse("admin:familles_enfant_history", args=[lea.pk])
    page = texte(client_agent.get(adresse))
    assert "DURAND Odette" in page
    assert "Modification, Demande n° 33" in page
    assert "À prévenir en cas d’urgence : Non → Oui" in page
    assert "Suppression" in page
    assert "noix" in page
    assert Trace.objects.filter(verbe=VerbeTrace.CONSULTER, par=agent, objet_id=fiche.pk).count() == 1
    ferme = texte(client_comptable.get(adresse))
    assert "DURAND Odette" in ferme
    assert "noix" not in ferme
