// [data-imprimer]: a button that prints the page; hidden without script, where the browser's own menu prints.
for (const bouton of document.querySelectorAll("[data-imprimer]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => window.print());
}
