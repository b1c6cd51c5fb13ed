// The grid itself (ARIA grid pattern): one cell in the tab order, arrows, Space, Enter.
import { pointer } from "./planning-pointeur.js";
import { Selection } from "./planning-selection.js";

export function animer(formulaire, selection, menu) {
  const table = formulaire.querySelector("table.grille");
  const phrase = formulaire.querySelector("[data-phrase]");
  const lignes = [...table.querySelectorAll("tbody tr")].map((l) => [...l.querySelectorAll("td")]).filter((l) => l.length);
  if (!lignes.length) return;
  let ancre = null;

  annoncerLaGrille();
  const places = new Map(lignes.flatMap((ligne, l) => ligne.map((cellule, c) => [cellule, [l, c]])));
  let active = lignes.flat().find((c) => c.classList.contains("auj")) ?? lignes[0][0];
  active.tabIndex = 0;

  function annoncerLaGrille() {
    table.setAttribute("role", "grid");
    table.setAttribute("aria-multiselectable", "true");
    for (const rangee of table.rows) rangee.setAttribute("role", "row");
    for (const titre of table.querySelectorAll("thead th")) titre.setAttribute("role", "columnheader");
    for (const titre of table.querySelectorAll("tbody th")) titre.setAttribute("role", "rowheader");
    for (const cellule of lignes.flat()) {
      cellule.setAttribute("role", "gridcell");
      cellule.tabIndex = -1;
      const coche = Selection.coche(cellule);
      if (coche) {
        coche.tabIndex = -1;
        coche.setAttribute("aria-hidden", "true");
      }
    }
    // The cell's own name already says it to a screen reader.
    phrase.removeAttribute("aria-live");
  }

  const dire = (cellule) => (phrase.textContent = cellule.getAttribute("aria-label"));
  const pave = (a, b) => {
    const [[l1, c1], [l2, c2]] = [places.get(a), places.get(b)];
    const [haut, bas, gauche, droite] = [Math.min(l1, l2), Math.max(l1, l2), Math.min(c1, c2), Math.max(c1, c2)];
    return lignes.slice(haut, bas + 1).flatMap((ligne) => ligne.slice(gauche, droite + 1));
  };
  const jourDeSemaine = (c) => {
    const titres = [...table.querySelectorAll("thead th[data-jour]")];
    const colonnes = titres.flatMap((t, rang) => (t.dataset.jour === titres[c].dataset.jour ? [rang] : []));
    return lignes.flatMap((ligne) => colonnes.map((colonne) => ligne[colonne]));
  };

  function aller(cellule, etendre = false) {
    ancre = etendre ? (ancre ?? active) : null;
    active.tabIndex = -1;
    active = cellule;
    active.tabIndex = 0;
    active.focus();
    if (ancre) selection.choisir(pave(ancre, active), true);
  }

  table.addEventListener("focusin", (e) => e.target.matches("td") && dire(e.target));
  table.addEventListener("pointerover", (e) => e.target.closest("td") && dire(e.target.closest("td")));

  table.addEventListener("keydown", (e) => {
    const cellule = e.target.closest("td");
    if (!cellule) return;
    const [l, c] = places.get(cellule);
    const borne = (n, max) => Math.max(0, Math.min(n, max));
    const vers = (dl, dc) => aller(lignes[borne(l + dl, lignes.length - 1)][borne(c + dc, lignes[l].length - 1)], e.shiftKey);
    const gestes = {
      ArrowRight: () => vers(0, 1),
      ArrowLeft: () => vers(0, -1),
      ArrowDown: () => vers(1, 0),
      ArrowUp: () => vers(-1, 0),
      Home: () => vers(e.ctrlKey ? -l : 0, -c),
      End: () => vers(e.ctrlKey ? lignes.length : 0, lignes[l].length),
      PageUp: () => document.querySelector('.mois a[rel="prev"]')?.click(),
      PageDown: () => document.querySelector('.mois a[rel="next"]')?.click(),
      " ": () => selection.basculer(e.ctrlKey ? jourDeSemaine(c) : e.shiftKey ? lignes[l] : [cellule]),
      Enter: () => menu.ouvrir(cellule),
      ContextMenu: () => menu.ouvrir(cellule),
      F10: () => e.shiftKey && menu.ouvrir(cellule),
      Escape: () => selection.effacer(),
    };
    if (!gestes[e.key] || (e.key === "F10" && !e.shiftKey)) return;
    e.preventDefault();
    gestes[e.key]();
  });

  pointer({ table, places, selection, menu, aller, pave, jourDeSemaine, depuis: () => active });
}
