// The menu of a cell, or of all those chosen: the manual's requests, possible or told why not.
const compter = (n, suite) => `${n}\u00a0${n < 2 ? "jour" : "jours"} ${suite}`;
const PLUSIEURS = {
  r: ["réservable", "réservables"],
  n: ["annulable", "annulables"],
  a: ["où une absence peut être déclarée", "où une absence peut être déclarée"],
};

const RIEN_A_ANNULER = "Seul un jour réservé, ou en liste d’attente, s’annule.";

export class Menu {
  constructor(formulaire, grille, choix) {
    Object.assign(this, { grille, choix });
    this.boite = formulaire.querySelector("[data-menu]");
    this.titre = this.boite.querySelector("p");
    this.boutons = [...this.boite.querySelectorAll("[role=menuitem]")];
    this.boite.addEventListener("keydown", (evenement) => this.touche(evenement));
    this.boite.addEventListener("click", (evenement) => this.cliquer(evenement));
    this.boite.addEventListener("contextmenu", (evenement) => evenement.preventDefault());
    document.addEventListener("pointerdown", ({ target }) => this.boite.contains(target) || this.fermer());
  }

  get ouvert() {
    return !this.boite.hidden;
  }

  // Right click, Enter: on the cells chosen when it is one of them, else on that cell alone.
  designer(cellule) {
    cellule.focus();
    if (this.choix.coche(cellule) && !this.choix.contient(cellule)) {
      this.choix.vider();
      this.choix.mettre([cellule], true);
    }
    this.ouvrir(cellule);
  }

  ouvrir(cellule) {
    this.cellule = cellule;
    const plusieurs = this.choix.contient(cellule) && this.choix.choisies.length > 1;
    this.titre.textContent = plusieurs ? this.choix.phrase : this.grille.phrase.firstChild.textContent;
    for (const bouton of this.boutons) this.preparer(bouton, plusieurs);
    this.boite.hidden = false;
    this.placer();
    (this.boutons.find((bouton) => bouton.ariaDisabled !== "true") ?? this.boutons[0]).focus();
  }

  preparer(bouton, plusieurs) {
    const { operation } = bouton.dataset;
    const nombre = this.choix.permettant(operation).length;
    const sorte = this.grille.sorte(this.cellule).dataset;
    const seule = sorte.peut.includes(operation);
    const phrase = plusieurs
      ? compter(nombre, PLUSIEURS[operation][Number(nombre > 1)])
      : (this.grille.phrases[sorte[operation]] ?? RIEN_A_ANNULER);
    bouton.querySelector("small").textContent = phrase;
    bouton.setAttribute("aria-disabled", !(plusieurs ? nombre : seule));
  }

  // Under the grid, so that no day is hidden; under the cell, or above it, when the window ends before.
  placer() {
    const [cadre, place] = [this.boite.parentElement, this.cellule].map((e) => e.getBoundingClientRect());
    const { width, height } = this.boite.getBoundingClientRect();
    const hauts = [cadre.bottom + 4, place.bottom + 4, place.top - height - 4];
    const haut = hauts.find((y) => y >= 0 && y + height <= window.innerHeight) ?? hauts[1];
    const gauche = Math.min(Math.max(place.left - cadre.left, 0), Math.max(cadre.width - width, 0));
    this.boite.style.left = `${gauche}px`;
    this.boite.style.top = `${haut - cadre.top}px`;
    this.boite.scrollIntoView({ block: "nearest" });
    this.cellule.classList.add("vise");
  }

  fermer({ retour = false } = {}) {
    if (!this.ouvert) return;
    this.boite.hidden = true;
    this.cellule.classList.remove("vise");
    if (retour) this.cellule.focus();
  }

  cliquer(evenement) {
    const bouton = evenement.target.closest("[role=menuitem]");
    if (bouton?.ariaDisabled === "true") evenement.preventDefault();
  }

  touche(evenement) {
    const ici = this.boutons.indexOf(document.activeElement);
    const vers = {
      ArrowDown: ici + 1,
      ArrowUp: ici - 1 + this.boutons.length,
      Home: 0,
      End: this.boutons.length - 1,
    }[evenement.key];
    if (vers !== undefined) this.boutons[vers % this.boutons.length].focus();
    else if (["Escape", "Tab"].includes(evenement.key)) this.fermer({ retour: true });
    else return;
    evenement.stopPropagation();
    if (evenement.key !== "Tab") evenement.preventDefault();
  }
}
