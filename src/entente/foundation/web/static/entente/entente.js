// Entente's own script: conveniences only. Every page works without it.
// One listener per kind of event on the document, so that what htmx brings in works too.

document.documentElement.classList.add("js");

/* Theme ---------------------------------------------------------------- */

const isDark = () => {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

async function changeTheme(form) {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  const body = new FormData(form);
  body.set("theme", theme);
  await fetch(form.action, { method: "POST", body, redirect: "manual" });
}

/* Command palette ------------------------------------------------------ */

const palette = document.getElementById("palette");
const paletteInput = palette?.querySelector("input");
const options = () => [...palette.querySelectorAll("a[role=option]")];

function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  paletteInput.select();
  paletteInput.dispatchEvent(new CustomEvent("palette-opened"));
}

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (!option) return paletteInput.removeAttribute("aria-activedescendant");
  paletteInput.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function paletteKey(event) {
  const all = options();
  const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const typesText = (event.key === "Home" || event.key === "End") && paletteInput.value;
  if (next !== undefined && !typesText && all.length) {
    event.preventDefault();
    choose(all[(next + all.length) % all.length]);
  } else if (event.key === "Enter" && all[at]) {
    event.preventDefault();
    location.assign(all[at].href);
  }
}

paletteInput?.addEventListener("keydown", paletteKey);
palette?.addEventListener("htmx:afterSwap", () => choose(options()[0]));

/* Dialogs: for browsers without the command attribute, and a click beside closes --- */

const hasCommands = "commandForElement" in HTMLButtonElement.prototype;

function dialogClick(target) {
  const opener = target.closest("[commandfor]");
  if (opener && !hasCommands) document.getElementById(opener.getAttribute("commandfor"))?.showModal();
  if (target instanceof HTMLDialogElement) target.close();
}

/* Copy ----------------------------------------------------------------- */

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.getAttribute("aria-label");
  button.setAttribute("aria-label", "Copied");
  button.classList.add("tone-ok");
  setTimeout(() => {
    button.setAttribute("aria-label", label);
    button.classList.remove("tone-ok");
  }, 1500);
}

/* Clicks --------------------------------------------------------------- */

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const { target } = event;
  const opener = target.closest("[data-palette-open]");
  if (opener && palette) {
    event.preventDefault();
    openPalette();
  }
  const copies = target.closest("[data-copy]");
  if (copies) copy(copies);
  target.closest("[data-dismiss]")?.closest(".alert").remove();
  closeMenus(target.closest("details[data-menu]"));
  dialogClick(target);
});

/* Forms: a second submit is not sent again ------------------------------- */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-theme-form]")) {
    event.preventDefault();
    changeTheme(form);
  } else if (form.matches("[data-once]") && event.submitter?.formMethod !== "dialog") {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    // After the browser has read the form, or the button's own value would be lost.
    setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
  }
});

function mayBeSentAgain() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
}

// Back from the browser's cache, or after an answer that htmx put in place.
addEventListener("pageshow", mayBeSentAgain);
document.addEventListener("htmx:afterRequest", mayBeSentAgain);

/* Keys ----------------------------------------------------------------- */

const isTyping = (element) => element.matches("input, select, textarea, [contenteditable]");

// j and k move through the rows of the list on the page; Enter follows the row's link.
function moveRow(step) {
  const links = [...document.querySelectorAll("table[data-rows] tbody tr")]
    .map((row) => row.querySelector("a[href]"))
    .filter(Boolean);
  if (!links.length) return;
  const row = document.activeElement.closest("tr");
  const at = links.findIndex((link) => row && link.closest("tr") === row);
  links[Math.max(0, Math.min(links.length - 1, at + step))].focus();
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape") {
    closeMenus();
    for (const drawer of document.querySelectorAll("details.drawer[open]")) drawer.open = false;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    openPalette();
  }
  if (event.key === "j") moveRow(1);
  if (event.key === "k") moveRow(-1);
});
