/** Requests to the CRM's own server. Rejects with an Error that carries `status`. */

export async function get(path) {
  return answerOf(await fetch(path));
}

export async function post(path, body) {
  return answerOf(await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) }));
}

async function answerOf(response) {
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.error ?? `the server answered ${response.status}`), { status: response.status, answer });
}
