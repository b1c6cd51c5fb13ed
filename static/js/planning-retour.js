// What was ticked, found again when one comes back to the page: pages of a family are never kept by the browser
// (« no-store »), so it is read anew, without its ticks.
export class Retour {
  constructor(choix) {
    this.choix = choix;
    this.cle = `choix ${window.location.href} ${choix.formulaire.className}`;
    window.addEventListener("pagehide", () => this.retenir());
  }

  retenir() {
    sessionStorage.setItem(this.cle, JSON.stringify(this.choix.choisies.map((coche) => coche.value)));
  }

  // By value: a browser would put ticks back by their order, on other days when one has closed in between.
  retrouver() {
    const gardees = JSON.parse(sessionStorage.getItem(this.cle) ?? "[]");
    sessionStorage.removeItem(this.cle);
    if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
    for (const coche of this.choix.coches) coche.checked ||= gardees.includes(coche.value);
  }
}
