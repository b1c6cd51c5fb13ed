// A long job's progress: the part of the page marked data-avancement is read again until it no longer is.
const ATTENTE = 2000;

async function relire() {
  const reponse = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!reponse.ok) return;
  const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
  const neuf = page.querySelector("[data-avancement]");
  const ancien = document.querySelector("[data-avancement]");
  if (!neuf) {
    // Done: the whole page has more to say.
    location.reload();
    return;
  }
  ancien.replaceChildren(...neuf.childNodes);
  setTimeout(relire, ATTENTE);
}

if (document.querySelector("[data-avancement]")) setTimeout(relire, ATTENTE);
