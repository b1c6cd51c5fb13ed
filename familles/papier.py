"""Printed documents: the only module that knows WeasyPrint. HTML of ours in, PDF out.

Built to PDF/A-3a (tagged, archivable) with the identifier of PDF/UA-1. WeasyPrint needs system libraries and
half a second to load: it is imported when the first PDF is asked for.
"""

import contextlib
import io
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from familles import balises, coffre, pieces
from familles.erreurs import Indisponible

ICI = Path(__file__).resolve().parent
VARIANTE = "pdf/a-3a"
# The invoice has its own, and a tighter one to lay over it; letters and lists share another.
FEUILLES = ("facture", "serree", "document")
SERREES = {"facture": "serree"}
# In templates: <img src="logo:the key of its file">.
LOGO = "logo"
PAQUETS = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

# PDF/UA-1, declared as PDF/A wants foreign schemas to be.
SCHEMA_UA = (
    b'<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    b' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    b'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>'
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


class BibliothequesManquantes(Indisponible):
    """WeasyPrint does not load on this machine."""

    def __init__(self):
        super().__init__(
            "Les documents en PDF demandent des bibliothèques que cette machine n’a pas ; "
            f"un administrateur les installe par : {PAQUETS}"
        )


@dataclass(frozen=True)
class Moteur:
    """What is loaded once: the style sheets, the fonts, and how to make a document of HTML."""

    weasyprint: Any
    feuilles: dict[str, Any]
    polices: Any
    lecteur: Any
    metadonnees: type


@lru_cache(maxsize=4)
def logo(cle: str) -> bytes:
    """The town's logo, ready to be printed, made once. Raise FileNotFoundError when its file is gone."""
    return pieces.logo_imprime(coffre.lire(cle))


@lru_cache(maxsize=1)
def moteur() -> Moteur:
    try:
        # Its banner about missing libraries would go to the log in place of our sentence.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint
            from weasyprint.document import DocumentMetadata
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as erreur:
        raise BibliothequesManquantes from erreur

    class NosFichiers(URLFetcher):
        """Our fonts, the logo and nothing else: neither the network nor the server's files."""

        def fetch(self, url, headers=None):
            adresse = urlsplit(url)
            if adresse.scheme == LOGO:
                return URLFetcherResponse(url, logo(adresse.path))
            chemin = Path(unquote(adresse.path)).resolve()
            if adresse.scheme != "file" or chemin.parent != ICI / "polices":
                raise ValueError(f"Adresse refusée dans un PDF : {url}")
            return super().fetch(url, headers)

    class Metadonnees(DocumentMetadata):
        def generate_rdf_metadata(self, *args):
            return super().generate_rdf_metadata(*args).replace(b"</rdf:RDF>", SCHEMA_UA + b"</rdf:RDF>")

    lecteur = NosFichiers(allowed_protocols={"file"})
    polices = FontConfiguration()
    feuilles = {
        nom: weasyprint.CSS(
            filename=ICI / "feuilles" / f"{nom}.css", font_config=polices, url_fetcher=lecteur
        )
        for nom in FEUILLES
    }
    return Moteur(weasyprint, feuilles, polices, lecteur, Metadonnees)


def composer(html: str, feuille: str = "facture") -> bytes:
    """HTML of ours → PDF, in one of our style sheets; laid out tighter when that saves a page."""
    outils = moteur()
    document = _mettre_en_page(html, feuille)
    if len(document.pages) > 1 and feuille in SERREES:
        serre = _mettre_en_page(html, feuille, SERREES[feuille])
        document = serre if len(serre.pages) < len(document.pages) else document
    document.metadata = outils.metadonnees(**vars(document.metadata))
    with warnings.catch_warnings():
        # It leaves the file of its colour profile to the garbage collector, each time.
        warnings.simplefilter("ignore", ResourceWarning)
        return document.write_pdf(finisher=balises.alleger, pdf_variant=VARIANTE)


def _mettre_en_page(html: str, *feuilles: str):
    outils = moteur()
    return outils.weasyprint.HTML(string=html, url_fetcher=outils.lecteur).render(
        font_config=outils.polices,
        stylesheets=[outils.feuilles[feuille] for feuille in feuilles],
        pdf_variant=VARIANTE,
    )
