// The planning of a month: a grid for the mouse and the keyboard, a list of days for a phone. Without this
// script both are ticks and two buttons, which post the same thing.
import { animer } from "./planning-grille.js";
import { Menu } from "./planning-menu.js";
import { Selection } from "./planning-selection.js";

document.documentElement.classList.add("script");

const grille = document.querySelector("[data-planning]");
if (grille) {
  const phrases = JSON.parse(document.getElementById("phrases").textContent);
  const selection = new Selection(grille);
  animer(grille, selection, new Menu(grille, selection, phrases));
}

const semaines = document.querySelector("[data-semaines]");
if (semaines) new Selection(semaines);
