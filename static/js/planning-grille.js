// The table as an ARIA grid: one cell at a time takes the focus, its sentence stands in the line below.
export class Grille {
  constructor(formulaire) {
    this.table = formulaire.querySelector("table");
    this.phrase = formulaire.querySelector("[data-phrase]");
    // The rows of places and payers hold no cell: arrows pass over them.
    this.lignes = [...this.table.rows].map((ligne) => [...ligne.cells]).filter((cellules) => cellules.length > 1);
    this.places = new Map();
    this.lignes.forEach((cellules, i) => cellules.forEach((cellule, j) => this.places.set(cellule, [i, j])));
    this.phrases = JSON.parse(document.getElementById("phrases").textContent);
    this.equiper();
  }

  equiper() {
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-multiselectable", "true");
    for (const cellule of this.places.keys()) {
      cellule.tabIndex = -1;
      // The tick gives way to its cell, which takes its name.
      const nom = cellule.querySelector("input")?.getAttribute("aria-labelledby");
      if (nom) cellule.setAttribute("aria-labelledby", nom);
    }
    const depart = this.table.querySelector("td.auj:has(input)") ?? this.table.querySelector("td:has(input)");
    this.activer(depart ?? this.lignes[1][1]);
    this.table.addEventListener("focusin", ({ target }) => {
      const cellule = this.cellule(target);
      if (cellule) this.activer(cellule);
    });
    this.table.addEventListener("pointerover", ({ target }) => this.dire(this.cellule(target)));
    this.table.addEventListener("pointerleave", () => this.dire(this.active));
    // Come from the keyboard of another month: stay in the grid.
    if (location.hash === "#grille") this.active.focus();
  }

  cellule(cible) {
    const cellule = cible.closest("td, th");
    return this.places.has(cellule) ? cellule : null;
  }

  // Whether it is a day of a prestation, not a header.
  estCase(cellule) {
    return cellule?.localName === "td";
  }

  activer(cellule) {
    if (this.active) this.active.tabIndex = -1;
    this.active = cellule;
    cellule.tabIndex = 0;
    this.dire(cellule);
  }

  voisine(cellule, lignes, colonnes) {
    const [i, j] = this.places.get(cellule);
    const ligne = this.lignes[Math.min(Math.max(i + lignes, 0), this.lignes.length - 1)];
    return ligne[Math.min(Math.max(j + colonnes, 0), ligne.length - 1)];
  }

  // The days between two corners, both included.
  rectangle(de, vers) {
    const [[i1, j1], [i2, j2]] = [this.places.get(de), this.places.get(vers)];
    return this.lignes
      .slice(Math.min(i1, i2), Math.max(i1, i2) + 1)
      .flatMap((cellules) => cellules.slice(Math.min(j1, j2), Math.max(j1, j2) + 1))
      .filter((cellule) => this.estCase(cellule));
  }

  // The days of a header: a whole line, that day of every week, that day alone, or everything for the corner.
  groupe(entete, jourSeul = false) {
    const [i, j] = this.places.get(entete);
    const [jours, ...lignes] = this.lignes;
    const voulues = i ? [this.lignes[i]] : lignes;
    const meme = (k) => j === 0 || (jourSeul ? k === j : jours[k].dataset.jour === jours[j].dataset.jour);
    return voulues.flatMap((cellules) => cellules.filter((cellule, k) => k > 0 && meme(k)));
  }

  dire(cellule) {
    if (!this.estCase(cellule) || cellule === this.dite) return;
    this.viser(cellule);
    const [i, j] = this.places.get(cellule);
    const suite = this.sorte(cellule).textContent.slice(2);
    const gras = document.createElement("strong");
    gras.textContent = `${this.lignes[i][0].textContent}, ${this.lignes[0][j].ariaLabel}`;
    this.phrase.replaceChildren(gras, ` ${suite.charAt(0).toUpperCase()}${suite.slice(1)}.`);
  }

  // What its cells alike say and allow: the last text of its name.
  sorte(cellule) {
    return document.getElementById(cellule.getAttribute("aria-labelledby").split(" ").pop());
  }

  // Its day and its prestation stand out in the headers.
  viser(cellule) {
    for (const repere of this.table.querySelectorAll("th.vise")) repere.classList.remove("vise");
    const [i, j] = this.places.get(cellule);
    for (const repere of [this.lignes[0][j], this.lignes[i][0]]) repere.classList.add("vise");
    this.dite = cellule;
  }
}
