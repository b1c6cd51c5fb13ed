"""Issuing: frozen, numbered, once."""

from datetime import date
from decimal import Decimal as D

import pytest
from django_tasks_db.models import DBTaskResult

from facturation import actions
from facturation.models import CompteurNumero, Facture, Tarif, UniteFacturee
from facturation.releve import solde
from familles.erreurs import Invalide, Refus
from familles.models import LienParental, QuotientFamilial, Responsable, Trace
from messagerie.models import Message
from planning.models import Cloture
from tests.facturation.conftest import NOVEMBRE, enfants_de

pytestmark = pytest.mark.django_db
DU, AU = NOVEMBRE


def test_une_facture_est_une_copie_figee(emettre, dupont, regie, comptable):
    facture = emettre(dupont)
    assert (facture.numero_imprime, facture.nature) == ("AL-1", "FACTURE")
    assert (facture.date, facture.echeance) == (date(2026, 12, 3), date(2027, 1, 2))
    assert (facture.du, facture.au, facture.total) == (DU, AU, D("16.40"))
    assert facture.emetteur_nom == "Les P’tiots Lanniaux"
    assert facture.emetteur_siret == "73282932000074"
    assert facture.emetteur_contact == "05 61 00 00 00 – contact@lanniaux.example"
    assert facture.destinataire == "M. Jean DUPONT"
    assert facture.destinataire_adresse == "12 RUE DES BONBONS"
    assert facture.famille_numero == "1001001818331"
    assert facture.ordre_cheques == "P’tiots Lanniaux"
    assert "contester" in facture.mentions
    assert facture.emise_par == comptable
    jean = Responsable.objects.get(famille=dupont, rang=1)
    jean.adresse, jean.nom = "ailleurs", "Autre"
    jean.save()
    regie.nom = "Autre régie"
    regie.save()
    facture.refresh_from_db()
    assert (facture.destinataire_adresse, facture.regie_nom) == ("12 RUE DES BONBONS", "Régie garderie ALSH")


def test_les_lignes_sont_celles_de_l_apercu(emettre, dupont):
    facture = emettre(dupont)
    assert [
        (
            li.enfant_nom,
            li.libelle,
            li.quantite,
            li.prix_unitaire,
            li.montant,
            li.jours.replace("\u00a0", " "),
            li.nature_fiscale,
        )
        for li in facture.lignes.all()
    ] == [
        ("DUPONT Alexandre", "Repas", 4, D("3.50"), D("14.00"), "lun. 2, mar. 3, jeu. 5, ven. 6", "REPAS"),
        (
            "DUPONT Cyril",
            "Garderie Matin 7h30 – 8h30",
            2,
            D("1.20"),
            D("2.40"),
            "lun. 2, mar. 3",
            "GARDE",
        ),
    ]
    assert sum(li.montant for li in facture.lignes.all()) == facture.total
    assert UniteFacturee.objects.en_vigueur().count() == 6
    assert sum(u.montant for u in UniteFacturee.objects.all()) == facture.total


def test_emettre_deux_fois_ne_facture_rien_deux_fois(emettre, dupont):
    assert emettre(dupont) is not None
    assert emettre(dupont) is None
    assert Facture.objects.count() == 1
    assert CompteurNumero.objects.get().dernier == 1


def test_un_jour_pointe_apres_coup_fait_une_seconde_facture_de_ce_seul_jour(emettre, novembre, dupont, repas):
    emettre(dupont)
    novembre.noter(dupont, enfants_de(dupont)[0], repas, 9)
    complement = emettre(dupont)
    assert (complement.numero_imprime, complement.total) == ("AL-2", D("3.50"))
    assert complement.solde_anterieur == D("16.40")


def test_rien_a_facturer_ne_prend_pas_de_numero(journal, regie, repas, martin, comptable):
    arguments = {"famille": martin, "regie": regie, "du": DU, "au": AU, "par": comptable}
    assert actions.emettre(**arguments) is None
    assert not Facture.objects.exists()
    assert CompteurNumero.objects.get().dernier == 0


def test_sans_cloture_une_prestation_a_terme_echu_ne_se_facture_pas(emettre, dupont):
    Cloture.objects.all().delete()
    with pytest.raises(Refus, match="Garderie Matin 7h30 – 8h30, Repas"):
        emettre(dupont)
    assert not Facture.objects.exists()


def test_sans_prix_la_famille_n_est_pas_facturee(emettre, dupont, garderie):
    Tarif.objects.filter(prestation=garderie).first().delete()
    with pytest.raises(Refus, match="aucun prix"):
        emettre(dupont)
    assert not Facture.objects.exists()
    assert CompteurNumero.objects.filter(dernier__gt=0).count() == 0


def test_sans_responsable_la_facture_n_a_pas_de_destinataire(emettre, dupont):
    dupont.responsables.all().delete()
    with pytest.raises(Refus, match="aucun responsable"):
        emettre(dupont)


def test_la_date_ne_recule_pas_et_n_est_pas_dans_l_avenir(emettre, dupont, martin):
    emettre(dupont)
    with pytest.raises(Refus, match="03/12/2026"):
        emettre(martin, date=date(2026, 12, 1))
    with pytest.raises(Invalide, match="avenir"):
        emettre(martin, date=date(2026, 12, 4))
    assert CompteurNumero.objects.get().dernier == 1


def test_la_date_et_l_echeance_peuvent_etre_donnees(emettre, dupont):
    """The manual's AL-36: 8 April, due on the 30th."""
    facture = emettre(dupont, date=date(2026, 12, 1), echeance=date(2026, 12, 20))
    assert (facture.date, facture.echeance) == (date(2026, 12, 1), date(2026, 12, 20))


# --- To whom -------------------------------------------------------------------------------------------


def test_les_redevables_sont_ceux_des_liens_sans_l_adresse_de_l_autre(emettre, dupont):
    facture = emettre(dupont)
    assert facture.redevables == "Jean DUPONT, Jeanne DUPONT"
    textes = " ".join(str(getattr(facture, c.name)) for c in Facture._meta.concrete_fields)
    assert "Lotissement" not in textes


def test_un_parent_non_redevable_n_est_pas_nomme(emettre, dupont):
    for lien in LienParental.objects.filter(responsable__famille=dupont, responsable__rang=2):
        lien.redevable = False
        lien.save()
    assert emettre(dupont).redevables == ""


def test_un_couple_redevable_recoit_la_facture_ensemble(emettre, martin):
    assert emettre(martin).destinataire == "Mme Zoé MARTIN et M. Paul MARTIN"


# --- What follows --------------------------------------------------------------------------------------


def test_l_emission_laisse_une_trace_un_message_et_un_pdf_a_rendre(emettre, dupont, comptable):
    facture = emettre(dupont)
    trace = Trace.objects.get(verbe="EMETTRE")
    assert (trace.par, trace.objet_id, trace.famille) == (comptable, facture.pk, dupont)
    message = Message.objects.get()
    assert message.lien == "/factures/AL-1.pdf"
    assert "16,40" in message.corps
    assert message.conversation.responsable is None  # the account's, never the separated conjoint's
    assert DBTaskResult.objects.filter(task_path="facturation.taches.rendre_pdfs").count() == 1


def test_une_reprise_peut_se_taire(emettre, dupont):
    emettre(dupont, prevenir=False)
    assert not Message.objects.exists()


def test_un_credit_paie_la_facture_qui_arrive(emettre, dupont, regie, comptable):
    actions.encaisser(
        famille=dupont,
        regie=regie,
        mode="CHEQUE",
        montant=D(20),
        recu_le=date(2026, 12, 1),
        par=comptable,
    )
    facture = emettre(dupont)
    assert facture.solde_anterieur == D("-20.00")
    assert not Facture.objects.impayees().exists()
    assert solde(dupont) == D("-3.60")


# --- A whole month -------------------------------------------------------------------------------------


def test_un_mois_se_facture_famille_par_famille(novembre, regie, comptable):
    bilan = actions.emettre_periode(regie=regie, du=DU, au=AU, par=comptable)
    assert [f.numero_imprime for f in bilan.emises] == ["AL-1", "AL-2"]
    assert (bilan.total, bilan.echecs) == (D("26.90"), [])
    encore = actions.emettre_periode(regie=regie, du=DU, au=AU, par=comptable)
    assert (encore.emises, encore.echecs) == ([], [])


def test_une_famille_en_echec_n_arrete_pas_les_autres_et_reste_facturable(
    novembre, regie, comptable, dupont, garderie, monkeypatch
):
    tarif = Tarif.objects.filter(prestation=garderie).first()
    champs = {"prestation": garderie, "du": tarif.du, "montant": tarif.montant}
    tarif.delete()
    bilan = actions.emettre_periode(regie=regie, du=DU, au=AU, par=comptable)
    assert [f.numero_imprime for f in bilan.emises] == ["AL-1"]
    ((famille, phrase),) = bilan.echecs
    assert famille == dupont
    assert "aucun prix" in phrase
    Tarif.objects.create(**champs)
    bilan = actions.emettre_periode(regie=regie, du=DU, au=AU, par=comptable)
    assert [f.numero_imprime for f in bilan.emises] == ["AL-2"]


def test_une_panne_sur_une_famille_est_dite_et_consignee(novembre, regie, comptable, monkeypatch, caplog):
    vraie = actions.factures.debiteur

    def en_panne(famille, *autres):
        if famille.nom == "Dupont":
            raise RuntimeError("panne")
        return vraie(famille, *autres)

    monkeypatch.setattr(actions.factures, "debiteur", en_panne)
    bilan = actions.emettre_periode(regie=regie, du=DU, au=AU, par=comptable)
    assert [f.numero_imprime for f in bilan.emises] == ["AL-1"]
    assert "journal" in bilan.echecs[0][1]
    assert "panne" in caplog.text


def test_la_facturation_reprend_ou_elle_s_est_arretee(novembre, regie, comptable, martin):
    """Killed after the first family: the second run bills the rest, the numbers follow."""
    actions.emettre(famille=martin, regie=regie, du=DU, au=AU, par=comptable)
    bilan = actions.emettre_periode(regie=regie, du=DU, au=AU, par=comptable)
    assert [f.numero_imprime for f in bilan.emises] == ["AL-2"]
    assert list(Facture.objects.order_by("numero").values_list("numero", flat=True)) == [1, 2]


def test_un_quotient_recu_plus_tard_ne_change_pas_un_jour_deja_facture(emettre, martin, repas):
    facture = emettre(martin)
    QuotientFamilial.objects.create(
        famille=martin, valeur=D(1), du=date(2026, 11, 1), recu_le=date(2026, 12, 3)
    )
    assert emettre(martin) is None
    assert Facture.objects.get(pk=facture.pk).total == D("10.50")
