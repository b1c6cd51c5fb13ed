// The planning: ticks become cells that one chooses with the mouse, a finger or the keyboard; a menu acts on them.
// Without this script the ticks and the two buttons do the same.
import { Choix } from "./planning-choix.js";
import { clavier } from "./planning-clavier.js";
import { Grille } from "./planning-grille.js";
import { Menu } from "./planning-menu.js";
import { pointeur } from "./planning-pointeur.js";

const semaines = document.querySelector("[data-semaines]");
if (semaines) new Choix(semaines);

const formulaire = document.querySelector("[data-planning]");
if (formulaire) {
  const choix = new Choix(formulaire);
  const grille = new Grille(formulaire);
  const menu = new Menu(formulaire, grille, choix);
  clavier(grille, choix, menu);
  pointeur(grille, choix, menu);
}
