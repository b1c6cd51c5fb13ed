"""Read by gunicorn when it starts from this folder: its own refusals in French.

They are answered before Django sees the request: an address too long, a header that no browser sends.
"""

from gunicorn import util
from gunicorn.workers import base

PAGE = """<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{titre} – Portail famille</title>
  </head>
  <body>
    <h1>{titre}</h1>
    <p>{phrase} Rien n’a été enregistré.</p>
    <p><a href="/">Revenir à l’accueil</a></p>
  </body>
</html>
"""
INCOMPRISE = ("Demande incompréhensible", "Le portail n’a pas compris ce que le navigateur lui envoyait.")
PHRASES = {
    414: ("Adresse trop longue", "L’adresse demandée est trop longue pour être lue."),
    431: ("Demande trop longue", "Le navigateur envoie plus de renseignements que le portail n’en lit."),
    500: ("Le portail a rencontré une erreur", "Elle vient de nous, pas de vous."),
}

# An address is read whole up to 8 kB: forms sent by GET and links of e-mails stay far below.
limit_request_line = 8190


def repondre(client, statut, raison, _message):
    """In place of gunicorn’s own page, which is English and repeats what was sent."""
    titre, phrase = PHRASES.get(statut, INCOMPRISE)
    page = PAGE.format(titre=titre, phrase=phrase).encode()
    entetes = (
        f"HTTP/1.1 {statut} {raison}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(page)}\r\n\r\n"
    )
    util.write_nonblock(client, entetes.encode("ascii") + page)


def post_worker_init(worker):
    base.util.write_error = repondre
