"""Each nature, from one table: deposit, accept, refuse, withdraw, decide twice, decide one's own."""

from functools import partial

import pytest

from demandes import actions
from demandes.enums import SENSIBLES, EtatDemande
from demandes.models import Demande
from demandes.natures import NATURES
from demandes.natures.base import Nature
from familles.enums import VerbeTrace
from familles.erreurs import DejaTraite, Invalide, Refus
from familles.models import (
    CoordonneesBancaires,
    Enfant,
    Famille,
    FicheSanitaire,
    InformationsCaf,
    InformationsFiscales,
    Inscription,
    PersonneAutorisee,
    Responsable,
    Trace,
    Utilisateur,
)
from messagerie.models import Courriel, Message
from planning.enums import EtatReservation
from planning.models import Reservation
from tests.demandes.conftest import (
    IBAN,
    MAMIE,
    SAISIES,
    envoyer_photo,
    personnes,
    saisie,
    saisie_inscription,
)

R = EtatReservation


@pytest.fixture
def deposees(dupont, lea, voit_sante, garderie, deposer, changer_adresse, reserver, declarer_absence):
    """How to deposit one request of each registered nature."""
    titulaire = dupont.titulaire

    def rubrique(nature):
        enfant = lea if NATURES[nature].de_l_enfant else None
        return deposer(titulaire, nature, saisie(titulaire, nature, enfant, **SAISIES[nature]), enfant=enfant)

    return {
        **{nature: partial(rubrique, nature) for nature in SAISIES},
        "photo": lambda: envoyer_photo(titulaire, lea),
        "autorisations": lambda: deposer(titulaire, "autorisations", personnes(MAMIE), enfant=lea),
        "inscription": lambda: deposer(titulaire, "inscription", saisie_inscription(garderie), enfant=lea),
        "responsable": lambda: changer_adresse(dupont.titulaire),
        "conjoint": lambda: changer_adresse(dupont.conjoint),
        "reservation": lambda: reserver(dupont.titulaire, lea),
        "absence": lambda: declarer_absence(dupont.titulaire, lea),
    }


def effet(nature, famille):
    """What the decision has changed, read in the database."""
    if nature in ("responsable", "conjoint"):
        rang = 1 if nature == "responsable" else 2
        return Responsable.objects.get(famille=famille, rang=rang).adresse
    if nature == "inscription":
        return Inscription.objects.filter(prestation__nom="Garderie soir").count()
    if nature == "photo":
        return bool(Enfant.objects.get().photo_cle)
    if nature in LECTURES:
        modele, champ = LECTURES[nature]
        return next((getattr(ligne, champ) for ligne in modele.objects.all()), "")
    return Reservation.objects.get().etat


LECTURES = {
    "fiscal": (InformationsFiscales, "revenu_fiscal_reference"),
    "caf": (InformationsCaf, "numero_allocataire"),
    "bancaire": (CoordonneesBancaires, "iban"),
    "famille": (Famille, "situation"),
    "identite": (Enfant, "prenom"),
    "autorisations": (PersonneAutorisee, "telephone"),
    "sanitaire": (FicheSanitaire, "allergies"),
}


# nature: (before, accepted, refused, withdrawn)
EFFETS = {
    "responsable": ("12 rue des Bonbons", "3 place du Marché", "12 rue des Bonbons", "12 rue des Bonbons"),
    "conjoint": ("12 rue des Bonbons", "3 place du Marché", "12 rue des Bonbons", "12 rue des Bonbons"),
    "fiscal": ("", "32 450", "", ""),
    "caf": ("", "7654321", "", ""),
    "bancaire": ("", IBAN, "", ""),
    "famille": ("SEPARE", "DIVORCE", "SEPARE", "SEPARE"),
    "identite": ("Léa", "Léana", "Léa", "Léa"),
    "photo": (False, True, False, False),
    "autorisations": ("", "06.11.22.33.44", "", ""),
    "inscription": (0, 1, 0, 0),
    "sanitaire": ("", "arachides", "", ""),
    "reservation": (R.DEMANDEE, R.RESERVEE, R.REFUSEE, R.ANNULEE),
    "absence": (R.ABSENCE_DEMANDEE, R.ABSENT_EXCUSE, R.RESERVEE, R.RESERVEE),
}
toutes = pytest.mark.parametrize("nature", list(EFFETS))


def test_la_table_couvre_toutes_les_natures():
    assert set(EFFETS) == set(NATURES)
    assert all(isinstance(nature, Nature) for nature in NATURES.values())


@toutes
def test_le_depot_attend_et_accuse_reception(deposees, dupont, nature):
    demande = deposees[nature]()
    assert demande.etat == EtatDemande.EN_ATTENTE
    assert effet(nature, dupont) == EFFETS[nature][0]
    message = Message.objects.order_by("pk").last()
    for attendu in (f"n° {demande.pk}", "mardi 24 novembre 2026", "Service enfance", "05.61.00.00.00"):
        assert attendu in message.corps
    assert message.lien == demande.get_absolute_url()
    assert message.conversation.responsable == demande.deposant
    assert Trace.objects.filter(verbe=VerbeTrace.DEPOSER, objet_id=demande.pk, famille=dupont).count() == 1


@toutes
def test_une_demande_acceptee_prend_effet(deposees, dupont, agent, nature):
    demande = actions.accepter(demande=deposees[nature](), par=agent)
    assert (demande.etat, demande.decide_par) == (EtatDemande.ACCEPTEE, agent)
    assert effet(nature, dupont) == EFFETS[nature][1]
    message = Message.objects.order_by("pk").last()
    assert f"Votre demande n° {demande.pk}" in message.corps
    assert "est acceptée" in message.corps
    assert Trace.objects.filter(par=agent, verbe=VerbeTrace.ACCEPTER, objet_id=demande.pk).exists()


@toutes
def test_une_demande_refusee_dit_pourquoi(deposees, dupont, agent, nature):
    demande = actions.refuser(demande=deposees[nature](), motif=" Justificatif illisible ", par=agent)
    assert (demande.etat, demande.motif) == (EtatDemande.REFUSEE, "Justificatif illisible")
    assert effet(nature, dupont) == EFFETS[nature][2]
    assert "Justificatif illisible" in Message.objects.order_by("pk").last().corps
    assert Trace.objects.filter(par=agent, verbe=VerbeTrace.REFUSER, objet_id=demande.pk).exists()


@toutes
@pytest.mark.parametrize("motif", ["", "   "])
def test_un_refus_sans_motif_est_impossible(deposees, dupont, agent, nature, motif):
    demande = deposees[nature]()
    with pytest.raises(Invalide):
        actions.refuser(demande=demande, motif=motif, par=agent)
    demande.refresh_from_db()
    assert demande.en_attente
    assert effet(nature, dupont) == EFFETS[nature][0]


@toutes
def test_une_demande_retiree_ne_laisse_rien(deposees, dupont, nature):
    demande = deposees[nature]()
    retiree = actions.retirer(demande=demande, par=demande.depose_par)
    assert retiree.etat == EtatDemande.ANNULEE
    assert effet(nature, dupont) == EFFETS[nature][3]
    assert Trace.objects.filter(verbe=VerbeTrace.RETIRER, objet_id=demande.pk).exists()


def gestes(demande, agent):
    return {
        "accepter": lambda: actions.accepter(demande=demande, par=agent),
        "refuser": lambda: actions.refuser(demande=demande, motif="Non", par=agent),
        "retirer": lambda: actions.retirer(demande=demande, par=demande.depose_par),
    }


@toutes
@pytest.mark.parametrize("premier", ["accepter", "refuser", "retirer"])
@pytest.mark.parametrize("second", ["accepter", "refuser", "retirer"])
def test_une_demande_ne_se_decide_qu_une_fois(deposees, dupont, agent, nature, premier, second):
    demande = deposees[nature]()
    gestes(demande, agent)[premier]()
    avant = (effet(nature, dupont), Message.objects.count(), Trace.objects.count())
    with pytest.raises(DejaTraite) as refus:
        gestes(demande, agent)[second]()
    assert "déjà reçu une réponse" in refus.value.message
    assert (effet(nature, dupont), Message.objects.count(), Trace.objects.count()) == avant


@toutes
def test_personne_ne_decide_dans_son_propre_dossier(deposees, dupont, agent, nature):
    demande = deposees[nature]()
    Responsable.objects.filter(famille=dupont, rang=2).get()
    conjoint = dupont.responsables.get(rang=2)
    conjoint.utilisateur = agent
    conjoint.save()
    for geste in ("accepter", "refuser"):
        with pytest.raises(Refus) as refus:
            gestes(demande, agent)[geste]()
        assert refus.value.statut == 403
    demande.refresh_from_db()
    assert demande.en_attente


@toutes
def test_une_saisie_sensible_s_efface_a_la_decision(deposees, dupont, agent, nature):
    demande = actions.accepter(demande=deposees[nature](), par=agent)
    demande.refresh_from_db()
    if nature in SENSIBLES:
        assert demande.saisie is None
        assert demande.champs
    elif nature in ("responsable", "conjoint"):
        assert demande.apres == {"adresse": "3 place du Marché"}
    assert bool(NATURES[nature].resume(demande)) == (nature not in SENSIBLES | {"reservation"})


SECRETS = ("place du Marché", "Bonbons", "32 450", "32450", "7654321", IBAN, "Divorcé", "Odette", "arachides")


@toutes
@pytest.mark.parametrize("geste", ["accepter", "refuser"])
def test_ni_trace_ni_courriel_ne_porte_de_valeur(deposees, dupont, agent, raison, nature, geste):
    demande = deposees[nature]()
    gestes(demande, agent)[geste]()
    ecrits = "\n".join(
        f"{c.sujet} {c.contexte} {c.gabarit} {c.evenement}" for c in Courriel.objects.all()
    ) + "\n".join(f"{t.objet} {t.objet_id} {t.verbe}" for t in Trace.objects.all())
    for secret in (*SECRETS, str(raison), "Léa", "Non"):
        assert secret not in ecrits


DITES_AUX_DEUX = ("identite", "photo", "autorisations", "sanitaire")


@toutes
def test_la_decision_part_au_deposant_seul(deposees, dupont, agent, nature):
    demande = actions.accepter(demande=deposees[nature](), par=agent)
    reponses = Courriel.objects.filter(sujet__contains=f"demande n° {demande.pk} a reçu")
    assert {c.destinataire for c in reponses} == {demande.deposant.email}
    autres = Courriel.objects.exclude(destinataire=demande.deposant.email)
    # Of what keeps a child safe, the other parent learns that it has changed, and nothing else.
    attendus = ["La fiche de votre enfant a changé"] if nature in DITES_AUX_DEUX else []
    assert [c.sujet for c in autres] == attendus


@toutes
def test_la_saisie_n_est_pas_lisible_dans_la_base(deposees, dupont, nature):
    from django.db import connection

    deposees[nature]()
    with connection.cursor() as curseur:
        curseur.execute("SELECT saisie FROM demandes_demande WHERE saisie IS NOT NULL")
        brut = " ".join(ligne[0] for ligne in curseur.fetchall())
    assert not [secret for secret in (*SECRETS, "Marché") if secret in brut]
    assert "motif" not in brut


def test_deux_comptes_sans_lien_peuvent_decider(deposees, agent, autre_agent):
    actions.accepter(demande=deposees["conjoint"](), par=autre_agent)
    actions.accepter(demande=deposees["responsable"](), par=agent)
    assert Demande.objects.filter(etat=EtatDemande.ACCEPTEE).count() == 2
    assert Utilisateur.objects.filter(is_staff=True).count() == 2
