import { randomBytes, randomInt } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** A session of an assumed role and the credentials issued for it. */
export interface IssuedSession {
    /** `ASIA…`. */
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken: string;
    /** ISO 8601. */
    issuedAt: string;
    expiration: string;
    roleArn: string;
    /** Unique id of the role when it was assumed; a recreated role ends its sessions. */
    roleId: string;
    sessionName: string;
    /** Session tags, those inherited from a chained session included. */
    tags: Record<string, string>;
    /** Keys of `tags` that the next role in a chain inherits. */
    transitiveTagKeys: string[];
}

export interface CredentialStoreOptions {
    /** Written with mode 0600, so that a restart of the daemon does not break running controllers. Absent: memory only. */
    file?: string;
    clock: () => Date;
}

/** How long an expired session is remembered, to answer ExpiredToken and not "invalid". */
const REMEMBER_MS = 60 * 60 * 1000;

/** The credentials that the twin has issued. */
export class CredentialStore {
    readonly #options: CredentialStoreOptions;
    readonly #sessions = new Map<string, IssuedSession>();

    constructor(options: CredentialStoreOptions) {
        this.#options = options;
        if (options.file === undefined || !existsSync(options.file)) return;
        const sessions: IssuedSession[] = JSON.parse(readFileSync(options.file, "utf8"));
        for (const session of sessions) this.#sessions.set(session.accessKeyId, session);
    }

    /** Makes credentials for a session that lasts `seconds`. */
    issue(
        session: Pick<IssuedSession, "roleArn" | "roleId" | "sessionName" | "tags" | "transitiveTagKeys">,
        seconds: number,
    ): IssuedSession {
        const now = this.#options.clock();
        const issued: IssuedSession = {
            ...session,
            accessKeyId: `ASIA${randomId(16)}`,
            secretAccessKey: randomBytes(30).toString("base64"),
            sessionToken: randomBytes(96).toString("base64"),
            issuedAt: now.toISOString(),
            expiration: new Date(now.getTime() + seconds * 1000).toISOString(),
        };
        this.#sessions.set(issued.accessKeyId, issued);
        for (const [key, { expiration }] of this.#sessions) {
            if (Date.parse(expiration) + REMEMBER_MS < now.getTime()) this.#sessions.delete(key);
        }
        this.#save();
        return issued;
    }

    /** The session of an access key, expired or not. */
    find(accessKeyId: string): IssuedSession | undefined {
        return this.#sessions.get(accessKeyId);
    }

    #save(): void {
        const { file } = this.#options;
        if (file === undefined) return;
        writeFileSync(`${file}.new`, JSON.stringify([...this.#sessions.values()]), { mode: 0o600 });
        renameSync(`${file}.new`, file);
    }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function randomId(length: number): string {
    return Array.from({ length }, () => BASE32.charAt(randomInt(BASE32.length))).join("");
}
