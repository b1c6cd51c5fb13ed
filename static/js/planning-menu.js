// The menu of a cell: the two requests of the manual, each with the sentence of the rule.
import { Selection } from "./planning-selection.js";

export class Menu {
  constructor(formulaire, selection, phrases) {
    this.selection = selection;
    this.phrases = phrases;
    this.cadre = formulaire.querySelector(".cadre");
    this.boite = formulaire.querySelector("[data-menu]");
    this.titre = this.boite.querySelector("#menu-titre");
    this.entrees = [...this.boite.querySelectorAll('[role="menuitem"]')];
    this.boite.addEventListener("keydown", (e) => this.touche(e));
    for (const entree of this.entrees) entree.addEventListener("click", (e) => this.demander(e, entree));
    document.addEventListener("pointerdown", (e) => {
      if (!this.boite.hidden && !this.boite.contains(e.target)) this.fermer(false);
    });
  }

  // On a cell that is chosen with others, the request is for all of them; otherwise for that cell alone.
  ouvrir(cellule) {
    this.cellule = cellule;
    const choisies = this.selection.choisies;
    this.ensemble = choisies.length > 1 && choisies.includes(Selection.coche(cellule));
    const nom = cellule.getAttribute("aria-label");
    this.titre.textContent = this.ensemble ? `${choisies.length} cases choisies` : nom.split(" : ")[0];
    for (const entree of this.entrees) {
      const operation = entree.dataset.operation;
      const peut = Selection.coche(cellule)?.dataset.peut ?? "";
      const possible = this.ensemble ? this.selection.nombre(operation) > 0 : peut.includes(operation);
      const phrase = this.ensemble
        ? `Pour ${this.selection.nombre(operation)} des cases choisies.`
        : this.phrases[Number(cellule.dataset[operation])];
      entree.setAttribute("aria-disabled", !possible);
      entree.querySelector("small").textContent = phrase;
    }
    cellule.classList.add("vise");
    this.boite.hidden = false;
    this.placer(cellule);
    (this.entrees.find((e) => e.getAttribute("aria-disabled") === "false") ?? this.entrees[0]).focus();
  }

  // Under the cell, inside the frame: the line and the days being compared stay in sight.
  placer(cellule) {
    const [cadre, case_] = [this.cadre.getBoundingClientRect(), cellule.getBoundingClientRect()];
    const largeur = this.boite.offsetWidth;
    const gauche = Math.min(case_.left - cadre.left, cadre.width - largeur - 4);
    this.boite.style.setProperty("left", `${Math.max(gauche, 4)}px`);
    this.boite.style.setProperty("top", `${case_.bottom - cadre.top + 4}px`);
  }

  fermer(rendre = true) {
    if (this.boite.hidden) return;
    this.boite.hidden = true;
    this.cellule.classList.remove("vise");
    if (rendre) this.cellule.focus();
  }

  demander(evenement, entree) {
    if (entree.getAttribute("aria-disabled") === "true") {
      evenement.preventDefault();
      return;
    }
    if (!this.ensemble) {
      this.selection.effacer();
      this.selection.choisir([this.cellule], true);
    }
  }

  touche(evenement) {
    const rang = this.entrees.indexOf(document.activeElement);
    const pas = { ArrowDown: 1, ArrowUp: -1 }[evenement.key];
    if (pas) this.entrees.at((rang + pas) % this.entrees.length).focus();
    else if (evenement.key === "Home") this.entrees[0].focus();
    else if (evenement.key === "End") this.entrees.at(-1).focus();
    else if (evenement.key === "Escape") this.fermer();
    else if (evenement.key === "Tab") this.fermer(false);
    else return;
    if (evenement.key !== "Tab") evenement.preventDefault();
    evenement.stopPropagation();
  }
}
