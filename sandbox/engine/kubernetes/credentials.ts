import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Props } from "../kit/types.ts";
import type { ExecPlugin, Kubeconfig } from "./kubeconfig.ts";
import { asProps, textAt } from "./object.ts";

/** A credential counts as expired this long before it is, so that no request is under way when it ends. */
const EXPIRY_MARGIN_MS = 30_000;
const PLUGIN_TIMEOUT_MS = 30_000;

/** What authenticates a request: a bearer token, a client certificate, or both. */
export interface Credential {
    token: string | undefined;
    certificate: Buffer | string | undefined;
    key: Buffer | string | undefined;
}

/** An exec plugin that gave no credential. */
export class CredentialError extends Error {}

/** Credentials of a kubeconfig's user. An exec plugin runs at first need and again once its token expires. */
export class Credentials {
    readonly #kubeconfig: Kubeconfig;
    #refused: Credential | undefined;
    #current: Promise<{ credential: Credential; expires: number }> | undefined;

    constructor(kubeconfig: Kubeconfig) {
        this.#kubeconfig = kubeconfig;
    }

    async get(): Promise<Credential> {
        const { exec, token, clientCertificate, clientKey } = this.#kubeconfig;
        if (exec === undefined) {
            return { token, certificate: clientCertificate, key: clientKey };
        }
        const running = this.#current;
        const cached = await running?.catch(() => undefined);
        const expired = (cached?.expires ?? 0) - EXPIRY_MARGIN_MS < Date.now();
        if (cached !== undefined && !expired && cached.credential !== this.#refused) {
            return cached.credential;
        }
        // Whoever waited for the same stale credential finds the next run already under way.
        const next = this.#current === running ? runPlugin(exec) : (this.#current ?? runPlugin(exec));
        this.#current = next;
        return (await next).credential;
    }

    /** The server refused this credential. True if an exec plugin may give another. */
    refuse(credential: Credential): boolean {
        this.#refused = credential;
        return this.#kubeconfig.exec !== undefined;
    }
}

/** Protocol: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
async function runPlugin(plugin: ExecPlugin): Promise<{ credential: Credential; expires: number }> {
    const { command, args, env, apiVersion } = plugin;
    const info = { kind: "ExecCredential", apiVersion, spec: { interactive: false } };
    const stdout = await promisify(execFile)(command, args, {
        env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
        timeout: PLUGIN_TIMEOUT_MS,
    }).then(
        (result) => result.stdout,
        (error: unknown) => {
            const failed = error as NodeJS.ErrnoException & { stderr?: string };
            const reason = failed.code === "ENOENT" ? "it is not on PATH" : lastLine(failed.stderr) || failed.message;
            throw new CredentialError(`the kubeconfig's credential plugin "${command}" failed: ${reason}`);
        },
    );
    const status = asProps(parseAnswer(stdout, command)["status"]) ?? {};
    const [token, certificate] = [textAt(status, "token"), textAt(status, "clientCertificateData")];
    if (token === "" && certificate === "") {
        throw new CredentialError(
            `the kubeconfig's credential plugin "${command}" answered no token and no certificate`,
        );
    }
    const expires = Date.parse(textAt(status, "expirationTimestamp"));
    return {
        credential: {
            token: token || undefined,
            certificate: certificate || undefined,
            key: textAt(status, "clientKeyData") || undefined,
        },
        expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires,
    };
}

function parseAnswer(stdout: string, command: string): Props {
    try {
        return JSON.parse(stdout) as Props;
    } catch {
        throw new CredentialError(`the kubeconfig's credential plugin "${command}" did not answer an ExecCredential`);
    }
}

function lastLine(text: string | undefined): string {
    return text?.trim().split("\n").at(-1) ?? "";
}
