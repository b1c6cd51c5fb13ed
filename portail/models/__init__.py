from portail.models.acces import Activation, Seance
from portail.models.menus import Menu
from portail.models.publications import Document, Nouvelle

__all__ = ["Activation", "Document", "Menu", "Nouvelle", "Seance"]
