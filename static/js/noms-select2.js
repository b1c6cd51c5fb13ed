// The admin's search lists (select2) take the name of their field: without it a screen reader says only its value.
function nommer(racine) {
  for (const choix of racine.querySelectorAll("select.admin-autocomplete")) {
    const liste = choix.nextElementSibling?.querySelector("[role=combobox]");
    const nom = document.querySelector(`label[for="${CSS.escape(choix.id)}"]`);
    if (!liste || !nom) continue;
    nom.id ||= `nom-${choix.id}`;
    const valeur = liste.querySelector(".select2-selection__rendered");
    // A nameless text box inside the list: the list itself says the value.
    valeur?.removeAttribute("role");
    valeur?.removeAttribute("aria-readonly");
    // Of several values: the drawn list is none to a reader, and its search box takes the name too.
    if (valeur?.tagName === "UL") valeur.setAttribute("role", "presentation");
    liste.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", nom.id);
    liste.setAttribute("aria-labelledby", `${nom.id} ${valeur?.id ?? ""}`.trim());
  }
}
// After the admin, which makes its lists when jQuery says ready: on a cached page, later than « load ».
window.django?.jQuery?.(() => nommer(document));
document.addEventListener("formset:added", (ajout) => nommer(ajout.target));
