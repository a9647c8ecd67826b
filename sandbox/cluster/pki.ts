import { generateKeyPair, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { writeFileAtomic } from "../process/atomic-file.ts";
import { issueCertificate } from "./x509.ts";

const generate = promisify(generateKeyPair);

/** Components with a static token; everyone else comes by service account or through the webhook. */
export const COMPONENTS = ["admin", "controller-manager", "scheduler", "kwok"] as const;
export type Component = (typeof COMPONENTS)[number];

/** User name, uid and groups of each component, as kube-apiserver's `--token-auth-file` wants them. */
const IDENTITIES: Record<Component, string> = {
    admin: `sandbox-admin,sandbox-admin,"system:masters"`,
    "controller-manager": "system:kube-controller-manager,controller-manager",
    scheduler: "system:kube-scheduler,scheduler",
    kwok: `kwok,kwok,"system:masters"`,
};

export interface Pki {
    dir: string;
    /** PEM. */
    ca: string;
    tokens: Record<Component, string>;
}

/**
 * Makes what is missing of a cluster's keys, certificates and tokens in `dir`:
 * ca.crt, server.{crt,key} (P-256, ten years), sa.{key,pub} (RSA, since consumers of service account tokens such as
 * Vault want RS256), tokens.csv.
 * @param serviceIp first address of the service CIDR, which in-cluster clients call.
 */
export async function ensurePki(dir: string, clusterName: string, serviceIp: string): Promise<Pki> {
    const file = (name: string) => path.join(dir, name);
    if (!existsSync(file("tokens.csv"))) {
        await Promise.all([makeServer(file, clusterName, serviceIp), makeServiceAccountKeys(file)]);
        const rows = COMPONENTS.map((c) => `${randomBytes(24).toString("base64url")},${IDENTITIES[c]}`);
        // Written last: its presence says that everything is there.
        writeFileAtomic(file("tokens.csv"), `${rows.join("\n")}\n`);
    }
    const rows = readFileSync(file("tokens.csv"), "utf8").split("\n");
    const token = (index: number) => rows[index]?.split(",")[0] ?? "";
    return {
        dir,
        ca: readFileSync(file("ca.crt"), "utf8"),
        tokens: { admin: token(0), "controller-manager": token(1), scheduler: token(2), kwok: token(3) },
    };
}

async function makeServer(file: (name: string) => string, clusterName: string, serviceIp: string): Promise<void> {
    const ca = await generate("ec", { namedCurve: "prime256v1" });
    const server = await generate("ec", { namedCurve: "prime256v1" });
    const issuer = { commonName: `${clusterName}-ca`, privateKey: ca.privateKey };
    const validity = {
        notBefore: new Date(Date.now() - 3_600_000),
        notAfter: new Date(Date.now() + 3650 * 86_400_000),
    };
    const names = ["127.0.0.1", serviceIp, "localhost", "kubernetes.default.svc", "kubernetes.default"];
    writeFileAtomic(
        file("ca.crt"),
        issueCertificate({
            ...validity,
            commonName: issuer.commonName,
            publicKey: ca.publicKey,
            issuer,
            usage: { kind: "ca" },
        }),
    );
    writeFileAtomic(
        file("server.crt"),
        issueCertificate({
            ...validity,
            commonName: "kube-apiserver",
            publicKey: server.publicKey,
            issuer,
            usage: { kind: "server", names },
        }),
    );
    writeFileAtomic(file("server.key"), server.privateKey.export({ type: "pkcs8", format: "pem" }));
}

async function makeServiceAccountKeys(file: (name: string) => string): Promise<void> {
    const { privateKey, publicKey } = await generate("rsa", {
        modulusLength: 2048,
        publicKeyEncoding: { type: "spki", format: "pem" },
        privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    writeFileAtomic(file("sa.key"), privateKey);
    writeFileAtomic(file("sa.pub"), publicKey);
}
