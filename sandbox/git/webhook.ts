import { createHmac } from "node:crypto";

/** Where Argo CD listens for pushes, and the secret it checks them with. */
export interface WebhookTargets {
    urls: string[];
    secret: string;
}

/**
 * Tells Argo CD of a push as GitHub would (event `push`, HMAC-SHA256 signature over the body), so that it
 * looks now and not at its next poll. Payload fields: those that Argo CD reads.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
 */
export async function notifyPush(
    targets: WebhookTargets,
    repositoryUrl: string,
    push: { branch: string; before: string; after: string; files: string[] },
): Promise<void> {
    const body = JSON.stringify({
        ref: `refs/heads/${push.branch}`,
        before: push.before,
        after: push.after,
        repository: { html_url: repositoryUrl.replace(/\.git$/, ""), default_branch: "main" },
        commits: [{ added: [], removed: [], modified: push.files }],
    });
    const headers = {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-hub-signature-256": `sha256=${createHmac("sha256", targets.secret).update(body).digest("hex")}`,
    };
    const calls = targets.urls.map(async (url) => {
        const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) });
        if (!response.ok) throw new Error(`${url} answered ${response.status} ${await response.text()}`);
    });
    for (const result of await Promise.allSettled(calls)) {
        if (result.status === "rejected") console.error(`push not announced: ${String(result.reason)}`);
    }
}
