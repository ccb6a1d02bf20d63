// Long work: asks now and then how far it is, and shows the finished page once it is done. The page's link
// does the same without a script.
const again = async () => {
  const shown = document.getElementById("progress");
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("progress");
  if (!found) {
    location.reload();
  } else if (found.textContent !== shown.textContent) {
    shown.replaceChildren(...found.children);
  }
};
setInterval(() => again().catch(() => {}), Number(document.getElementById("progress").dataset.again) * 1000);
