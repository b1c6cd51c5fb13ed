"""Pictures for the help, taken by the journeys so that they cannot lie.

`make captures` writes them. Otherwise the journeys compare: the words of each screen (titles, buttons,
labels) must still be those of the day when its picture was taken.
"""

import io
import json
import os
import re
from pathlib import Path

from django.conf import settings
from PIL import Image
from playwright.sync_api import Locator, Page

from portail.aide import PRISES

DOSSIER = Path(settings.BASE_DIR) / "static" / "aide"
ECRIRE = bool(os.environ.get("CAPTURES"))
MOTS = """racine => [...racine.querySelectorAll(
    'h1, h2, h3, button, label, legend, th, [role=menuitem], input[type=submit]'
  )].filter(e => e.checkVisibility()).map(e => (e.type === 'submit' && e.value || e.innerText).trim())"""
CONTENU = "#content, main#contenu"


class Album:
    def __init__(self) -> None:
        self.prises: dict[str, dict] = {}
        self.connues = {} if ECRIRE else json.loads(PRISES.read_text())
        self.perimees: list[str] = []

    def prendre(self, page: Page, nom: str, jusqu_a: Locator | None = None, hauteur: int = 760) -> None:
        """The top of the page, down to the bottom of an element, or to a height."""
        page.evaluate("() => document.fonts.ready")
        page.mouse.move(0, 0)
        if jusqu_a is not None:
            boite = jusqu_a.bounding_box()
            hauteur = int(boite["y"] + page.evaluate("() => scrollY") + boite["height"]) + 16
        largeur = page.viewport_size["width"]
        mots = sorted(
            {
                m
                for m in page.locator("#content, main#contenu").evaluate(MOTS)
                if m and not re.search(r"\d", m)
            }
        )
        self.prises[nom] = {"largeur": largeur, "hauteur": hauteur, "mots": sorted(mots)}
        if ECRIRE:
            cadre = {"x": 0, "y": 0, "width": largeur, "height": hauteur}
            self._ranger(nom, page.screenshot(full_page=True, clip=cadre, animations="disabled"))
        elif sorted(mots) != self.connues.get(nom, {}).get("mots"):
            self.perimees.append(nom)

    def _ranger(self, nom: str, png: bytes) -> None:
        """The lighter of two: exact colours for plain screens, or lossy."""
        image = Image.open(io.BytesIO(png)).convert("RGB")
        sorties = []
        for options in ({"lossless": True, "method": 6}, {"quality": 72, "method": 6}):
            sortie = io.BytesIO()
            image.save(sortie, "WEBP", **options)
            sorties.append(sortie.getvalue())
        DOSSIER.mkdir(exist_ok=True)
        (DOSSIER / f"{nom}.webp").write_bytes(min(sorties, key=len))

    def fermer(self) -> None:
        """Write what was taken, throw away what is taken no more; or say what has changed."""
        if ECRIRE:
            PRISES.write_text(json.dumps(self.prises, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
            for ancienne in DOSSIER.glob("*.webp"):
                if ancienne.stem not in self.prises:
                    ancienne.unlink()
        assert not self.perimees, (
            f"ces écrans ont changé depuis leur capture : make captures ({self.perimees})"
        )
        assert set(self.prises) == set(self.connues or self.prises)
