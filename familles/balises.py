"""The tags of a PDF, made lighter as it is written.

WeasyPrint wraps each line of text in a Span without any attribute, each box without meaning in a NonStruct:
half of the elements of an invoice, which a month joined in one file would carry a thousand times.
"""

from typing import Any

PORTEURS = frozenset({"Type", "S", "P", "K", "Pg"})


def alleger(document: Any, pdf: Any) -> None:
    """WeasyPrint's `finisher`: text stands in its paragraph, cell or title; what wraps nothing goes."""
    arbre = Arbre(pdf)
    for element in arbre.elements:
        if _nom(element) == "Span":
            arbre.retirer(element)
    for element in reversed(arbre.elements):
        if not element:
            continue
        if _nom(element) == "NonStruct":
            arbre.retirer(element)
            if element and arbre.a_du_texte(element):
                element["S"] = "/P"
        elif arbre.est_inutile(element):
            arbre.retirer(element)
    for element in filter(None, arbre.elements):
        # Both are optional: the page is that of the text.
        del element["Type"]
        if not arbre.a_du_texte(element):
            element.pop("Pg", None)


def _nom(element: Any) -> str:
    return str(element["S"]).removeprefix("/")


class Arbre:
    def __init__(self, pdf: Any):
        # A reference is written « 12 0 R ».
        self.par_reference = {objet.reference: objet for objet in pdf.objects}
        self.elements = [o for o in pdf.objects if getattr(o, "get", None) and o.get("Type") == "/StructElem"]
        racine = self.par_reference[pdf.catalog["StructTreeRoot"]]
        # By page: the element of each marked content, which the reader looks up.
        self.pages = self.par_reference[racine["ParentTree"]]["Nums"]

    def est_inutile(self, element: Any) -> bool:
        """An empty box; or what a list laid out as a table holds before its items, lists and blocks."""
        nom = _nom(element)
        if not element["K"]:
            return nom in {"Div", "Sect", "P"}
        dans_une_liste = self.par_reference[element["P"]].get("S") == "/L"
        return nom in {"Div", "L"} and dans_une_liste and not self.a_du_texte(element)

    @staticmethod
    def a_du_texte(element: Any) -> bool:
        return any(isinstance(enfant, int) for enfant in element["K"])

    def retirer(self, element: Any) -> None:
        """Its children to its parent, where they may be."""
        parent = self.par_reference[element["P"]]
        enfants = list(element["K"])
        # A page's head or foot stands outside of the tree.
        if set(element) - PORTEURS or element.reference not in parent.get("K", ()):
            return
        if not self._accueille(parent, element):
            return
        rang = parent["K"].index(element.reference)
        parent["K"][rang : rang + 1] = enfants
        for enfant in enfants:
            if not isinstance(enfant, int):
                self.par_reference[enfant]["P"] = parent.reference
        if self.a_du_texte(element):
            parent["Pg"] = element["Pg"]
            self._rattacher(element, parent)
        # Emptied, not freed: pydyf would count it among the compressed objects all the same.
        element.clear()

    def _accueille(self, parent: Any, element: Any) -> bool:
        """Text stands in an element of its own page, and never at the root."""
        if "S" not in parent or not self.a_du_texte(element):
            return "S" in parent
        if _nom(parent) in {"Document", "Div", "L", "Table", "TR"}:
            return False
        if _nom(element) == "NonStruct" and len(parent["K"]) > 1:
            return False
        return parent.get("Pg") in (None, element["Pg"]) or not self.a_du_texte(parent)

    def _rattacher(self, element: Any, parent: Any) -> None:
        for contenus in self.pages[1::2]:
            for rang, reference in enumerate(contenus):
                if reference == element.reference:
                    contenus[rang] = parent.reference
