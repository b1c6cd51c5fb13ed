// The pointer on the grid: right click, click, drag, long press, a whole line, a week-day.
const ATTENTE_APPUI = 550; // milliseconds of a long press

export function pointer({ table, places, selection, menu, aller, pave, jourDeSemaine, depuis }) {
  let glisse = null;

  table.addEventListener("contextmenu", (e) => {
    const cellule = e.target.closest("td");
    if (!cellule) return;
    e.preventDefault();
    aller(cellule);
    menu.ouvrir(cellule);
  });

  // A click chooses, a drag chooses all it crosses, a long press opens the menu.
  table.addEventListener("pointerdown", (e) => {
    const cellule = e.target.closest("td");
    if (!cellule || e.button) return;
    const ouvrir = () => {
      glisse = null;
      menu.ouvrir(cellule);
    };
    const appui = e.pointerType === "mouse" ? 0 : setTimeout(ouvrir, ATTENTE_APPUI);
    glisse = { depart: cellule, bouge: false, appui };
  });
  table.addEventListener("pointermove", (e) => {
    const cellule = document.elementFromPoint(e.clientX, e.clientY)?.closest("td");
    if (!glisse || !places.has(cellule) || cellule === glisse.depart) return;
    clearTimeout(glisse.appui);
    glisse.bouge = e.pointerType === "mouse";
    if (glisse.bouge) selection.choisir(pave(glisse.depart, cellule), true);
  });
  document.addEventListener("pointerup", () => glisse && clearTimeout(glisse.appui));
  table.addEventListener("click", (e) => {
    const cellule = e.target.closest("td");
    const ligne = e.target.closest("th.ligne[scope=row]");
    const jour = e.target.closest("thead th[data-jour]");
    if (cellule && e.target.matches("input")) e.preventDefault();
    if (ligne) selection.basculer([...ligne.parentElement.querySelectorAll("td")]);
    else if (jour) {
      const jours = [...jour.parentElement.querySelectorAll("[data-jour]")];
      selection.basculer(jourDeSemaine(jours.indexOf(jour)));
    }
    else if (cellule && glisse && !glisse.bouge) {
      const ancre = depuis();
      aller(cellule);
      if (e.shiftKey) selection.choisir(pave(ancre, cellule), true);
      else setTimeout(() => selection.basculer([cellule]));
    }
    glisse = null;
  });
}
