"""The words of a page of the staff, and the queries that it costs."""

import re
from contextlib import contextmanager
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext


def texte(reponse) -> str:
    page = re.search(r'<div id="content".*', reponse.content.decode(), re.DOTALL).group()
    return mots(page)


def mots(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def messages(reponse) -> str:
    """What the page says of what has just been done."""
    liste = re.search(r'<ul class="messagelist">(.*?)</ul>', reponse.content.decode(), re.DOTALL)
    return mots(liste.group(1)) if liste else ""


@contextmanager
def compter_requetes(nombres: list[int]):
    with CaptureQueriesContext(connection) as capture:
        yield
    nombres.append(len(capture))
