// Live hints under a new password: the same rules as the server's, which alone decides.
const REGLES = [
  ["douze caractères au moins", (valeur) => valeur.length >= 12],
  ["autre chose que des chiffres", (valeur) => /\D/.test(valeur)],
];

for (const formulaire of document.querySelectorAll("[data-mot-de-passe]")) {
  const [premier, second] = formulaire.querySelectorAll('input[type="password"][autocomplete="new-password"]');
  if (!premier || !second) continue;
  const liste = document.createElement("ul");
  liste.className = "indices";
  liste.setAttribute("aria-live", "polite");
  const regles = [...REGLES, ["deux fois le même", () => second.value !== "" && premier.value === second.value]];
  const lignes = regles.map(([texte]) => {
    const ligne = document.createElement("li");
    ligne.append(`À faire : ${texte}`);
    liste.append(ligne);
    return ligne;
  });
  second.closest("div").after(liste);
  const juger = () =>
    regles.forEach(([texte, tient], rang) => {
      const oui = tient(premier.value);
      lignes[rang].classList.toggle("tenu", oui);
      lignes[rang].textContent = `${oui ? "Fait" : "À faire"} : ${texte}`;
    });
  premier.addEventListener("input", juger);
  second.addEventListener("input", juger);
}
