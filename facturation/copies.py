"""What an invoice copies at its issue: the issuer, the debtor, what to do with it."""

from collections.abc import Collection, Iterable

from facturation.models import Facture
from familles.enums import Civilite
from familles.erreurs import Refus
from familles.models import Collectivite, Famille, LienParental, Regie, Responsable

ABREGEES = {Civilite.MONSIEUR: "M.", Civilite.MADAME: "Mme"}
MENTIONS = (
    "Une question, une erreur ? Écrivez-nous depuis la boîte de réception du portail{contact}.\n"
    "Réclamations et recours : vous pouvez contester {quoi} par écrit, dans les deux mois qui suivent "
    "sa réception, auprès de la structure ({nom}). Sans réponse dans les deux mois, ou en cas de refus, vous "
    "pouvez saisir le tribunal compétent dans les deux mois qui suivent."
)
DELAI = " Vous pouvez aussi demander un délai de paiement."


def emetteur(collectivite: Collectivite, regie: Regie) -> dict:
    contact = " – ".join(filter(None, [collectivite.telephone, collectivite.email]))
    return {
        "emetteur_nom": collectivite.nom,
        "emetteur_adresse": collectivite.adresse,
        "emetteur_code_postal": collectivite.code_postal,
        "emetteur_ville": collectivite.ville,
        "emetteur_siret": collectivite.siret,
        "emetteur_contact": contact,
        "regie_nom": regie.nom,
        "ordre_cheques": regie.ordre_cheques,
        "instructions": regie.instructions or f"Par chèque à l’ordre de {regie.ordre_cheques}.",
    }


def mentions(copie: dict, *, avoir: bool) -> str:
    """Whom to ask, and the remedies: there is nothing to pay on a credit note, so no delay to ask for."""
    contact, quoi = copie["emetteur_contact"], "cet avoir" if avoir else "cette facture"
    dites = MENTIONS.format(contact=f" ({contact})" if contact else "", nom=copie["emetteur_nom"], quoi=quoi)
    return dites if avoir else dites + DELAI


def redevables(familles: Collection[int]) -> set[tuple[int, int]]:
    """(adult, child) pairs that owe: one query for many families."""
    liens = LienParental.objects.filter(responsable__famille__in=familles, redevable=True)
    return set(liens.values_list("responsable", "enfant"))


def debiteur(famille: Famille, enfants: Iterable[int], liens: set[tuple[int, int]] | None = None) -> dict:
    """To whom the letter goes, at his or her own address only, and who is liable (`redevables`)."""
    adultes = list(famille.responsables.all())
    if not adultes:
        raise Refus(f"La famille {famille.numero} n’a aucun responsable à qui adresser la facture.")
    premier = famille.titulaire or adultes[0]
    concernes = set(enfants)
    connus = redevables([famille.pk]) if liens is None else liens
    lies = {a.pk for a in adultes if any((a.pk, enfant) in connus for enfant in concernes)}
    debiteurs = [a for a in adultes if a.pk in lies or (not lies and a == premier)]
    ensemble = debiteurs if famille.vie_commune and premier in debiteurs else [premier]
    return {
        "destinataire": " et ".join(nom_postal(adulte) for adulte in ensemble),
        "destinataire_adresse": premier.adresse,
        "destinataire_code_postal": premier.code_postal,
        "destinataire_ville": premier.ville,
        "redevables": ", ".join(a.appel for a in debiteurs) if len(debiteurs) > 1 else "",
        "famille_numero": famille.numero,
    }


def debiteur_de(facture: Facture) -> dict:
    """A credit note goes where its invoice went."""
    champs = ("destinataire", "destinataire_adresse", "destinataire_code_postal", "destinataire_ville")
    return {nom: getattr(facture, nom) for nom in (*champs, "redevables", "famille_numero")}


def nom_postal(adulte: Responsable) -> str:
    return " ".join(filter(None, [ABREGEES.get(adulte.civilite, ""), adulte.appel]))
