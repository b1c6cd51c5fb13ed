"""Prices, invoices and payments as they stand; the real paths are `facturation.actions`."""

import datetime
from decimal import Decimal

import factory
from django.db import transaction
from factory.django import DjangoModelFactory

from facturation import models
from facturation.enums import ModeTarif, NatureFacture, Serie
from familles.enums import ModeReglement
from familles.horloge import maintenant
from tests.fabriques.familles import (
    EnfantFactory,
    FoyerFactory,
    PrestationFactory,
    RegieFactory,
    UtilisateurFactory,
)


@transaction.atomic
def suivant(regie, serie: Serie, jour: datetime.date) -> int:
    return models.CompteurNumero.objects.verrouiller(regie, serie).suivant(jour)


class TarifFactory(DjangoModelFactory):
    class Meta:
        model = models.Tarif

    prestation = factory.SubFactory(PrestationFactory)
    du = datetime.date(2014, 9, 1)
    montant = Decimal("3.30")


class TarifParTranchesFactory(TarifFactory):
    """`tranches={"jusqu’à": prix}`; None: the last bracket."""

    class Meta:
        skip_postgeneration_save = True

    mode = ModeTarif.TRANCHES
    montant = None

    @factory.post_generation
    def tranches(self, cree, tranches, **_):
        if cree:
            voulues = tranches or {600: "2.50", 1000: "3.42", None: "4.10"}
            for jusqu_a, prix in voulues.items():
                models.TrancheTarif.objects.create(tarif=self, jusqu_a=jusqu_a, prix=Decimal(prix))


class CompteurNumeroFactory(DjangoModelFactory):
    class Meta:
        model = models.CompteurNumero
        django_get_or_create = ["regie", "serie"]

    regie = factory.SubFactory(RegieFactory)
    serie = Serie.FACTURE


class FactureFactory(DjangoModelFactory):
    """An issued invoice; its number is the next of the series unless given."""

    class Meta:
        model = models.Facture

    regie = factory.SubFactory(RegieFactory)
    famille = factory.SubFactory(FoyerFactory)
    date = datetime.date(2026, 11, 5)
    numero = factory.LazyAttribute(lambda o: suivant(o.regie, Serie.FACTURE, o.date))
    numero_imprime = factory.LazyAttribute(lambda o: f"{o.regie.prefixe}-{o.numero}")
    nature = NatureFacture.FACTURE
    du = datetime.date(2026, 10, 1)
    au = datetime.date(2026, 10, 31)
    echeance = factory.LazyAttribute(lambda o: o.date + datetime.timedelta(days=30))
    total = Decimal("33.00")
    emetteur_nom = "Les P’tiots Lanniaux"
    regie_nom = factory.LazyAttribute(lambda o: o.regie.nom)
    destinataire = factory.LazyAttribute(lambda o: o.famille.titulaire.appel if o.famille.titulaire else "")
    famille_numero = factory.LazyAttribute(lambda o: o.famille.numero)
    ordre_cheques = factory.LazyAttribute(lambda o: o.regie.ordre_cheques)
    emise_le = factory.LazyFunction(maintenant)


class LigneFactureFactory(DjangoModelFactory):
    class Meta:
        model = models.LigneFacture

    facture = factory.SubFactory(FactureFactory)
    ordre = factory.Sequence(lambda n: n % 30000)
    enfant = factory.SubFactory(EnfantFactory)
    enfant_nom = factory.LazyAttribute(lambda o: str(o.enfant) if o.enfant else "")
    prestation = factory.SubFactory(PrestationFactory)
    libelle = factory.LazyAttribute(lambda o: o.prestation.nom)
    quantite = 10
    prix_unitaire = Decimal("3.30")
    montant = factory.LazyAttribute(lambda o: o.quantite * o.prix_unitaire)


class UniteFactureeFactory(DjangoModelFactory):
    class Meta:
        model = models.UniteFacturee

    ligne = factory.SubFactory(LigneFactureFactory)
    facture = factory.LazyAttribute(lambda o: o.ligne.facture)
    enfant = factory.LazyAttribute(lambda o: o.ligne.enfant)
    prestation = factory.LazyAttribute(lambda o: o.ligne.prestation)
    famille = factory.LazyAttribute(lambda o: o.facture.famille)
    jour = datetime.date(2026, 10, 1)
    montant = factory.LazyAttribute(lambda o: o.ligne.prix_unitaire)


class ReglementFactory(DjangoModelFactory):
    """A cheque; its number is the next of the series unless given."""

    class Meta:
        model = models.Reglement

    regie = factory.SubFactory(RegieFactory)
    famille = factory.SubFactory(FoyerFactory)
    mode = ModeReglement.CHEQUE
    recu_le = datetime.date(2026, 11, 10)
    numero = factory.LazyAttribute(lambda o: suivant(o.regie, Serie.REGLEMENT, o.recu_le))
    numero_imprime = factory.LazyAttribute(lambda o: f"{o.regie.prefixe}-{o.numero}")
    montant = Decimal("33.00")
    enregistre_le = factory.LazyFunction(maintenant)


class ImputationFactory(DjangoModelFactory):
    class Meta:
        model = models.Imputation

    reglement = factory.SubFactory(ReglementFactory)
    facture = factory.SubFactory(FactureFactory)
    montant = factory.LazyAttribute(lambda o: o.reglement.montant)


class VersementFactory(DjangoModelFactory):
    """A deposit slip of one cheque."""

    class Meta:
        model = models.Versement

    regie = factory.SubFactory(RegieFactory)
    numero = factory.Sequence(lambda n: n + 1)
    numero_imprime = factory.LazyAttribute(lambda o: f"{o.regie.prefixe}-B{o.numero}")
    mode = ModeReglement.CHEQUE
    date = datetime.date(2026, 11, 12)
    nombre = 1
    total = Decimal("33.00")
    regie_nom = factory.LazyAttribute(lambda o: o.regie.nom)
    fait_par = factory.SubFactory(UtilisateurFactory)
    fait_le = factory.LazyFunction(maintenant)


class ClotureCaisseFactory(DjangoModelFactory):
    class Meta:
        model = models.ClotureCaisse

    regie = factory.SubFactory(RegieFactory)
    nature = "JOUR"
    du = datetime.date(2026, 11, 12)
    au = factory.LazyAttribute(lambda o: o.du)
    nombre = 0
    entrees = Decimal("0.00")
    sorties = Decimal("0.00")
    solde = Decimal("0.00")
    totaux = {"CHEQUE": "0.00"}
    cloturee_par = factory.SubFactory(UtilisateurFactory)
    cloturee_le = factory.LazyFunction(maintenant)


class RelanceFactory(DjangoModelFactory):
    """A first reminder."""

    class Meta:
        model = models.Relance

    regie = factory.SubFactory(RegieFactory)
    famille = factory.SubFactory(FoyerFactory)
    niveau = 1
    date = datetime.date(2026, 11, 12)
    total = Decimal("33.00")
    objet = "Facture en attente de règlement"
    texte = "Sauf erreur de notre part, cette facture reste à payer."
    destinataire = factory.LazyAttribute(lambda o: o.famille.titulaire.appel)
    envoyee_par = factory.SubFactory(UtilisateurFactory)
    envoyee_le = factory.LazyFunction(maintenant)


class ReglesFacturationFactory(DjangoModelFactory):
    class Meta:
        model = models.ReglesFacturation

    regie = factory.SubFactory(RegieFactory)


class FraisAnnuelsFactory(DjangoModelFactory):
    class Meta:
        model = models.FraisAnnuels

    regie = factory.SubFactory(RegieFactory)
    libelle = "Adhésion"
    montant = Decimal("10.00")
    du = datetime.date(2026, 9, 1)


class CampagneFactory(DjangoModelFactory):
    """A month's billing that is over; `familles=[…]`, `etat="EN_COURS"` for one under way."""

    class Meta:
        model = models.Campagne

    regie = factory.SubFactory(RegieFactory)
    du = datetime.date(2026, 10, 1)
    au = datetime.date(2026, 10, 31)
    etat = "TERMINEE"
    lancee_par = factory.SubFactory(UtilisateurFactory)
