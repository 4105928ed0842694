// Talks to the stand-in: what people do, what changed, and when.

export async function act(chatId, what, body = {}) {
  return post(`/demo/phone/${chatId}/${what}`, body);
}

export async function sendFile(chatId, file, replyTo) {
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  const content = address.slice(address.indexOf(",") + 1);
  return act(chatId, "document", { name: file.name, type: file.type, content, reply_to: replyTo });
}

export async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.json();
}

export async function state(since) {
  const answer = await fetch(`/demo/state?since=${since}`, { cache: "no-store" });
  return answer.json();
}

// Calls show(state) with each change, one at a time, and lost(true | false) when the demo goes or comes back.
export function follow(show, lost) {
  let seen = 0;
  let wanted = 0;
  let busy = false;

  async function catchUp() {
    if (busy) return;
    busy = true;
    try {
      do {
        const goal = wanted;
        const now = await state(seen);
        if (now.version < seen) {
          location.reload(); // the demo was started anew
          return;
        }
        seen = now.version;
        show(now);
        if (goal === wanted) break;
      } while (seen < wanted);
    } catch {
      lost(true);
    } finally {
      busy = false;
    }
  }

  const events = new EventSource("/demo/events");
  events.onmessage = (event) => {
    lost(false);
    wanted = Number(event.data);
    if (wanted < seen) location.reload();
    if (seen === 0 || wanted > seen) catchUp();
  };
  events.onerror = () => lost(true);
  catchUp();
}
