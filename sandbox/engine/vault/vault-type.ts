import type { Props } from "../kit/types.ts";
import type { VaultClient } from "./client.ts";
import type { Inputs } from "./shapes.ts";

/** One resource type of the vault package. Inputs are checked, ids are those of the official provider. */
export interface VaultType {
    inputs: Inputs;
    /** Outputs that only Vault knows. */
    computed: readonly string[];
    /** Input that gets a generated name when the program gives none. */
    autoname?: string;
    /** More to check than types, with all values known. */
    check?(inputs: Props): { property: string; reason: string }[];
    id(inputs: Props): string;
    create(client: VaultClient, inputs: Props, signal: AbortSignal): Promise<void>;
    update(client: VaultClient, inputs: Props, oldInputs: Props, signal: AbortSignal): Promise<void>;
    /** Live properties; undefined: gone. `inputs` are empty on import. */
    read(client: VaultClient, id: string, inputs: Props, signal: AbortSignal): Promise<Props | undefined>;
    /** Inputs of a resource that is imported, from its live properties. */
    imported(outputs: Props): Props;
    delete(client: VaultClient, id: string, inputs: Props, signal: AbortSignal): Promise<void>;
}

export function text(props: Props, key: string, fallback = ""): string {
    const value = props[key];
    return typeof value === "string" && value !== "" ? value : fallback;
}

export function trimSlashes(path: string): string {
    return path.replaceAll(/^\/+|\/+$/g, "");
}

/** A copy without keys whose value is undefined, null, "" or false: what a program would not write. */
export function withoutEmpty(props: Props): Props {
    const kept = Object.entries(props).filter(
        ([, value]) => value !== undefined && value !== null && value !== "" && value !== false && value !== 0,
    );
    return Object.fromEntries(kept.filter(([, value]) => !Array.isArray(value) || value.length > 0));
}

/** Seconds of a Go duration such as "1h30m". */
export function durationSeconds(duration: string): number {
    const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
    const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
    return parts.reduce((sum, [, amount, unit = "s"]) => sum + Number(amount) * (units[unit] ?? 1), 0);
}
