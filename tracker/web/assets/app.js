// Starts the design system's components. The script's address is in the page, because it carries a hash.
const address = document.getElementById("govuk-frontend").href;
const { initAll } = await import(address);
initAll();

// A radio may not say that it is expanded (ARIA allows it on checkboxes only): which part it shows is said
// by aria-controls and by the order on the page.
const tidy = (radio) => radio.hasAttribute("aria-expanded") && radio.removeAttribute("aria-expanded");
for (const radio of document.querySelectorAll("input[type=radio][aria-controls]")) {
  tidy(radio);
  new MutationObserver(() => tidy(radio)).observe(radio, { attributeFilter: ["aria-expanded"] });
}

// On a small screen the filters of a list start closed, behind a button.
for (const form of document.querySelectorAll(".app-filter[data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary app-filter__toggle";
  const show = (open) => {
    form.classList.toggle("app-filter--closed", !open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? form.dataset.hide : form.dataset.show;
  };
  button.addEventListener("click", () => show(form.classList.contains("app-filter--closed")));
  form.prepend(button);
  show(form.querySelector(".govuk-form-group--error") !== null);
}
