// Log a call with or without a connection. The page works without this script too, on line.

import { keeper } from "./keep.js";
import { whoField } from "./who.js";

const form = document.querySelector("form[data-call-log]");
const status = document.querySelector("[data-call-status]");
const section = document.querySelector("[data-call-waiting]");
const list = document.querySelector("[data-call-list]");
const AGAIN = 20_000;
const MOST = 500;

let people = [];
let token = "";
let ahead = 0; // by how much the site's clock is ahead of the device's
let keep = null;
const said = new Map();

function tell(words, tone = "info") {
  status.className = `alert ${tone}`;
  status.hidden = !words;
  status.querySelector("[data-call-status-words]").textContent = words;
}

/* The form ---------------------------------------------------------------- */

// Whoever was looked up once can be chosen without a connection too.
function chosen({ id, name, place }) {
  people = [{ id, name, place }, ...people.filter((each) => each.id !== id)].slice(0, MOST);
  keep?.putList({ people, ahead });
  form.querySelector("input[name=kind]:checked")?.focus();
}

const who = whoField(form, () => people, chosen);

function localMoment(date) {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function values() {
  const found = Object.fromEntries(new FormData(form));
  delete found.csrfmiddlewaretoken;
  delete found.find;
  // Kept as an instant: the device may be in another zone when it is sent.
  const when = found.happened_at ? new Date(found.happened_at) : new Date(Date.now() + ahead);
  found.happened_at = when.toISOString();
  found.client_id = crypto.randomUUID();
  return found;
}

function clear() {
  const inTheNameOf = form.elements.controller?.value;
  form.reset();
  if (inTheNameOf) form.elements.controller.value = inTheNameOf;
  form.elements.planned.value = "";
  for (const error of form.querySelectorAll(".error, .errorlist")) error.remove();
  who.reset();
}

function putBack({ values: old, person }) {
  for (const [name, value] of Object.entries(old)) {
    const field = form.elements[name];
    if (!field || name === "happened_at" || name === "client_id" || name === "hcp") continue;
    if (field.type === "checkbox") field.checked = value === "on";
    else field.value = value;
  }
  // What was written about further items is not left folded away.
  form.querySelector("[data-shown-rows]").open = Object.keys(old).some((name) => old[name] && /^(item_|first_minutes)/.test(name));
  form.elements.happened_at.value = localMoment(new Date(old.happened_at));
  who.set({ id: old.hcp, name: person });
  form.elements.note.focus();
}

async function submit(event) {
  if (event.submitter?.name === "look") return;
  event.preventDefault();
  if (!form.elements.hcp.value) return who.complain();
  if (!form.reportValidity()) return;
  const record = { values: values(), person: form.elements.find.value, at: Date.now(), failed: "" };
  await keep.put(record);
  await draw();
  clear();
  tell("Kept on this device.", "info");
  send();
}

/* What waits on the device -------------------------------------------------- */

function row(record) {
  const item = document.createElement("li");
  const words = document.createElement("span");
  const name = document.createElement("strong");
  name.textContent = record.person;
  const more = document.createElement("small");
  more.textContent = record.failed || "waits for a connection";
  if (record.failed) item.className = "failed";
  words.append(name, more);
  item.append(words);
  if (record.failed) {
    const button = document.createElement("button");
    button.className = "button small";
    button.type = "button";
    button.textContent = "Correct";
    button.addEventListener("click", async () => {
      putBack(record);
      await keep.remove(record.values.client_id);
      draw();
    });
    item.append(button);
  }
  return item;
}

function sentRow({ person, answer }) {
  const item = document.createElement("li");
  item.className = answer.standing === "cleared" ? "sent" : "held";
  const words = document.createElement("span");
  const link = document.createElement("a");
  link.href = answer.url;
  link.textContent = person;
  const more = document.createElement("small");
  more.textContent = [answer.said, ...answer.reasons, answer.safety].filter(Boolean).join(" ");
  words.append(link, more);
  item.append(words);
  return item;
}

async function draw() {
  const waiting = await keep.waiting();
  list.replaceChildren(...waiting.map(row), ...[...said.values()].reverse().map(sentRow));
  section.hidden = !list.children.length;
  section.dataset.n = waiting.filter((record) => !record.failed).length;
}

/* Sending -------------------------------------------------------------------- */

async function makeReady() {
  const answer = await fetch(form.dataset.ready, { headers: { Accept: "application/json" } });
  if (answer.redirected || !answer.ok) return false;
  const found = await answer.json();
  if (found.user !== form.dataset.user) return false;
  token = found.token;
  const known = new Set(found.people.map((person) => person.id));
  people = [...found.people, ...people.filter((person) => !known.has(person.id))].slice(0, MOST);
  ahead = Date.parse(found.now) - Date.now();
  await keep.putList({ people, ahead });
  return true;
}

function post(record) {
  return fetch(form.getAttribute("action"), {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": token },
    body: new URLSearchParams(record.values),
  });
}

const errorsOf = ({ errors }) => Object.values(errors).flat().map(({ message }) => message).join(" ");

async function sendOne(record) {
  const answer = await post(record);
  if (answer.redirected || answer.status === 403 || answer.status >= 500) return false;
  if (answer.ok) {
    said.set(record.values.client_id, { person: record.person, answer: await answer.json() });
    await keep.remove(record.values.client_id);
  } else {
    const told = answer.headers.get("Content-Type")?.includes("json") ? errorsOf(await answer.json()) : `The site answered ${answer.status}.`;
    await keep.put({ ...record, failed: told });
  }
  return true;
}

// One tab at a time: each record has one way to the site.
const send = () => navigator.locks.request("entente-calls", { ifAvailable: true }, async (lock) => {
  if (!lock) return;
  try {
    let ready = Boolean(token);
    // Looked up anew each time: more may have been logged meanwhile.
    for (;;) {
      const record = (await keep.waiting()).find((each) => !each.failed);
      if (!record) break;
      ready ||= await makeReady();
      if (!ready || !(await sendOne(record))) {
        token = "";
        tell("Sign in again to send what is kept on this device.", "warn");
        return;
      }
      await draw();
      tell("Sent.", "ok");
    }
  } catch {
    tell("No connection. What you log is kept on this device and sent later.", "warn");
  }
});

/* Begin ------------------------------------------------------------------------ */

async function begin() {
  keep = await keeper(form.dataset.user, "entente-calls");
  if (!keep) return;
  form.addEventListener("submit", submit);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  ({ people, ahead } = (await keep.list()) ?? { people, ahead });
  await draw();
  form.dataset.isReady = "yes";
  addEventListener("online", send);
  setInterval(send, AGAIN);
  makeReady().then(send).catch(() => tell("No connection. What you log is kept on this device and sent later.", "warn"));
  navigator.serviceWorker?.register(form.dataset.worker).catch(() => {});
}

begin();
