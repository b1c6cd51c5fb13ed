"""Who reads which conversation: a couple reads all; otherwise the titulaire the account's, each their own."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count, Subquery

from familles.acces import Acces
from familles.models import Responsable, Utilisateur
from messagerie.actions import informer
from messagerie.models import Conversation, Message

# (whose message, who reads it) in a separated household, then in a couple.
TABLE = [
    ("compte", {"titulaire"}, {"titulaire", "conjoint"}),
    ("titulaire", {"titulaire"}, {"titulaire", "conjoint"}),
    ("conjoint", {"conjoint"}, {"titulaire", "conjoint"}),
]


def lecteurs(acces, foyer):
    _, titulaire, conjoint = foyer
    adultes = {"titulaire": titulaire, "conjoint": conjoint}
    par_conversation = {n for n, a in adultes.items() if Conversation.objects.pour(acces(a)).exists()}
    par_message = {n for n, a in adultes.items() if Message.objects.pour(acces(a)).exists()}
    assert par_conversation == par_message == par_compteur(adultes)
    return par_conversation


def par_compteur(adultes):
    """The counter of the frame, a subquery on Responsable, obeys the same rule."""
    messages = Message.objects.non_lus().vus_par_le_responsable().order_by().values("conversation__famille")
    nombre = Subquery(messages.annotate(n=Count("pk")).values("n"))
    comptes = dict(Responsable.objects.annotate(n=nombre).values_list("pk", "n"))
    return {nom for nom, adulte in adultes.items() if comptes[adulte.pk]}


def ecrire_a(foyer, pour):
    famille, titulaire, conjoint = foyer
    return informer(
        famille=famille,
        sujet="Sujet",
        corps="Corps",
        responsable={"compte": None, "titulaire": titulaire, "conjoint": conjoint}[pour],
    )


@pytest.mark.parametrize(("pour", "separes", "ensemble"), TABLE, ids=[ligne[0] for ligne in TABLE])
def test_chacun_lit_ce_qui_lui_revient(dupont, martin, acces, pour, separes, ensemble):
    message = ecrire_a(dupont, pour)
    assert lecteurs(acces, dupont) == separes
    assert lecteurs(acces, martin) == set()
    message.conversation.delete()
    ecrire_a(martin, pour)
    assert lecteurs(acces, martin) == ensemble
    assert lecteurs(acces, dupont) == set()


def test_un_compte_sans_famille_ne_lit_rien(dupont):
    ecrire_a(dupont, "compte")
    personne = Acces.pour_utilisateur(Utilisateur.objects.create_user("seul"))
    assert not Message.objects.pour(personne).exists()
    assert not Conversation.objects.pour(personne).exists()


@pytest.mark.parametrize("lien", ["https://ailleurs.fr/", "//ailleurs.fr/", "javascript:alert(1)"])
def test_un_message_ne_mene_qu_a_une_page_du_portail(dupont, lien):
    with pytest.raises(IntegrityError), transaction.atomic():
        informer(famille=dupont[0], sujet="Sujet", corps="Corps", lien=lien)
    assert not Message.objects.exists()
