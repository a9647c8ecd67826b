import { readFile } from "node:fs/promises";
import { parse } from "yaml";

import fleet from "../../index.ts";
import { plannedAnswers } from "./computed.ts";
import { runProgram, type ProgramRun } from "./program.ts";

/** Values of a stack's file, full keys as they stand there: `fleet:role`, `fleet:network`, … */
export type StackConfig = Readonly<Record<string, unknown>>;

/** What {@link runStack} may be told besides the configuration. */
export interface RunStackOptions {
    /** Outputs of the hub's stack, for a spoke. */
    hubOutputs?: Readonly<Record<string, unknown>>;
    /** Outputs of the stack's own last deployment. @default none: it has not been deployed */
    lastOutputs?: Readonly<Record<string, unknown>>;
    /** Folder of a `Pulumi.yaml`, whose other stacks this one is compared with. @default this repository */
    root?: string;
    /** As the first `pulumi preview`: what is computed is unknown. @default false */
    preview?: boolean;
    /** What an encrypted value of the stack's file is. Only the engine can tell. @default a stand-in for each */
    decrypt?: (ciphertext: string) => string;
}

/** The `config` of a committed `Pulumi.<stack>.yaml`. */
export async function readStackFile(stack: string): Promise<StackConfig> {
    const file = new URL(`../../Pulumi.${stack}.yaml`, import.meta.url);
    return (parse(await readFile(file, "utf8")) as { config: StackConfig }).config;
}

/**
 * Runs the fleet's program for one stack in this process: no engine, no provider, no network. Runs must not overlap,
 * because Pulumi's runtime is global.
 *
 * @returns every resource with its inputs and options, and the stack's outputs
 * @throws what the program throws, such as `ConfigError`
 */
export function runStack(stack: string, config: StackConfig, options: RunStackOptions = {}): Promise<ProgramRun> {
    const account = config["fleet:account"] as { id?: unknown } | undefined;
    const hub = config["fleet:hub"] as { stack?: unknown } | undefined;
    const place = { accountId: String(account?.id), region: String(config["fleet:region"]) };
    const references = {
        ...(options.hubOutputs !== undefined && { [String(hub?.stack)]: options.hubOutputs }),
        ...(options.lastOutputs !== undefined && { [`organization/fleet/${stack}`]: options.lastOutputs }),
    };
    return runProgram(fleet, {
        stack,
        config: Object.fromEntries(
            Object.entries(config).map(([key, value]) => [
                key,
                options.decrypt === undefined
                    ? handedOver(standIn(config, key) ?? value, () => "encrypted")
                    : handedOver(value, options.decrypt),
            ]),
        ),
        secretKeys: Object.keys(config).filter((key) => holdsSecret(config[key])),
        answers: plannedAnswers(place, references),
        ...(options.root !== undefined && { root: options.root }),
        preview: options.preview ?? false,
    });
}

/** For an encrypted value that the program looks into: something of its shape. */
function standIn(config: StackConfig, key: string): string | undefined {
    if (key !== "fleet:kubeconfig" || !isEncrypted(config[key])) {
        return undefined;
    }
    const cluster = config["fleet:cluster"] as { existing?: { context?: unknown } | null } | undefined;
    const context = cluster?.existing?.context ?? "encrypted";
    const name = "encrypted";
    return JSON.stringify({
        "current-context": context,
        clusters: [
            { name, cluster: { server: "https://kubernetes.invalid", "certificate-authority-data": "bm9uZQ==" } },
        ],
        contexts: [{ name: context, context: { cluster: name, user: name } }],
        users: [{ name, user: { token: "encrypted" } }],
    });
}

/** Pulumi hands text over as it is and everything else as JSON. */
function handedOver(value: unknown, decrypt: (ciphertext: string) => string): string {
    const plain = decrypted(value, decrypt);
    return typeof plain === "string" ? plain : JSON.stringify(plain);
}

/** What stands in a stack's file for an encrypted value: `{ secure: <ciphertext> }`. */
function isEncrypted(value: unknown): value is { secure: string } {
    return typeof value === "object" && value !== null && Object.keys(value).join() === "secure";
}

function holdsSecret(value: unknown): boolean {
    return (
        isEncrypted(value) ||
        (typeof value === "object" && value !== null && Object.values(value).some((item) => holdsSecret(item)))
    );
}

function decrypted(value: unknown, decrypt: (ciphertext: string) => string): unknown {
    if (isEncrypted(value)) {
        return decrypt(value.secure);
    }
    if (Array.isArray(value)) {
        return value.map((item) => decrypted(item, decrypt));
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decrypted(item, decrypt)]))
        : value;
}
