// The mouse chooses (click, drag, Shift+click, headers), the right button opens the menu, so does a finger.
const APPUI_LONG_MS = 500;

export function pointeur(grille, choix, menu) {
  const { table } = grille;
  let genre = "mouse"; // of the last pointer that went down
  let glisse = null; // { depart, oui, avant }: a drag under way
  let attente = 0; // timer of a long press
  let long = false; // the long press has opened the menu: the click that follows is not a tap

  function etendre(vers) {
    const rectangle = grille.rectangle(glisse.depart, vers);
    for (const cellule of glisse.touchees) {
      if (!rectangle.includes(cellule)) choix.mettre([cellule], glisse.avant.has(cellule));
    }
    choix.mettre(rectangle, glisse.oui);
    glisse.touchees = new Set([...glisse.touchees, ...rectangle]);
  }

  function presser(evenement, cellule) {
    const { depart = grille.active } = evenement.shiftKey ? {} : { depart: cellule };
    const avant = new Set(table.querySelectorAll("td[aria-selected=true]"));
    glisse = { depart, avant, oui: evenement.shiftKey || !choix.contient(cellule), touchees: new Set() };
    etendre(cellule);
  }

  function lacher() {
    glisse = null;
    clearTimeout(attente);
  }

  table.addEventListener("pointerdown", (evenement) => {
    const cellule = grille.cellule(evenement.target);
    genre = evenement.pointerType;
    long = false;
    clearTimeout(attente);
    if (!grille.estCase(cellule)) return;
    if (genre === "touch") {
      attente = setTimeout(() => {
        long = true;
        menu.designer(cellule);
      }, APPUI_LONG_MS);
    } else if (evenement.button === 0) {
      presser(evenement, cellule);
      // The cell that stood active is the anchor of Shift+click: it stays so until the release.
      if (evenement.shiftKey) evenement.preventDefault();
    }
  });
  table.addEventListener("pointerover", ({ target }) => {
    const cellule = grille.cellule(target);
    if (glisse && grille.estCase(cellule)) etendre(cellule);
  });
  window.addEventListener("pointerup", lacher);
  window.addEventListener("pointercancel", lacher);
  window.addEventListener("blur", lacher);

  // A header chooses its days; a tap adds its day to those chosen and opens the menu.
  table.addEventListener("click", (evenement) => {
    const cellule = grille.cellule(evenement.target);
    if (!cellule) return;
    if (!grille.estCase(cellule)) choix.basculer(grille.groupe(cellule, evenement.ctrlKey || evenement.metaKey));
    else if (genre === "touch" && !long) {
      cellule.focus();
      choix.basculer([cellule]);
      if (choix.contient(cellule) || !choix.coche(cellule)) menu.ouvrir(cellule);
    }
  });

  table.addEventListener("contextmenu", (evenement) => {
    const cellule = grille.cellule(evenement.target);
    if (!grille.estCase(cellule)) return;
    evenement.preventDefault();
    clearTimeout(attente);
    long = true;
    menu.designer(cellule);
  });
}
