// What was ticked, found again when one comes back to the page, or reads it anew: pages of a family are never kept
// by the browser (« no-store »). The entry of the history is named once, and its ticks lie under that name.
const revenu = Boolean(window.history.state?.choix);
const entree = window.history.state?.choix ?? Math.random().toString(36).slice(2);
window.history.replaceState({ ...window.history.state, choix: entree }, "");

export class Retour {
  constructor(choix) {
    this.choix = choix;
    this.cle = `choix ${entree} ${choix.formulaire.className}`;
    window.addEventListener("pagehide", () => this.retenir());
  }

  retenir() {
    sessionStorage.setItem(this.cle, JSON.stringify(this.choix.choisies.map((coche) => coche.value)));
  }

  // By value: a browser would put ticks back by their order, on other days when one has closed in between.
  retrouver() {
    const gardees = JSON.parse(sessionStorage.getItem(this.cle) ?? "[]");
    sessionStorage.removeItem(this.cle);
    if (revenu) for (const coche of this.choix.coches) coche.checked ||= gardees.includes(coche.value);
  }
}
