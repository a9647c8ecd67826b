import * as pulumi from "@pulumi/pulumi";

const namespace = "fleet:";

/** Documents of their own, which may be JSON: they stay text, for whoever reads them. */
const documents = ["fleet:kubeconfig"];

/**
 * The `fleet:` keys of the running stack, without their namespace. Pulumi hands lists and maps over as JSON, and a
 * key's own true or false as text; they come back as values, so that a number in a map is still a number.
 */
export function readStackConfig(): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(pulumi.runtime.allConfig())
            .filter(([key]) => key.startsWith(namespace))
            .map(([key, value]) => [key.slice(namespace.length), documents.includes(key) ? value : structured(value)]),
    );
}

/**
 * Which of those keys are encrypted in the stack's file, without their namespace. One encrypted value inside a map
 * makes the whole key secret: Pulumi hands the map over in one piece.
 */
export function readSecretKeys(): ReadonlySet<string> {
    // Exported, but left out of the type definitions; @pulumi/pulumi is pinned to an exact version.
    const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
    return new Set(
        Object.keys(pulumi.runtime.allConfig())
            .filter((key) => key.startsWith(namespace) && runtime.isConfigSecret(key))
            .map((key) => key.slice(namespace.length)),
    );
}

/** A key's value from the text that Pulumi hands over. */
export function structured(value: string): unknown {
    if (!/^\s*[[{]|^(true|false)$/.test(value)) {
        return value;
    }
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}
