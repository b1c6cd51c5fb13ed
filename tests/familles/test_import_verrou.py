"""An import judges before it locks; what others write meanwhile is read again, and nothing of it is lost."""

from familles import actions
from familles.enums import EtatImport
from familles.models import Enfant, Famille, Responsable, Scolarite
from tests.fabriques import familles as f
from tests.fabriques.fichiers import HUGO, LEA
from tests.fabriques.fichiers import fichier as ecrire
from tests.familles.importer import COMPTES, examiner, importer


def entre_temps(monkeypatch, *gestes):
    """What others do while the import judges, once each time that it does; how many times it judged."""
    vrai, suite, verrous = actions.importation._juger, iter(gestes), []

    def juger(*donnees, verrou=False):
        jugement = vrai(*donnees, verrou=verrou)
        verrous.append(verrou)
        next(suite, lambda: None)()
        return jugement

    monkeypatch.setattr(actions.importation, "_juger", juger)
    return verrous


def lancer(contenu, admin):
    vu = examiner(contenu, admin)
    actions.lancer(import_id=vu.pk, par=admin)
    return vu


def test_un_dossier_ouvert_pendant_qu_il_juge_est_vu_avant_d_ecrire(ridout, admin, monkeypatch):
    vu = lancer(ecrire(LEA), admin)
    verrous = entre_temps(monkeypatch, lambda: f.FamilleFactory(numero="1001001818331"))
    fini = actions.ecrire(import_id=vu.pk)
    assert (fini.etat, verrous) == (EtatImport.EXAMINE, [False, False])
    assert "ont changé depuis l’examen" in fini.incident
    assert (Famille.objects.count(), Enfant.objects.count()) == (1, 0)


def test_un_dossier_change_pendant_qu_il_juge_ne_perd_rien(ridout, admin, monkeypatch):
    importer(ecrire(LEA), admin)
    vu = lancer(ecrire(LEA | {"Ville resp. 1": "Toulouse"}), admin)

    def changer():
        jean = Responsable.objects.get(prenom="Jean")
        jean.profession = "Boulanger"
        jean.save()

    verrous = entre_temps(monkeypatch, changer)
    assert actions.ecrire(import_id=vu.pk).etat == EtatImport.TERMINE
    jean = Responsable.objects.get(prenom="Jean")
    assert (jean.ville, jean.profession, verrous) == ("Toulouse", "Boulanger", [False, False])
    # The history tells the two changes one after the other, and forgets neither.
    assert list(jean.history.values_list("ville", "profession")[:2]) == [
        ("Toulouse", "Boulanger"),
        (jean.history.last().ville, "Boulanger"),
    ]


def test_des_dossiers_qui_changent_sans_cesse_sont_juges_sous_le_verrou(ridout, admin, monkeypatch):
    vu = lancer(ecrire(LEA), admin)
    verrous = entre_temps(monkeypatch, *[f.FamilleFactory] * 3)
    assert actions.ecrire(import_id=vu.pk).etat == EtatImport.TERMINE
    assert verrous == [False, False, False, True]
    assert Enfant.objects.count() == 1


def test_l_historique_est_celui_que_ferait_chaque_enregistrement(ridout, admin):
    importer(ecrire(LEA, HUGO), admin)
    change = importer(ecrire(LEA | {"Ville resp. 1": "Toulouse", "Classe": "CM2"}, HUGO), admin)
    for modele in COMPTES:
        for ligne in modele.objects.all():
            version = ligne.history.first()
            suivis = [champ.attname for champ in type(version).tracked_fields]
            assert [getattr(version, c) for c in suivis] == [getattr(ligne, c) for c in suivis]
            assert version.history_user == admin
            assert version.history_date is not None
    gestes = {m: list(m.history.order_by("pk").values_list("history_type", flat=True)) for m in COMPTES}
    assert gestes[Famille] == ["+", "+"]
    assert gestes[Responsable].count("~") == gestes[Scolarite].count("~") == 1
    (jean,) = Responsable.history.filter(history_type="~")
    assert jean.history_change_reason == f"Import n° {change.pk}"


def test_une_ligne_nouvelle_ne_prend_jamais_la_cle_d_une_ligne_effacee(ridout, admin):
    ancien = f.EnfantFactory()
    cle = ancien.pk
    ancien.delete()
    importer(ecrire(LEA), admin)
    lea = Enfant.objects.get()
    assert (lea.pk > cle, lea.history.count()) == (True, 1)
    # Nor does one made after it take its own.
    assert f.EnfantFactory().pk > lea.pk
