// [data-appel]: each tick is saved as it is made, one after the other, and the page says so. The form and its
// button stay: what could not be saved goes with it. P and A on a child's line tick it and go to the next.
const appel = document.querySelector("[data-appel]");
const etat = appel.querySelector("[data-etat]");
let file = Promise.resolve();
let enAttente = 0;
let refus = "";

const vu = (radio) => appel.elements[radio.name.replace("etat-", "vu-")];
const modifies = () => [...appel.querySelectorAll("[data-ligne] input:checked")].some((r) => r.value !== vu(r).value);

function dire(message, probleme = false) {
  etat.textContent = message;
  etat.classList.toggle("probleme", probleme);
}

function compter() {
  for (const compte of appel.querySelectorAll("[data-compte]")) {
    // Children who are not expected have nothing left to note.
    const lignes = compte.dataset.compte ? "[data-ligne]" : "[data-ligne]:not([data-a-part])";
    compte.textContent = appel.querySelectorAll(`${lignes} input[value="${compte.dataset.compte}"]:checked`).length;
  }
}

async function enregistrer(radio) {
  const corps = new FormData();
  for (const nom of ["csrfmiddlewaretoken", "operation"]) corps.set(nom, appel.elements[nom].value);
  corps.set(radio.name, radio.value);
  corps.set(vu(radio).name, vu(radio).value);
  const reponse = await fetch(appel.action, { method: "POST", body: corps, headers: { Accept: "application/json" } });
  if (!reponse.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("reconnexion");
  const lu = await reponse.json();
  if (!reponse.ok) throw new Error(lu.erreur);
  vu(radio).value = radio.value;
  return lu.enregistre;
}

function suivre(radio) {
  compter();
  enAttente += 1;
  dire("Enregistrement…");
  file = file.then(async () => {
    const ligne = radio.closest("[data-ligne]");
    try {
      // A later tick on the same line has its own turn.
      const message = radio.checked ? await enregistrer(radio) : "";
      ligne.classList.remove("non-enregistre");
      refus = "";
      if (enAttente === 1) dire(modifies() ? "Des lignes restent à enregistrer : appuyez sur Enregistrer." : message);
    } catch (erreur) {
      ligne.classList.add("non-enregistre");
      const cause = erreur instanceof TypeError || erreur.message === "reconnexion" ? "" : ` ${erreur.message}`;
      refus = `Non enregistré.${cause} Appuyez sur Enregistrer pour réessayer.`;
    }
    enAttente -= 1;
    if (refus) dire(refus, true);
  });
}

appel.addEventListener("change", (evenement) => {
  if (evenement.target.matches("[data-ligne] input[type=radio]")) suivre(evenement.target);
});

appel.addEventListener("keydown", (evenement) => {
  const ligne = evenement.target.closest("[data-ligne]");
  const valeur = { p: "PRESENT", a: "ABSENT" }[evenement.key.toLowerCase()];
  if (!ligne || !valeur || evenement.ctrlKey || evenement.altKey || evenement.metaKey) return;
  evenement.preventDefault();
  const radio = ligne.querySelector(`input[value="${valeur}"]`);
  if (!radio.checked) {
    radio.checked = true;
    suivre(radio);
  }
  const lignes = [...appel.querySelectorAll("[data-ligne]")];
  const suivante = lignes[lignes.indexOf(ligne) + 1] ?? ligne;
  suivante.querySelector("input:checked").focus();
});

// A reloaded page may tick anew what the browser remembers: what differs from the server is said.
compter();
for (const aide of document.querySelectorAll("[data-clavier]")) aide.hidden = false;
if (modifies()) dire("Des lignes restent à enregistrer : appuyez sur Enregistrer.", true);
window.addEventListener("beforeunload", (depart) => {
  if (enAttente) depart.preventDefault();
});
