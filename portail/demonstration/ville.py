"""What a town sets up once: itself, its services and prices, its school years, its staff."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from django.contrib.auth.models import Group

from demandes.enums import NatureDemande
from demandes.models import MotifRefus, SuiteDuSilence
from facturation.enums import ModeTarif
from facturation.models import Tarif, TrancheTarif
from familles.enums import ModeReglement, NatureFiscale, Zone
from familles.groupes import ADMINISTRATEURS, AGENTS, COMPTABLES
from familles.horloge import maintenant
from familles.models import (
    AnneeScolaire,
    Collectivite,
    Ecole,
    Prestation,
    Regie,
    Structure,
    Utilisateur,
)

MOT_DE_PASSE = "portail-demo-31"
COMMUNE = {"code_postal": "31400", "ville": "Saint-Jean"}
GROUPE_SCOLAIRE = "Groupe scolaire Térence Ridout"
NOM = "Les P’tiots Lanniaux"
DOCUMENTS = (
    "Attestation d’assurance scolaire\nPage des vaccins\nJustificatif de domicile de moins de trois mois"
)
# Ready-made: for every request, or for one kind of information.
MOTIFS_REFUS = [
    ("", "Il manque un document : joignez-le, puis renvoyez votre demande."),
    ("", "Le document joint est illisible : photographiez-le à plat, en entier."),
    (NatureDemande.RESPONSABLE, "Joignez un justificatif de domicile de moins de trois mois."),
    (NatureDemande.SANITAIRE, "Joignez le PAI signé par le médecin et par l’école."),
    (NatureDemande.RESERVATION, "Il ne reste plus de place ce jour-là."),
]
SILENCE = "Sans réponse de notre part dans les deux mois, votre demande est refusée ; écrivez-nous avant."
NATURES_A_DELAI = (NatureDemande.RESPONSABLE, NatureDemande.SANITAIRE, NatureDemande.INSCRIPTION)
TOUS, SANS_MERCREDI, MERCREDI = "12345", "1245", "3"
# Meals that the kitchen serves, for a town of as many families.
REPAS_POUR_100_FAMILLES = 160

# The manual's six lines: key, name, hours, open weekdays, price of 2014, price of today.
LIGNES = [
    ("matin1", "Garderie Matin 7h15 – 7h30", (time(7, 15), time(7, 30)), TOUS, "0.50", "0.65"),
    ("matin2", "Garderie Matin 7h30 – 8h30", (time(7, 30), time(8, 30)), TOUS, "1.50", "1.90"),
    ("mercredi", "Garderie Mercredi Forfait", (None, None), MERCREDI, "8.00", "9.50"),
    ("soir1", "Garderie Soir 16h45 – 17h45", (time(16, 45), time(17, 45)), SANS_MERCREDI, "1.80", "2.25"),
    ("soir2", "Garderie Soir 17h45 – 18h45", (time(17, 45), time(18, 45)), SANS_MERCREDI, "1.80", "2.25"),
    ("repas", "Repas", (None, None), TOUS, "3.30", None),
]
# Repas today: price up to a quotient (None: above).
TRANCHES_REPAS = [(400, "2.10"), (700, "2.85"), (1000, "3.42"), (1500, "3.95"), (None, "4.40")]


@dataclass
class Ville:
    """What the other modules build upon."""

    collectivite: Collectivite
    ecole: Ecole
    regie: Regie
    prestations: dict[str, Prestation]
    agent: Utilisateur
    comptable: Utilisateur
    annees: dict[int, AnneeScolaire] = field(default_factory=dict)

    def annee(self, debut: int) -> AnneeScolaire:
        """The school year that begins that September."""
        if debut not in self.annees:
            self.annees[debut] = AnneeScolaire.objects.create(debut=date(debut, 9, 1))
        return self.annees[debut]


def annee_courante(le: date) -> int:
    """September that opens the year the town lives in: in summer, the coming one."""
    return le.year if le.month >= 7 else le.year - 1


def compte(
    identifiant: str, prenom: str, nom: str, mot_de_passe: str | None = MOT_DE_PASSE, **champs
) -> Utilisateur:
    """`mot_de_passe=None`: a login that nobody can use."""
    return Utilisateur.objects.create_user(
        identifiant,
        password=mot_de_passe,
        first_name=prenom,
        last_name=nom,
        date_joined=maintenant(),
        **champs,
    )


def fonder(familles: int) -> Ville:
    """The town, before anyone lives there."""
    collectivite = Collectivite(
        nom=NOM,
        adresse="3 rue de l’École",
        **COMMUNE,
        code_insee="31488",
        siret="21310000000008",
        telephone="05.36.49.31.31",
        email="contact@ptiots-lanniaux.example",
        service="Service enfance",
        zone=Zone.C,
        message_accueil="Bienvenue sur le Portail Famille",
        documents_inscription=DOCUMENTS,
    )
    collectivite.save()
    _regler_les_demandes()
    regie = Regie.objects.create(
        nom="Régie garderie ALSH",
        prefixe="AL",
        acte="Délibération du 28 août 2014",
        regisseur="Claude Ricard",
        ordre_cheques="P’tiots Lanniaux",
        instructions=(
            "Par chèque libellé à l’ordre des P’tiots Lanniaux, remis dans la boîte aux lettres des P’tiots "
            "Lanniaux. Aucun rendu de monnaie ne sera fait pour un paiement en espèces."
        ),
        modes=[ModeReglement.CHEQUE, ModeReglement.ESPECES],
        delai_paiement_jours=30,
    )
    structure = Structure.objects.create(
        nom=GROUPE_SCOLAIRE, adresse="3 rue de l’École", telephone="05.36.49.31.32"
    )
    return Ville(
        collectivite=collectivite,
        ecole=Ecole.objects.create(nom=GROUPE_SCOLAIRE, adresse="1 rue de l’École", **COMMUNE),
        regie=regie,
        prestations=_prestations(structure, regie, familles * REPAS_POUR_100_FAMILLES // 100),
        **_personnel(),
    )


def _regler_les_demandes() -> None:
    for nature, texte in MOTIFS_REFUS:
        MotifRefus.objects.create(nature=nature, texte=texte)
    for nature in NATURES_A_DELAI:
        SuiteDuSilence.objects.create(nature=nature, texte=SILENCE)


def _prestations(structure: Structure, regie: Regie, repas: int) -> dict[str, Prestation]:
    prestations = {}
    for ordre, (cle, nom, (debut, fin), jours_ouverts, ancien, actuel) in enumerate(LIGNES, start=1):
        prestations[cle] = prestation = Prestation.objects.create(
            nom=nom,
            structure=structure,
            regie=regie,
            ordre=ordre,
            heure_debut=debut,
            heure_fin=fin,
            jours_ouverts=jours_ouverts,
            capacite=repas if cle == "repas" else None,
            nature_fiscale=NatureFiscale.REPAS if cle == "repas" else NatureFiscale.GARDE,
        )
        _tarifer(prestation, ancien, actuel)
    return prestations


def _tarifer(prestation: Prestation, ancien: str, actuel: str | None) -> None:
    """The manual's prices until 2020, then today's."""
    Tarif.objects.create(prestation=prestation, du=date(2014, 9, 1), montant=Decimal(ancien))
    depuis = date(2020, 9, 1)
    if actuel:
        Tarif.objects.create(prestation=prestation, du=depuis, montant=Decimal(actuel))
        return
    tarif = Tarif.objects.create(
        prestation=prestation,
        du=depuis,
        mode=ModeTarif.TRANCHES,
        prix_hors_commune=Decimal("5.20"),
        prix_hors_contrat=Decimal("6.00"),
        cout_reel=Decimal("9.80"),
    )
    for jusqu_a, prix in TRANCHES_REPAS:
        TrancheTarif.objects.create(tarif=tarif, jusqu_a=jusqu_a, prix=Decimal(prix))


def _personnel() -> dict[str, Utilisateur]:
    """The staff's three accounts; `admin` also manages the accounts themselves."""
    agent = compte("agent", "Alice", "Fabre", is_staff=True)
    agent.groups.add(Group.objects.get(name=AGENTS))
    comptable = compte("comptable", "Claude", "Ricard", is_staff=True)
    comptable.groups.add(Group.objects.get(name=COMPTABLES))
    admin = compte("admin", "Andrée", "Soulier", is_staff=True, is_superuser=True)
    admin.groups.add(Group.objects.get(name=ADMINISTRATEURS))
    return {"agent": agent, "comptable": comptable}
