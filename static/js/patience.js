// A form that takes more than half a second to be sent says so, to the eye and to screen readers.
const DELAI_MS = 500;
const avis = document.createElement("p");
avis.className = "patience";
avis.setAttribute("role", "status");
document.body.append(avis);
let minuterie;

document.addEventListener("submit", (envoi) => {
  if (envoi.defaultPrevented || envoi.target.method !== "post") return;
  const fichiers = [...envoi.target.querySelectorAll('input[type="file"]')].some((champ) => champ.files.length);
  clearTimeout(minuterie);
  minuterie = setTimeout(() => {
    avis.textContent = fichiers ? "Envoi des fichiers en cours…" : "Envoi en cours…";
  }, DELAI_MS);
});

// « Précédent » gives the page back as it was left.
addEventListener("pageshow", () => {
  clearTimeout(minuterie);
  avis.textContent = "";
});
