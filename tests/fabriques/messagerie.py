"""The inbox and the outbox."""

import uuid

import factory
from factory.django import DjangoModelFactory

from familles.horloge import maintenant
from messagerie import models
from messagerie.enums import Sens
from tests.fabriques import faker
from tests.fabriques.familles import FoyerFactory, UtilisateurFactory


class ConversationFactory(DjangoModelFactory):
    class Meta:
        model = models.Conversation

    famille = factory.SubFactory(FoyerFactory)
    sujet = faker("sentence", nb_words=4)
    creee_le = factory.LazyFunction(maintenant)
    active_le = factory.LazyAttribute(lambda o: o.creee_le)


class MessageFactory(DjangoModelFactory):
    """From the structure, unread, unless told otherwise."""

    class Meta:
        model = models.Message

    conversation = factory.SubFactory(ConversationFactory)
    sens = Sens.STRUCTURE
    auteur = factory.SubFactory(UtilisateurFactory)
    corps = faker("paragraph")
    envoye_le = factory.LazyFunction(maintenant)


class CourrielFactory(DjangoModelFactory):
    class Meta:
        model = models.Courriel

    evenement = factory.Sequence(lambda n: f"message:{n}")
    destinataire = factory.Sequence(lambda n: f"parent.{n}@exemple.fr")
    sujet = "Un nouveau message vous attend sur le portail"
    gabarit = "messagerie/courriels/message"
    cree_le = factory.LazyFunction(maintenant)
    prochain_essai = factory.LazyAttribute(lambda o: o.cree_le)


class PieceFactory(DjangoModelFactory):
    class Meta:
        model = models.Piece

    message = factory.SubFactory(MessageFactory)
    nom = "certificat.png"
    cle = factory.LazyFunction(lambda: uuid.uuid4().hex)
    type_mime = "image/png"
    taille = 100


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = models.Note

    conversation = factory.SubFactory(ConversationFactory)
    auteur = factory.SubFactory(UtilisateurFactory)
    texte = "Déjà vu avec la directrice."


class DiffusionFactory(DjangoModelFactory):
    class Meta:
        model = models.Diffusion

    jeton = factory.LazyFunction(uuid.uuid4)
    public = "Une classe : CP"
    sujet = "Sortie"
    nombre = 2
    par = factory.SubFactory(UtilisateurFactory)


class ReponseTypeFactory(DjangoModelFactory):
    class Meta:
        model = models.ReponseType

    titre = factory.Sequence(lambda n: f"Réponse {n}")
    texte = "L’accueil ouvre à 7 h 15."
