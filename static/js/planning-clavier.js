// The keyboard of the grid: arrows, Home and End, months by Page, Space chooses, Enter or Menu acts, Escape clears.
const PAS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const LOIN = 1000;
const AVANT_DE_PARTIR =
  "Envoyez votre demande, ou effacez votre choix avec Échap, avant de changer de mois.";

export function clavier(grille, choix, menu) {
  let ancre = null;

  function aller(vers, evenement) {
    if (!evenement.shiftKey) ancre = null;
    else if (grille.estCase(vers)) {
      ancre ??= grille.active;
      choix.mettre(grille.rectangle(ancre, vers), true);
    }
    vers.focus();
  }

  function deplacer(evenement) {
    const { key, ctrlKey, metaKey } = evenement;
    if (key in PAS) {
      const saut = ctrlKey || metaKey ? LOIN : 1;
      return grille.voisine(grille.active, ...PAS[key].map((pas) => pas * saut));
    }
    if (key === "Home") return grille.voisine(grille.active, ctrlKey ? -LOIN : 0, -LOIN);
    if (key === "End") return grille.voisine(grille.active, ctrlKey ? LOIN : 0, LOIN);
    return null;
  }

  function choisir({ shiftKey, ctrlKey }) {
    const { active } = grille;
    const [i, j] = grille.places.get(active);
    if (!grille.estCase(active)) choix.basculer(grille.groupe(active, ctrlKey));
    else if (shiftKey) choix.basculer(grille.groupe(grille.lignes[i][0]));
    else if (ctrlKey) choix.basculer(grille.groupe(grille.lignes[0][j], true));
    else choix.basculer([active]);
  }

  function agir() {
    if (!grille.estCase(grille.active)) return choix.basculer(grille.groupe(grille.active));
    menu.designer(grille.active);
  }

  function changerDeMois(sens) {
    const lien = document.querySelector(`a[rel=${sens}]`);
    if (!lien) return;
    // A request is of one month: a key pressed too many must not lose what is chosen in this one.
    if (choix.choisies.length) choix.dire(AVANT_DE_PARTIR);
    else location.assign(`${lien.href}#grille`);
  }

  const GESTES = {
    " ": choisir,
    Enter: agir,
    ContextMenu: agir,
    PageUp: () => changerDeMois("prev"),
    PageDown: () => changerDeMois("next"),
    Escape: () => choix.vider(),
  };

  grille.table.addEventListener("keydown", (evenement) => {
    if (evenement.altKey) return;
    const vers = deplacer(evenement);
    const geste = evenement.key === "F10" && evenement.shiftKey ? agir : GESTES[evenement.key];
    const tout = evenement.key === "a" && (evenement.ctrlKey || evenement.metaKey);
    if (vers) aller(vers, evenement);
    else if (tout) choix.basculer(grille.groupe(grille.lignes[0][0]));
    else if (geste) geste(evenement);
    else return;
    evenement.preventDefault();
  });
  // Escape clears what is chosen from anywhere on the page; the menu keeps it for itself first.
  document.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Escape" || evenement.defaultPrevented) return;
    if (menu.ouvert) menu.fermer({ retour: true });
    else choix.vider();
  });
}
