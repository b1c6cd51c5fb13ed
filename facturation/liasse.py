"""Several PDFs as one, to print, which keeps their tags: one tree, each source a part of it."""

import io
from collections.abc import Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

# A tree weighs three times its pages in memory: past these, the file is for the printer alone.
BALISEES = 1_000


def fusionner(contenus: Iterable[bytes], titre: str, recto_verso: bool = False) -> bytes:
    """One PDF of several; with `recto_verso` each starts on a sheet of its own."""
    liasse = Liasse(titre)
    for contenu in contenus:
        liasse.ajouter(contenu, recto_verso)
    return liasse.ecrire()


class Liasse:
    def __init__(self, titre: str):
        self.titre = titre
        self.pile = pikepdf.new()
        self.racine = self.pile.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = self.pile.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self.racine, Lang=String("fr"))
        )
        self.parties: list[pikepdf.Object] = []
        # (key of a page or an annotation, what it holds): keys go on from one source to the next.
        self.contenus: list = []
        self.cle = 0
        self.sources = 0

    def ajouter(self, contenu: bytes, recto_verso: bool) -> None:
        # Left open: its streams are read when the pile is saved. Forgotten, its objects leave the memory.
        source = pikepdf.open(io.BytesIO(contenu))
        self.sources += 1
        arbre = source.Root.get("/StructTreeRoot") if self.sources <= BALISEES else None
        if arbre is not None:
            self._decaler(source)
        self.pile.pages.extend(source.pages)
        if arbre is not None:
            self._greffer(self.pile.copy_foreign(arbre))
        if recto_verso and len(source.pages) % 2:
            _, _, largeur, hauteur = source.pages[-1].mediabox
            self.pile.add_blank_page(page_size=(largeur, hauteur))

    def _decaler(self, source: pikepdf.Pdf) -> None:
        """Its pages and its links know their tags by keys, which start at zero in each source."""
        for page in source.pages:
            if "/StructParents" in page.obj:
                page.obj.StructParents = int(page.obj.StructParents) + self.cle
            for annotation in page.obj.get("/Annots", ()):
                if "/StructParent" in annotation:
                    annotation.StructParent = int(annotation.StructParent) + self.cle

    def _greffer(self, arbre: pikepdf.Object) -> None:
        paires = list(arbre.ParentTree.Nums)
        cles = [self.cle + int(cle) for cle in paires[::2]]
        for cle, contenu in zip(cles, paires[1::2], strict=True):
            self.contenus += [cle, contenu]
        self.cle = max(cles, default=self.cle) + 1
        for partie in arbre.K:
            partie.S, partie.P = Name.Part, self.document
            self.parties.append(partie)

    def ecrire(self) -> bytes:
        racine = self.pile.Root
        racine.Lang = String("fr")
        racine.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with self.pile.open_metadata(set_pikepdf_as_editor=False) as metadonnees:
            metadonnees["dc:title"] = self.titre
            metadonnees["dc:language"] = ["fr"]
        if self.parties and self.sources <= BALISEES:
            self.document.K = Array(self.parties)
            self.racine.K = Array([self.document])
            self.racine.ParentTree = self.pile.make_indirect(Dictionary(Nums=Array(self.contenus)))
            self.racine.ParentTreeNextKey = self.cle
            racine.StructTreeRoot = self.racine
            racine.MarkInfo = Dictionary(Marked=True)
        sortie = io.BytesIO()
        self.pile.save(sortie, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return sortie.getvalue()
