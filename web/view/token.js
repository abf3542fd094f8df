/* Asks for the token, where the program wants one. */

import { h, setText } from "../dom.js";

export function tokenForm(app) {
  const input = h("input", { type: "password", id: "token", autocomplete: "off", required: true });
  const problem = h("p", { class: "problem", role: "alert" });
  const element = h("form", { class: "token", onsubmit: (event) => {
    event.preventDefault();
    app.useToken(input.value.trim());
  } },
  h("h2", {}, "A token is needed"),
  h("p", {}, "This program shows itself to those who have its token: the one that it was started with (--debug-token, or --debug-token-file). The page keeps it until this tab is closed. It can also stand in the address: #token=…"),
  h("label", { for: "token" }, "Token"), input, h("button", { type: "submit" }, "Show"), problem);
  return { element, focus: () => input.focus(), say: (text) => setText(problem, text) };
}
