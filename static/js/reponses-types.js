// A ready-made answer is copied into the answer being written, where it is then edited.
for (const formulaire of document.querySelectorAll("[data-reponses]")) {
  const zone = document.getElementById(formulaire.dataset.reponses);
  for (const bouton of formulaire.querySelectorAll("[data-texte]")) {
    bouton.hidden = false;
    bouton.addEventListener("click", () => {
      zone.value = [zone.value.trimEnd(), bouton.dataset.texte].filter(Boolean).join("\n\n");
      zone.focus();
    });
  }
}
