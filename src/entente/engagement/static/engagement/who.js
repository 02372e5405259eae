// The first field of a call: type a few letters, choose with the arrow keys, Enter.
// Looks among the HCPs kept on the device first, then asks the site.

const LONGEST = 8;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function fits(person, words) {
  const text = plain(`${person.name} ${person.place}`);
  return words.every((word) => text.includes(word));
}

export function whoField(form, known, chosen) {
  const field = form.querySelector(".who");
  const input = field.querySelector("#find");
  const id = field.querySelector("input[type=hidden][name=hcp]");
  const list = field.querySelector("#who-list");
  let asked = 0;
  let at = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    const rows = [...list.children];
    if (!rows.length) return;
    at = (next + rows.length) % rows.length;
    rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
    input.setAttribute("aria-activedescendant", rows[at].id);
    rows[at].scrollIntoView({ block: "nearest" });
  }

  function take(person) {
    id.value = person.id;
    input.value = person.name;
    input.removeAttribute("aria-invalid");
    close();
    chosen?.(person);
  }

  function show(people) {
    list.replaceChildren(...people.slice(0, LONGEST).map((person, n) => {
      const row = document.createElement("li");
      row.id = `who-${n}`;
      row.setAttribute("role", "option");
      row.append(person.name);
      const place = document.createElement("small");
      place.textContent = person.place;
      row.append(" ", place);
      // Before the field loses the focus to the click.
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(person);
      });
      row.person = person;
      return row;
    }));
    list.hidden = !people.length;
    input.setAttribute("aria-expanded", String(people.length > 0));
    if (people.length) mark(0);
  }

  async function look() {
    id.value = "";
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    if (!words.length) return close();
    const mine = ++asked;
    const near = known().filter((person) => fits(person, words));
    show(near);
    if (near.length >= LONGEST || words.join("").length < 2) return;
    try {
      const answer = await fetch(`${form.dataset.people}?q=${encodeURIComponent(input.value)}`);
      if (!answer.ok || mine !== asked) return;
      const { people } = await answer.json();
      if (mine !== asked || id.value) return;
      const ids = new Set(near.map((person) => person.id));
      show([...near, ...people.filter((person) => !ids.has(person.id))]);
    } catch {
      // Without a connection those on the device are all there is.
    }
  }

  input.addEventListener("input", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const row = list.children[at];
      if (row && !list.hidden) take(row.person);
    } else if (event.key === "Escape") close();
  });
  return {
    reset() {
      id.value = input.value = "";
      close();
      input.focus();
    },
    set(person) {
      id.value = person.id;
      input.value = person.name;
    },
    complain() {
      input.setAttribute("aria-invalid", "true");
      input.focus();
    },
  };
}

const plan = document.querySelector("form[data-call-plan]");
if (plan) {
  const field = whoField(plan, () => [], () => plan.querySelector("input[name=kind]:checked")?.focus());
  plan.addEventListener("submit", (event) => {
    if (plan.elements.hcp.value || event.submitter?.name === "look") return;
    event.preventDefault();
    field.complain();
  });
}
