"""What the address of a file asks for."""

from familles.erreurs import Refus


def choix_valide(form):
    """The form of a file’s address: it is made by our own page, a wrong one is 422."""
    if not form.is_valid():
        raise Refus("Choisissez une régie et un mois de la liste.", statut=422)
    return form
