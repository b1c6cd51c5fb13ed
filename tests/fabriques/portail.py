"""First logins and menus; the real path is `portail.actions` and the admin."""

from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from familles.horloge import instant_reel
from portail import models
from tests.fabriques.familles import UtilisateurFactory


class ActivationFactory(DjangoModelFactory):
    class Meta:
        model = models.Activation

    utilisateur = factory.SubFactory(UtilisateurFactory)
    creee_par = factory.SubFactory(UtilisateurFactory)
    empreinte_lien = factory.Sequence(lambda n: f"{n:064}")
    empreinte_code = factory.Sequence(lambda n: f"{n:064}")
    expire_le = factory.LazyFunction(lambda: instant_reel() + timedelta(days=60))


class MenuFactory(DjangoModelFactory):
    """A week for all, with a dish on Tuesday."""

    class Meta:
        model = models.Menu

    semaine = date(2026, 11, 23)
    publie = True
    jours = factory.LazyFunction(
        lambda: {"2": [{"nom": "Gratin dauphinois", "allergenes": ["LAIT"], "marques": ["bio"]}]}
    )
