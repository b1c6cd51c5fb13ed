"""Fetch the front-end files of others (Bootstrap, its icons, the font) from npm and write static/vendor/.

Run it after changing a version or an icon below: `python3 outils/vendoriser.py`. It needs npm; users of the
portal do not. `--verifier` only compares the committed files with their checksums, offline.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
POLICE = "files/atkinson-hyperlegible-next-latin-{}-normal.woff2"
# package, exact version, folder, {file of the package: our file}
PAQUETS = [
    ("bootstrap", "5.3.9", "bootstrap", {"dist/css/bootstrap.min.css": "bootstrap.min.css"}),
    (
        "@fontsource/atkinson-hyperlegible-next",
        "5.3.0",
        "atkinson-hyperlegible-next",
        {POLICE.format(graisse): f"{graisse}.woff2" for graisse in (400, 700)},
    ),
    ("bootstrap-icons", "1.13.2", "bootstrap-icons", {}),
]
_NOMS = """
arrow-counterclockwise arrow-left arrow-right bank bell box-arrow-right building calendar3 calendar-
check calendar-week calendar-x cash-coin check-circle check-lg chevron-down chevron-left chevron-
right chevron-up clock clock-history credit-card dash-lg download envelope envelope-open
exclamation-triangle eye file-earmark-pdf file-earmark-text filter gear geo-alt heart-pulse
hourglass-split house house-door inbox info-circle journal-text key list-check lock paperclip pencil
people person person-badge person-vcard plus-lg printer question-circle receipt reply search send
shield-lock star-fill telephone three-dots trash x-circle x-lg
"""
ICONES = _NOMS.split()


def recevoir(paquet: str, version: str, dossier: Path) -> Path:
    """Unpacked content of an npm package, without running any of its scripts."""
    commande = ["npm", "pack", "--silent", "--pack-destination", str(dossier), f"{paquet}@{version}"]
    nom = subprocess.run(commande, check=True, capture_output=True, text=True, cwd=dossier).stdout.split()[-1]
    with tarfile.open(dossier / nom) as archive:
        archive.extractall(dossier / paquet, filter="data")
    return dossier / paquet / "package"


def nettoyer(contenu: bytes, nom: str) -> bytes:
    """Without the address of a source map that we do not ship: the browser would ask for it in vain."""
    return re.sub(rb"\n?/\*# sourceMappingURL=.*?\*/", b"", contenu) if nom.endswith(".css") else contenu


def symbole(nom: str, svg: str) -> str:
    interieur = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL).group(1)
    return (
        f'<symbol id="{nom}" viewBox="0 0 16 16" fill="currentColor">{" ".join(interieur.split())}</symbol>'
    )


def ecrire(paquet: str, version: str, cible: Path, fichiers: dict[str, str], source: Path) -> None:
    cible.mkdir(parents=True, exist_ok=True)
    (cible / "VERSION").write_text(f"{paquet} {version}\n")
    (cible / "LICENSE").write_bytes((source / "LICENSE").read_bytes())
    for origine, nom in fichiers.items():
        (cible / nom).write_bytes(nettoyer((source / origine).read_bytes(), nom))


def sommes() -> dict[str, str]:
    suivis = [f for f in sorted((STATIC / "vendor").rglob("*")) if f.is_file() and f.name != "SHA256SUMS"]
    return {
        str(f.relative_to(STATIC)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in [*suivis, STATIC / "icones.svg"]
    }


def verifier() -> list[str]:
    """Names of the files that are missing, changed or unknown to the list of checksums."""
    lignes = (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines()
    attendues = {nom: somme for somme, nom in (ligne.split("  ", 1) for ligne in lignes)}
    presentes = sommes()
    return sorted(n for n in attendues | presentes if attendues.get(n) != presentes.get(n))


def vendoriser() -> None:
    with tempfile.TemporaryDirectory() as temporaire:
        sources = {nom: recevoir(nom, version, Path(temporaire)) for nom, version, _, _ in PAQUETS}
        for nom, version, dossier, fichiers in PAQUETS:
            ecrire(nom, version, STATIC / "vendor" / dossier, fichiers, sources[nom])
        dessins = sources["bootstrap-icons"] / "icons"
        symboles = [symbole(nom, (dessins / f"{nom}.svg").read_text()) for nom in ICONES]
    licence = "<!-- Bootstrap Icons, MIT: vendor/bootstrap-icons/LICENSE -->"
    lignes = ['<svg xmlns="http://www.w3.org/2000/svg">', licence, *symboles, "</svg>", ""]
    (STATIC / "icones.svg").write_text("\n".join(lignes))
    liste = "".join(f"{somme}  {nom}\n" for nom, somme in sommes().items())
    (STATIC / "vendor" / "SHA256SUMS").write_text(liste)


def main() -> int:
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--verifier", action="store_true", help="compare with the checksums, offline")
    if lecteur.parse_args().verifier:
        differents = verifier()
        print("\n".join(differents) or "static/vendor : conforme")
        return 1 if differents else 0
    vendoriser()
    return 0


if __name__ == "__main__":
    sys.exit(main())
