/** How the engine marks a value that is secret (`resource.SecretSig` in github.com/pulumi/pulumi). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A shorter text would turn up by chance in every message. */
const shortest = 3;

/** The texts in properties that are marked secret: whole, and what JSON and ARNs among them are made of. */
export function secretsIn(value: unknown): string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const marked = value as Record<string, unknown>;
    return marked[signatureKey] === secretSignature
        ? textsIn(marked["value"])
        : Object.values(marked).flatMap((item) => secretsIn(item));
}

function textsIn(value: unknown): string[] {
    if (typeof value === "number") {
        return [String(value)].filter((text) => text.length >= shortest);
    }
    if (typeof value === "object" && value !== null) {
        return Object.values(value).flatMap((item) => textsIn(item));
    }
    if (typeof value !== "string" || value.length < shortest) {
        return [];
    }
    const parts = value.split(/[:/]/).filter((part) => part.length >= 6);
    return [value, ...parts, ...textsIn(fromJson(value))];
}

function fromJson(text: string): unknown {
    try {
        const parsed: unknown = JSON.parse(text);
        return typeof parsed === "object" ? parsed : undefined;
    } catch {
        return undefined;
    }
}

/** A message without the secrets it repeats, longest first, also as JSON writes them. */
export function redact(message: string, secrets: readonly string[]): string {
    const written = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
    return [...new Set(written)]
        .toSorted((a, b) => b.length - a.length)
        .reduce((text, secret) => text.replaceAll(secret, "[secret]"), message);
}
