/* Questions to the program. */

export class ApiError extends Error {
  constructor(status, problem, valid) {
    super(problem);
    this.status = status;
    this.valid = valid ?? [];
  }
}

async function problemOf(response) {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    const name = error.parameter ? `${error.parameter}: ` : "";
    return new ApiError(response.status, name + error.problem, error.valid);
  } catch {
    return new ApiError(response.status, text.trim().replace(/\s+/g, " ") || response.statusText);
  }
}

/* Where the browser keeps nothing for a page, the token lasts as long as it. */
function kept(act) {
  try {
    return act(sessionStorage);
  } catch {
    return null;
  }
}

export class Api {
  token = kept((storage) => storage.getItem("asyncscope.token")) ?? "";

  live = 0; /* resources of the program, as far as it has said */

  setToken(token) {
    this.token = token;
    kept((storage) => (token ? storage.setItem("asyncscope.token", token) : storage.removeItem("asyncscope.token")));
  }

  headers(others = {}) {
    return this.token ? { ...others, Authorization: `Bearer ${this.token}` } : others;
  }

  async fetch(path, options = {}) {
    if (/[^!-~]/.test(this.token)) throw new ApiError(401, "no token has such letters");
    const response = await fetch(path, { ...options, headers: this.headers(options.headers) });
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /* {answer, bytes} */
  async json(path, signal) {
    const response = await this.fetch(path, { signal, headers: { Accept: "application/json" } });
    const text = await response.text();
    return { answer: JSON.parse(text), bytes: text.length };
  }
}
