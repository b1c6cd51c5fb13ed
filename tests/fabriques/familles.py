"""The family file: accounts, families and their adults, children, services."""

# budget: one file over 300 lines, a short factory for each of twenty models.

from datetime import date, time

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from familles import coffre, models
from familles.enums import (
    Civilite,
    NatureFiscale,
    Qualite,
    Rang,
    RegimeAllocataire,
    Sexe,
    Situation,
)
from familles.importation.fichier import Feuille
from tests.fabriques import faker

MOT_DE_PASSE = "portail-demo-31"
IBAN_SPECIMEN = "FR76 3000 6000 0112 3456 7890 189"


class CollectiviteFactory(DjangoModelFactory):
    """The singleton: making it again changes the same row."""

    class Meta:
        model = models.Collectivite

    nom = "Les P’tiots Lanniaux"
    adresse = "3 rue de l’École"
    code_postal = "31400"
    ville = "Saint-Jean"
    code_insee = "31488"
    siret = "73282932000074"
    service = "Service enfance"
    telephone = "05.61.00.00.00"
    email = "contact@lanniaux.example"

    @classmethod
    def _create(cls, model_class, *args, **champs):
        collectivite = model_class(*args, **champs)
        collectivite.save()
        return collectivite


class UtilisateurFactory(DjangoModelFactory):
    """`groupe="Agents"` makes a member of the staff."""

    class Meta:
        model = models.Utilisateur
        skip_postgeneration_save = True

    first_name = faker("first_name")
    last_name = faker("last_name")
    username = factory.Sequence(lambda n: f"compte.{n}")
    email = factory.LazyAttribute(lambda o: f"{o.username}@exemple.fr")
    password = factory.django.Password(MOT_DE_PASSE)

    @factory.post_generation
    def groupe(self, cree, nom, **_):
        if cree and nom:
            self.is_staff = True
            self.save(update_fields=["is_staff"])
            self.groups.add(Group.objects.get(name=nom))


class ImportFamillesFactory(DjangoModelFactory):
    """A file put away, whose columns are still to be mapped."""

    class Meta:
        model = models.ImportFamilles

    depose_par = factory.SubFactory(UtilisateurFactory)
    nom_fichier = "familles.csv"
    encodage = "UTF-8"
    separateur = ";"
    titres = ["N° famille", "Nom", "Prénom"]
    empreinte_titres = "0" * 64
    lignes = 1

    @factory.lazy_attribute
    def fichier_cle(self):
        feuille = Feuille(
            self.titres, self.encodage, self.separateur, [(2, ["1001001818331", "DUPONT", "Jean"])]
        )
        return coffre.ranger(feuille.en_octets())


class FamilleFactory(DjangoModelFactory):
    """A family without adults; `FoyerFactory` gives one with its titulaire."""

    class Meta:
        model = models.Famille

    numero = factory.Sequence(lambda n: f"{2001001000000 + n}")
    situation = Situation.MARIE


class ResponsableFactory(DjangoModelFactory):
    class Meta:
        model = models.Responsable

    famille = factory.SubFactory(FamilleFactory)
    rang = Rang.TITULAIRE
    utilisateur = factory.SubFactory(
        UtilisateurFactory,
        first_name=factory.SelfAttribute("..prenom"),
        last_name=factory.SelfAttribute("..nom"),
    )
    civilite = Civilite.MADAME
    nom = faker("last_name")
    prenom = faker("first_name_female")
    qualite = Qualite.MERE
    adresse = faker("street_address")
    code_postal = "31400"
    ville = "Saint-Jean"
    telephone_domicile = factory.Sequence(
        lambda n: f"05.61.{n // 10000 % 100:02}.{n // 100 % 100:02}.{n % 100:02}"
    )
    email = factory.LazyAttribute(lambda o: o.utilisateur.email if o.utilisateur else "")
    autorisation_courriel = True


class FoyerFactory(FamilleFactory):
    """A family, its titulaire and, unless `conjoint=None`, the other adult of the couple."""

    class Meta:
        skip_postgeneration_save = True

    titulaire = factory.RelatedFactory(ResponsableFactory, factory_related_name="famille")
    conjoint = factory.RelatedFactory(
        ResponsableFactory,
        factory_related_name="famille",
        rang=Rang.CONJOINT,
        civilite=Civilite.MONSIEUR,
        prenom=faker("first_name_male"),
        qualite=Qualite.PERE,
    )


class EcoleFactory(DjangoModelFactory):
    class Meta:
        model = models.Ecole
        django_get_or_create = ["nom"]

    nom = "GROUPE SCOLAIRE TERENCE RIDOUT"
    code_postal = "31400"
    ville = "Saint-Jean"


class StructureFactory(DjangoModelFactory):
    class Meta:
        model = models.Structure
        django_get_or_create = ["nom"]

    nom = "Groupe scolaire Térence Ridout"


class RegieFactory(DjangoModelFactory):
    class Meta:
        model = models.Regie
        django_get_or_create = ["prefixe"]

    nom = "Régie garderie ALSH"
    prefixe = "AL"
    ordre_cheques = "P’tiots Lanniaux"
    instructions = (
        "Par chèque à l’ordre des P’tiots Lanniaux, à remettre dans leur boîte aux lettres. "
        "Aucun rendu de monnaie ne sera fait pour un paiement en espèces."
    )
    delai_paiement_jours = 30


class PrestationFactory(DjangoModelFactory):
    """« Repas » unless told otherwise."""

    class Meta:
        model = models.Prestation
        django_get_or_create = ["structure", "nom"]

    nom = "Repas"
    structure = factory.SubFactory(StructureFactory)
    regie = factory.SubFactory(RegieFactory)
    ordre = 6
    jours_ouverts = "12345"
    nature_fiscale = NatureFiscale.REPAS


class GarderieFactory(PrestationFactory):
    nom = "Garderie Matin 7h30 – 8h30"
    ordre = 2
    heure_debut = time(7, 30)
    heure_fin = time(8, 30)
    nature_fiscale = NatureFiscale.GARDE


class AnneeScolaireFactory(DjangoModelFactory):
    class Meta:
        model = models.AnneeScolaire
        django_get_or_create = ["debut"]

    debut = date(2026, 9, 1)


class EnfantFactory(DjangoModelFactory):
    """`famille=` attaches the child to it, with a link to each of its adults."""

    class Meta:
        model = models.Enfant
        skip_postgeneration_save = True

    nom = faker("last_name")
    prenom = faker("first_name_female")
    sexe = Sexe.F
    date_naissance = date(2019, 5, 4)

    @factory.post_generation
    def famille(self, cree, famille, **_):
        if not (cree and famille):
            return
        RattachementFactory(enfant=self, famille=famille, du=self.date_naissance)
        for responsable in famille.responsables.all():
            LienParentalFactory(responsable=responsable, enfant=self)

    @factory.post_generation
    def ecole(self, cree, ecole, **_):
        if cree and ecole:
            ScolariteFactory(enfant=self, ecole=ecole)


class RattachementFactory(DjangoModelFactory):
    class Meta:
        model = models.Rattachement

    enfant = factory.SubFactory(EnfantFactory)
    famille = factory.SubFactory(FoyerFactory)
    du = date(2019, 5, 4)


class LienParentalFactory(DjangoModelFactory):
    class Meta:
        model = models.LienParental

    responsable = factory.SubFactory(ResponsableFactory)
    enfant = factory.SubFactory(EnfantFactory)
    qualite = factory.LazyAttribute(lambda o: o.responsable.qualite or Qualite.AUTRE)


class ScolariteFactory(DjangoModelFactory):
    class Meta:
        model = models.Scolarite

    enfant = factory.SubFactory(EnfantFactory)
    ecole = factory.SubFactory(EcoleFactory)
    classe = "CE1"
    niveau = "CE1"
    du = date(2026, 9, 1)


class InscriptionFactory(DjangoModelFactory):
    """For the whole school year; the family that pays is the child's first."""

    class Meta:
        model = models.Inscription

    enfant = factory.LazyFunction(lambda: EnfantFactory(famille=FoyerFactory()))
    prestation = factory.SubFactory(PrestationFactory)
    annee = factory.SubFactory(AnneeScolaireFactory)
    famille = factory.LazyAttribute(lambda o: o.enfant.rattachements.first().famille)
    du = factory.LazyAttribute(lambda o: o.annee.debut)
    au = factory.LazyAttribute(lambda o: o.annee.fin)


class PersonneAutoriseeFactory(DjangoModelFactory):
    class Meta:
        model = models.PersonneAutorisee

    enfant = factory.SubFactory(EnfantFactory)
    nom = faker("last_name")
    prenom = faker("first_name")
    lien = "grand-mère"
    telephone = "05.61.22.33.44"


class FicheSanitaireFactory(DjangoModelFactory):
    class Meta:
        model = models.FicheSanitaire

    enfant = factory.SubFactory(EnfantFactory)
    medecin = "Dr Anne Lafon"
    allergies = "arachide, trousse n° 31 au bureau"


class CoordonneesBancairesFactory(DjangoModelFactory):
    class Meta:
        model = models.CoordonneesBancaires

    famille = factory.SubFactory(FoyerFactory)
    titulaire = factory.LazyAttribute(
        lambda o: o.famille.titulaire.nom_complet if o.famille.titulaire else ""
    )
    iban = IBAN_SPECIMEN


class InformationsFiscalesFactory(DjangoModelFactory):
    class Meta:
        model = models.InformationsFiscales

    famille = factory.SubFactory(FoyerFactory)
    annee_revenus = 2025
    numero_fiscal = "1234567890123"
    revenu_fiscal_reference = "28 400"
    nombre_parts = "2,5"


class InformationsCafFactory(DjangoModelFactory):
    class Meta:
        model = models.InformationsCaf

    famille = factory.SubFactory(FoyerFactory)
    regime = RegimeAllocataire.CAF
    organisme = "CAF de la Haute-Garonne"
    numero_allocataire = "1234567"


class QuotientFamilialFactory(DjangoModelFactory):
    class Meta:
        model = models.QuotientFamilial

    famille = factory.SubFactory(FoyerFactory)
    valeur = factory.Sequence(lambda n: 400 + n % 10 * 100)
    du = date(2026, 1, 1)
    recu_le = date(2026, 1, 15)
    source = "attestation CAF"


class ResidenceFactory(DjangoModelFactory):
    class Meta:
        model = models.Residence

    famille = factory.SubFactory(FoyerFactory)
    code_insee = "31488"
    commune = "Saint-Jean"
    du = date(2020, 1, 1)
