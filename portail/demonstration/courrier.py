"""What is read: the house's documents, conversations, and an outbox whose e-mails have left."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.template.loader import render_to_string
from django_tasks_db.models import DBTaskResult

from demandes.models import VersionReglement
from familles.francais import jour_en_lettres
from familles.horloge import figer
from familles.papier import composer
from messagerie.actions import ecrire, informer, lire, repondre
from messagerie.enums import Sens
from messagerie.models import Courriel, Message, ReponseType
from planning.models import Fermeture
from portail.actions import publier
from portail.demonstration import cantine, guichet
from portail.demonstration.annee import ouvrable
from portail.demonstration.distribution import Distribution
from portail.demonstration.foyers import Foyer
from portail.demonstration.hasard import a
from portail.demonstration.ville import Ville
from portail.models import Document, Nouvelle
from portail.models.publications import Rubrique

GABARIT = "portail/demonstration/document.html"
REGLES = [
    "Les réservations se font au plus tard à 12 h 00 le jeudi pour la semaine qui suit, repas et garderie.",
    "Les services peuvent être réservés pour l’année scolaire complète.",
    "Une absence déclarée au plus tard le jeudi à 12 h 00 pour la semaine qui suit n’est pas facturée. "
    "Ensuite, elle l’est, sauf raison médicale, sortie scolaire, absence de l’enseignant ou grève.",
    "Les règlements se font par chèque libellé à l’ordre des P’tiots Lanniaux, remis dans la boîte aux "
    "lettres des P’tiots Lanniaux. Aucun rendu de monnaie ne sera fait pour un paiement en espèces.",
]
ACCUEIL_INDIVIDUALISE = [
    "Nom, prénom et classe de l’enfant : ……………………………………………………",
    "Allergie, maladie ou traitement dont il faut tenir compte : ………………………………",
    "Médecin qui suit l’enfant, et son téléphone : ………………………………………………",
    "Joindre l’ordonnance et le protocole du médecin sous enveloppe fermée, ou les envoyer depuis la page "
    "« Données sanitaires » de l’enfant.",
    "Date et signature des responsables : ……………………………………………………",
]

REPONSES_TYPES = {
    "Demande hors délai": "Bonjour,\nles réservations se font au plus tard le jeudi à 12 h 00 pour la "
    "semaine qui suit. Nous ne pouvons pas ajouter ce jour.\nService enfance",
    "Justificatif à joindre": "Bonjour,\nmerci de nous remettre un justificatif de moins de trois mois.\n"
    "Service enfance",
}


@dataclass(frozen=True)
class Imprime:
    rubrique: str
    titre: str
    description: str
    publie_du: date
    contenu: bytes


def imprimer(rentree: int, le: date) -> list[Imprime]:
    """The documents as PDF, made before anything is written: WeasyPrint stays out of transactions."""
    rentree_le = min(date(rentree, 8, 25), le - timedelta(days=7))
    recent = le - timedelta(days=6)
    titre = f"Règlement intérieur {rentree}-{rentree + 1}"
    textes = [
        (Rubrique.REGLEMENT, titre, "Réservations, absences, paiement.", rentree_le, REGLES),
        (Rubrique.FORMULAIRES, "Demande de PAI", "À remplir avec le médecin.", recent, ACCUEIL_INDIVIDUALISE),
    ]
    return [Imprime(*entete, contenu=_pdf(entete[1], texte)) for *entete, texte in textes]


def _pdf(titre: str, textes: list[str]) -> bytes:
    return composer(render_to_string(GABARIT, {"titre": titre, "textes": textes}))


def publier_les_documents(ville: Ville, imprimes: list[Imprime], le: date) -> None:
    """Documents, the house rules to sign, the news of the closure to come, ready-made answers."""
    for imprime in imprimes:
        document = Document(
            rubrique=imprime.rubrique,
            titre=imprime.titre,
            description=imprime.description,
            publie_du=imprime.publie_du,
        )
        publier(document=document, contenu=imprime.contenu, par=ville.agent)
        if imprime.rubrique == Rubrique.REGLEMENT:
            # The text that an inscription signs is the one that is printed.
            VersionReglement.objects.create(
                titre=imprime.titre, du=imprime.publie_du, texte="\n\n".join(REGLES)
            )
    for fermeture in Fermeture.objects.all():
        Nouvelle.objects.create(
            titre="Garderie du soir",
            texte=f"Pas de garderie de 17 h 45 à 18 h 45 le {jour_en_lettres(fermeture.du)} : "
            "le personnel est en formation.",
            publie_du=le - timedelta(days=5),
            publie_au=fermeture.au,
        )
    cantine.afficher(ville, le)
    for titre, texte in REPONSES_TYPES.items():
        ReponseType.objects.create(titre=titre, texte=texte)


def converser(ville: Ville, d: Distribution, le: date) -> None:
    """A question answered and read, another that waits for the staff, a message that Jean has not opened."""
    with figer(a(le - timedelta(days=9), 20, 12)):
        question = _ecrire(
            d.dupont,
            "Sortie de l’école le soir",
            "Bonjour,\nma mère, Monique Dupont, viendra chercher Léa certains soirs à 17 h 45. "
            "Faut-il vous prévenir à chaque fois ?\nMerci, Jean Dupont",
        )
    with figer(a(ouvrable(le - timedelta(days=8)), 9, 30)):
        reponse = repondre(
            conversation=question.conversation,
            corps="Bonjour,\nMonique Dupont figure parmi les personnes autorisées : il suffit qu’elle se "
            "présente avec une pièce d’identité.\nAlice Fabre, service enfance",
            par=ville.agent,
            sens=Sens.STRUCTURE,
        )
    with figer(a(ouvrable(le - timedelta(days=8)), 19)):
        lire(conversation=reponse.conversation, sens=Sens.STRUCTURE, par=d.jean.utilisateur)
    with figer(a(le - timedelta(days=2), 18, 5)):
        _ecrire(
            d.martin,
            "Gilet oublié",
            "Bonjour,\nHugo a laissé un gilet bleu à la garderie du soir. L’avez-vous vu ?\nClaire Martin",
        )
    with figer(a(le - timedelta(days=1), 16, 30)):
        informer(
            famille=d.dupont.famille,
            sujet="Photographie scolaire",
            corps="Bonjour,\nle photographe passera à l’école jeudi de la semaine prochaine, le matin. "
            "Une autorisation vous sera remise par l’enseignant.\nService enfance",
            par=ville.agent,
        )


def _ecrire(foyer: Foyer, sujet: str, corps: str) -> Message:
    auteur = foyer.titulaire
    return ecrire(acces=guichet.acces_de(auteur), sujet=sujet, corps=corps, par=auteur.utilisateur)


def ouvrir_le_courrier(d: Distribution, le: date) -> None:
    """What the structure sent was read the next day, by the Duponts and by two families in three."""
    anciens = Message.objects.recus().filter(lu_le=None, envoye_le__lt=a(le - timedelta(days=1), 0))
    annonces = anciens.alias(sort=F("conversation__famille") % 3)
    lues = annonces.exclude(sort=0) | annonces.filter(conversation__famille=d.dupont.famille)
    lues.update(lu_le=F("envoye_le") + timedelta(days=1))


def expedier() -> None:
    """The e-mails of the past have left, and no worker has anything to catch up."""
    partis = Courriel.objects.filter(envoye_le=None)
    partis.update(envoye_le=F("cree_le"), prochain_essai=None, tentatives=1)
    DBTaskResult.objects.all().delete()
