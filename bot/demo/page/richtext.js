// Draws a text with Telegram's entities, whose offsets count UTF-16 units as JavaScript's strings do.

const WRAPPERS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s",
  code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote",
};

export function richText(text, entities, chat) {
  const piece = document.createDocumentFragment();
  const edges = new Set([0, text.length]);
  for (const one of entities) {
    edges.add(one.offset);
    edges.add(one.offset + one.length);
  }
  const places = [...edges].sort((a, b) => a - b);
  for (let i = 0; i + 1 < places.length; i += 1) {
    const [from, to] = [places[i], places[i + 1]];
    const around = entities.filter((one) => one.offset <= from && one.offset + one.length >= to);
    let node = document.createTextNode(text.slice(from, to));
    for (const one of around.reverse()) node = wrap(node, one, chat);
    piece.append(node);
  }
  return piece;
}

function wrap(node, entity, chat) {
  if (entity.type === "spoiler") return spoiler(node);
  if (entity.type === "bot_command") return button(node, "inline-link", (event) => chat.says(event.currentTarget.textContent));
  if (entity.type === "url") return link(node, node.textContent);
  if (entity.type === "text_link") return link(node, entity.url);
  if (entity.type === "date_time") return moment(node, entity, chat);
  const tag = WRAPPERS[entity.type];
  if (!tag) return node;
  const element = document.createElement(tag);
  element.append(node);
  return element;
}

function spoiler(node) {
  const hidden = button(node, "spoiler", (event) => {
    const shown = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(shown));
  });
  hidden.setAttribute("aria-pressed", "false");
  hidden.title = "Hidden text";
  return hidden;
}

function button(node, name, onclick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = name;
  element.append(node);
  element.addEventListener("click", onclick);
  return element;
}

function link(node, address) {
  if (!/^https?:\/\//.test(address)) return node;
  const element = document.createElement("a");
  element.href = address;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
  element.append(node);
  return element;
}

// Each reader's client writes a moment in the reader's own zone.
function moment(node, entity, chat) {
  const element = document.createElement("time");
  const at = new Date(entity.unix_time * 1000);
  element.dateTime = at.toISOString();
  element.title = chat.clockText(at);
  element.textContent = entity.date_time_format ? formatted(at, entity.date_time_format, chat.zone) : node.textContent;
  return element;
}

function formatted(at, format, zone) {
  const options = { timeZone: zone };
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("d")) Object.assign(options, { day: "numeric", month: "numeric", year: "2-digit" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return new Intl.DateTimeFormat("en-GB", options).format(at);
}
