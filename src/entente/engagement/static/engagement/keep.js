// What a device keeps of one log, calls or leads: encrypted, one key per person that no script can read out.
// A record stays until the site has said what became of it; the site keeps each only once.

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function open(name) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("lists");
    request.result.createObjectStore("waiting", { keyPath: "id" });
  };
  return done(request);
}

export async function keeper(user, name) {
  if (!crypto.subtle || !("indexedDB" in window)) return null;
  const db = await open(name);
  const store = (part, mode = "readonly") => db.transaction(part, mode, { durability: "strict" }).objectStore(part);

  let key = await done(store("keys").get(user));
  if (!key) {
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Two tabs may both have made one: the first that was kept is the key.
    await done(store("keys", "readwrite").add(made, user)).catch(() => {});
    key = await done(store("keys").get(user));
  }

  async function seal(value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { user, iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text) };
  }

  async function unseal({ iv, data }) {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data)));
  }

  return {
    async putList(value) {
      const sealed = await seal(value);
      await done(store("lists", "readwrite").put(sealed, user));
    },
    async list() {
      const sealed = await done(store("lists").get(user));
      return sealed ? unseal(sealed) : null;
    },
    async put(record) {
      const sealed = await seal(record);
      await done(store("waiting", "readwrite").put({ id: record.values.client_id, at: record.at, ...sealed }));
    },
    async waiting() {
      const rows = (await done(store("waiting").getAll())).filter((row) => row.user === user);
      rows.sort((a, b) => a.at - b.at);
      return Promise.all(rows.map(unseal));
    },
    remove: (id) => done(store("waiting", "readwrite").delete(id)),
  };
}
