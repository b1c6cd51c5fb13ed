"""Requests of the families, and the days that they ask for."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from demandes import models
from demandes.enums import NatureDemande
from familles import coffre
from familles.horloge import maintenant
from tests.fabriques.familles import EnfantFactory, FoyerFactory, PrestationFactory


class DemandeFactory(DjangoModelFactory):
    """A change of the first adult's address, waiting; another state needs its `decide_le`."""

    class Meta:
        model = models.Demande

    famille = factory.SubFactory(FoyerFactory)
    nature = NatureDemande.RESPONSABLE
    deposant = factory.LazyAttribute(lambda o: o.famille.titulaire)
    depose_par = factory.LazyAttribute(lambda o: o.deposant.utilisateur)
    concerne = factory.LazyAttribute(lambda o: o.deposant)
    cle = factory.LazyAttribute(
        lambda o: ("responsable", "conjoint")[o.concerne.rang - 1] if o.concerne else ""
    )
    saisie = factory.LazyAttribute(
        lambda o: {"avant": {"adresse": o.deposant.adresse}, "apres": {"adresse": "3 place du Marché"}}
    )
    champs = factory.LazyAttribute(lambda o: list(o.saisie["apres"]) if o.saisie else [])
    depose_le = factory.LazyFunction(maintenant)


class LigneDemandeFactory(DjangoModelFactory):
    """A lunch asked for a child of the family, with no booking behind it."""

    class Meta:
        model = models.LigneDemande

    demande = factory.SubFactory(DemandeFactory, nature=NatureDemande.RESERVATION, concerne=None, saisie=None)
    enfant = factory.LazyAttribute(lambda o: EnfantFactory(famille=o.demande.famille))
    prestation = factory.SubFactory(PrestationFactory)
    jour = date(2026, 12, 3)


class PieceJointeFactory(DjangoModelFactory):
    """A picture sent with a request."""

    class Meta:
        model = models.PieceJointe

    demande = factory.SubFactory(DemandeFactory)
    famille = factory.LazyAttribute(lambda o: o.demande.famille)
    champ = factory.LazyAttribute(lambda o: o.demande.nature)
    depose_par = factory.LazyAttribute(lambda o: o.demande.depose_par)
    nom = "justificatif.png"
    cle = factory.LazyFunction(lambda: coffre.ranger(b"image"))
    type_mime = "image/png"
    taille = 5
    sha256 = "0" * 64
    deposee_le = factory.LazyFunction(maintenant)


class MotifRefusFactory(DjangoModelFactory):
    class Meta:
        model = models.MotifRefus

    texte = factory.Sequence(lambda n: f"Justificatif illisible ({n})")


class SuiteDuSilenceFactory(DjangoModelFactory):
    class Meta:
        model = models.SuiteDuSilence

    nature = NatureDemande.FISCAL
    texte = "Sans réponse dans les deux mois, votre demande est refusée."


class VersionReglementFactory(DjangoModelFactory):
    class Meta:
        model = models.VersionReglement

    du = date(2026, 9, 1)
    texte = "Article 1. Les réservations se font au plus tard le jeudi à 12 h."
