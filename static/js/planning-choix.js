// What is chosen: the ticks of a form are the only truth; cells, summary and what is sent follow them.
import { Retour } from "./planning-retour.js";

const compter = (n, un, plusieurs) => `${n}\u00a0${n < 2 ? un : plusieurs}`;
const RIEN = {
  r: "Aucune des cases choisies n’est réservable.",
  n: "Aucune des cases choisies n’est annulable.",
  a: "Aucune des cases choisies ne permet de déclarer une absence.",
};

export class Choix {
  constructor(formulaire) {
    this.formulaire = formulaire;
    this.coches = [...formulaire.querySelectorAll("input[name=cases]")];
    this.barre = formulaire.querySelector(".barre");
    this.resume = formulaire.querySelector("[data-resume]");
    this.effacer = formulaire.querySelector("[data-vider]");
    formulaire.classList.add("vif");
    formulaire.addEventListener("change", () => this.afficher());
    formulaire.addEventListener("submit", (evenement) => this.envoyer(evenement));
    formulaire.addEventListener("formdata", ({ formData }) => this.trier(formData));
    this.effacer.addEventListener("click", () => this.vider());
    // Back from the next page: what was chosen is still there, and may be sent.
    const retour = new Retour(this);
    window.addEventListener("pageshow", () => {
      this.operation = null;
      retour.retrouver();
      this.afficher();
    });
  }

  coche = (cellule) => cellule.querySelector("input[name=cases]");

  contient(cellule) {
    return this.coche(cellule)?.checked ?? false;
  }

  // Cells where nothing may be asked are passed over.
  mettre(cellules, oui) {
    for (const coche of cellules.map((cellule) => this.coche(cellule))) if (coche) coche.checked = oui;
    this.afficher();
  }

  // All of them; none when all of them already were.
  basculer(cellules) {
    const ouvertes = cellules.filter((cellule) => this.coche(cellule));
    this.mettre(ouvertes, !ouvertes.every((cellule) => this.contient(cellule)));
  }

  vider() {
    for (const coche of this.coches) coche.checked = false;
    this.afficher();
  }

  get choisies() {
    return this.coches.filter((coche) => coche.checked);
  }

  // The last text of a tick's name is of all the cells alike: it tells what may be asked there.
  static sorte(coche) {
    return document.getElementById(coche.getAttribute("aria-labelledby").split(" ").pop());
  }

  permettant(operation) {
    return this.choisies.filter((coche) => Choix.sorte(coche).dataset.peut.includes(operation));
  }

  afficher() {
    for (const coche of this.coches) coche.closest("td")?.setAttribute("aria-selected", coche.checked);
    const total = this.choisies.length;
    const details = [
      [this.permettant("r").length, "réservable", "réservables"],
      [this.permettant("a").length, "absence possible", "absences possibles"],
      [this.permettant("n").length, "annulable", "annulables"],
    ].filter(([nombre]) => nombre);
    this.phrase = total
      ? `${compter(total, "case choisie", "cases choisies")} : ${details.map((d) => compter(...d)).join(", ")}`
      : "Aucune case choisie.";
    this.dire(this.phrase);
    this.effacer.hidden = !total;
    this.barre.classList.toggle("choix", total > 0);
  }

  dire = (phrase) => (this.resume.textContent = phrase);

  // One sending at a time, of the days for which this request is possible.
  envoyer(evenement) {
    const operation = evenement.submitter?.dataset.operation ?? "r";
    const possible = this.permettant(operation).length > 0;
    if (!possible || this.operation) evenement.preventDefault();
    if (!possible) this.dire(this.choisies.length ? RIEN[operation] : "Choisissez d’abord une case.");
    else this.operation = operation;
  }

  trier(donnees) {
    if (!this.operation) return;
    donnees.delete("cases");
    for (const coche of this.permettant(this.operation)) donnees.append("cases", coche.value);
  }
}
