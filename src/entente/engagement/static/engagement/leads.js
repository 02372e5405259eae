// Write leads down at a stand with or without a connection. The page works without this script too.

import { keeper } from "./keep.js";
import { whoField } from "./who.js";

const form = document.querySelector("form[data-lead]");
const status = document.querySelector("[data-lead-status]");
const section = document.querySelector("[data-lead-waiting]");
const list = document.querySelector("[data-lead-list]");
const AGAIN = 20_000;
const LATER = "No connection. What you write down is kept on this device and sent later.";

let people = [];
let token = "";
let keep = null;
const said = new Map();

function tell(words, tone = "info") {
  status.className = `alert ${tone}`;
  status.hidden = !words;
  status.querySelector("p").textContent = words;
}

const who = whoField(form, () => people, () => form.elements.interest.focus());

function clear() {
  const { side, origin, interest } = form.elements;
  const [sideWas, originWas] = [side.value, origin.value];
  form.reset();
  [side.value, origin.value] = [sideWas, originWas];
  form.elements.drawing.value = "";
  form.querySelector("[data-clear]")?.click();
  for (const error of form.querySelectorAll(".error, .errorlist")) error.remove();
  interest.blur();
  who.reset();
}

async function submit(event) {
  if (event.submitter?.name === "look") return;
  event.preventDefault();
  const { hcp, badge, name, find } = form.elements;
  if (!hcp.value && !badge.value.trim() && !name.value.trim()) return who.complain();
  if (!form.reportValidity()) return;
  form.elements.client_id.value = crypto.randomUUID();
  form.elements.captured_at.value = new Date().toISOString();
  const fields = [...new FormData(form)].filter(([field]) => !["csrfmiddlewaretoken", "find"].includes(field));
  const record = {
    values: { client_id: form.elements.client_id.value },
    fields,
    person: find.value || name.value || `No. ${badge.value}`,
    at: Date.now(),
    failed: "",
  };
  await keep.put(record);
  await draw();
  clear();
  tell("Kept on this device.");
  send();
}

/* What waits on the device -------------------------------------------------- */

function row(words, more, tone, ...buttons) {
  const item = document.createElement("li");
  item.className = tone;
  const text = document.createElement("span");
  const small = document.createElement("small");
  small.textContent = more;
  text.append(words, small);
  item.append(text, ...buttons);
  return item;
}

function waitingRow(record) {
  const name = document.createElement("strong");
  name.textContent = record.person;
  if (!record.failed) return row(name, "waits for a connection", "");
  const button = document.createElement("button");
  button.className = "button small";
  button.type = "button";
  button.textContent = "Correct";
  button.addEventListener("click", async () => {
    putBack(record);
    await keep.remove(record.values.client_id);
    draw();
  });
  return row(name, record.failed, "failed", button);
}

function putBack({ fields, person }) {
  for (const box of form.querySelectorAll("input[name=ticks]")) {
    box.checked = fields.some(([name, value]) => name === "ticks" && value === box.value);
  }
  for (const [name, value] of fields) {
    if (!["ticks", "client_id", "event"].includes(name) && form.elements[name]) form.elements[name].value = value;
  }
  who.set({ id: form.elements.hcp.value, name: person });
}

function sentRow({ person, answer }) {
  const link = document.createElement("a");
  link.href = answer.url;
  link.textContent = person;
  return row(link, [answer.said, answer.safety].filter(Boolean).join(" "), answer.safety ? "held" : "sent");
}

async function draw() {
  const waiting = await keep.waiting();
  list.replaceChildren(...waiting.map(waitingRow), ...[...said.values()].reverse().map(sentRow));
  section.hidden = !list.children.length;
}

/* Sending -------------------------------------------------------------------- */

async function makeReady() {
  const answer = await fetch(form.dataset.ready, { headers: { Accept: "application/json" } });
  if (answer.redirected || !answer.ok) return false;
  const found = await answer.json();
  if (found.user !== form.dataset.user) return false;
  ({ token, people } = found);
  await keep.putList({ people });
  return true;
}

async function sendOne(record) {
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": token },
    body: new URLSearchParams(record.fields),
  });
  if (answer.redirected || answer.status === 403 || answer.status >= 500) return false;
  if (answer.ok) {
    said.set(record.values.client_id, { person: record.person, answer: await answer.json() });
    await keep.remove(record.values.client_id);
    return true;
  }
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  const told = isJson ? Object.values((await answer.json()).errors).flat().map(({ message }) => message).join(" ") : `The site answered ${answer.status}.`;
  await keep.put({ ...record, failed: told });
  return true;
}

// One tab at a time: each record has one way to the site.
const send = () => navigator.locks.request("entente-leads", { ifAvailable: true }, async (lock) => {
  if (!lock) return;
  try {
    let ready = Boolean(token);
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
    tell(LATER, "warn");
  }
});

async function begin() {
  keep = await keeper(form.dataset.user, "entente-leads");
  if (!keep) return;
  form.addEventListener("submit", submit);
  ({ people } = (await keep.list()) ?? { people });
  await draw();
  form.dataset.isReady = "yes";
  addEventListener("online", send);
  setInterval(send, AGAIN);
  makeReady().then(send).catch(() => tell(LATER, "warn"));
  navigator.serviceWorker?.register(form.dataset.worker).catch(() => {});
}

begin();
