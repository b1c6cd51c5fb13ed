// What is chosen: the ticks of a form, counted in sight, and the two buttons that send them.
const pluriel = (nombre, un, plusieurs) => `${nombre} ${nombre < 2 ? un : plusieurs}`;

export class Selection {
  constructor(formulaire) {
    this.formulaire = formulaire;
    this.coches = [...formulaire.querySelectorAll('input[name="cases"]')];
    this.resume = formulaire.querySelector("[data-resume]");
    this.vider = formulaire.querySelector("[data-vider]");
    this.boutons = [...formulaire.querySelectorAll(".barre [data-operation]")];
    for (const bouton of this.boutons) bouton.dataset.texte = bouton.textContent.trim();
    this.vider.addEventListener("click", () => this.effacer());
    formulaire.addEventListener("change", () => this.compter());
    formulaire.addEventListener("submit", (evenement) => this.trier(evenement));
    // A page found again by « précédent » : what was set aside to be sent is chosen anew.
    window.addEventListener("pageshow", () => {
      for (const coche of this.coches) coche.disabled = false;
      this.compter();
    });
    this.compter();
  }

  static coche(cellule) {
    return cellule?.querySelector('input[name="cases"]') ?? null;
  }

  choisir(cellules, oui) {
    for (const cellule of cellules) {
      const coche = Selection.coche(cellule);
      if (coche) coche.checked = oui;
    }
    this.compter();
  }

  // All of them are chosen already: forget them; else choose them all.
  basculer(cellules) {
    const coches = cellules.map(Selection.coche).filter(Boolean);
    const oui = !coches.every((coche) => coche.checked);
    for (const coche of coches) coche.checked = oui;
    this.compter();
  }

  effacer() {
    for (const coche of this.coches) coche.checked = false;
    this.compter();
  }

  get choisies() {
    return this.coches.filter((coche) => coche.checked);
  }

  nombre(operation) {
    return this.choisies.filter((coche) => coche.dataset.peut.includes(operation)).length;
  }

  compter() {
    for (const coche of this.coches) {
      const cellule = coche.closest("td");
      if (cellule) cellule.setAttribute("aria-selected", coche.checked);
    }
    const [total, reserver, absence] = [this.choisies.length, this.nombre("r"), this.nombre("a")];
    const detail = [
      reserver && pluriel(reserver, "à réserver", "à réserver"),
      absence && pluriel(absence, "absence possible", "absences possibles"),
    ].filter(Boolean);
    this.resume.textContent = total
      ? `${pluriel(total, "case choisie", "cases choisies")} : ${detail.join(", ")}.`
      : "Aucune case choisie.";
    this.vider.hidden = !total;
    for (const bouton of this.boutons) {
      const nombre = this.nombre(bouton.dataset.operation);
      bouton.textContent = nombre > 1 ? `${bouton.dataset.texte} (${nombre})` : bouton.dataset.texte;
      bouton.setAttribute("aria-disabled", total > 0 && !nombre);
    }
  }

  // The button says how many it sends: the others stay chosen for the other button.
  trier(evenement) {
    const operation = evenement.submitter?.dataset.operation;
    if (!operation) return;
    if (!this.nombre(operation)) {
      evenement.preventDefault();
      this.resume.textContent = this.choisies.length
        ? "Rien de ce qui est choisi ne le permet : placez-vous sur une case pour lire pourquoi."
        : "Choisissez d’abord une ou plusieurs cases.";
      return;
    }
    for (const coche of this.choisies) coche.disabled = !coche.dataset.peut.includes(operation);
  }
}
