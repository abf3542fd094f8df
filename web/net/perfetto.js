/* Hands a trace to ui.perfetto.dev, in the way that its documentation gives: ask
 * until it answers, then send. It takes a click of the user to open a window. */

const ORIGIN = "https://ui.perfetto.dev";
const ASK_MS = 100;
const PATIENCE_MS = 15000;

/* `buffer` may be the promise of one. */
export function sendToPerfetto(buffer, title, open = () => window.open(ORIGIN)) {
  const page = open();
  if (!page) return Promise.reject(new Error("the browser opens no window"));
  return new Promise((resolve, reject) => {
    const asking = setInterval(() => page.postMessage("PING", ORIGIN), ASK_MS);
    const giveUp = setTimeout(() => end(reject, new Error("ui.perfetto.dev does not answer")), PATIENCE_MS);
    const end = (settle, value) => {
      clearInterval(asking);
      clearTimeout(giveUp);
      removeEventListener("message", onMessage);
      settle(value);
    };
    const onMessage = async (event) => {
      if (event.origin !== ORIGIN || event.data !== "PONG") return;
      clearInterval(asking);
      try {
        page.postMessage({ perfetto: { buffer: await buffer, title, fileName: "trace.json" } }, ORIGIN);
        end(resolve);
      } catch (error) {
        end(reject, error);
      }
    };
    addEventListener("message", onMessage);
  });
}
