import type { CheckFailure, Props, Value } from "../kit/types.ts";
import { UNKNOWN } from "../kit/types.ts";
import type { VaultAddress } from "./client.ts";

const TEXTS = ["address", "namespace", "token", "tokenName", "vaultVersionOverride"];
const NUMBERS = ["maxLeaseTtlSeconds", "maxRetries"];
const BOOLEANS = ["skipChildToken", "skipGetVaultVersion", "skipTlsVerify"];
/** Inputs of the official provider that this one does not follow. */
const REFUSED = [
    ..."addAddressToEnv authLogin authLoginAws authLoginAzure authLoginCert authLoginGcp authLoginJwt".split(" "),
    ..."authLoginKerberos authLoginOci authLoginOidc authLoginRadius authLoginTokenFile authLoginUserpass".split(" "),
    ..."caCertDir caCertFile clientAuth headers maxRetriesCcc setNamespaceFromToken tlsServerName".split(" "),
];

/** Every problem of the provider's inputs, as the SDK's ProviderArgs (7.8.0) declares them. */
export function checkSettings(config: Props): CheckFailure[] {
    const failures = Object.entries(config).flatMap(([key, value]) => checkOne(key, value));
    return [
        ...failures,
        ...missing(config, "address", "VAULT_ADDR"),
        ...missing(config, "token", "VAULT_TOKEN"),
        ...checkAddress(config["address"] ?? process.env["VAULT_ADDR"] ?? null),
    ];
}

export function toAddress(config: Props): VaultAddress {
    return {
        address: (text(config["address"]) ?? process.env["VAULT_ADDR"] ?? "").replace(/\/+$/, ""),
        token: text(config["token"]) ?? process.env["VAULT_TOKEN"] ?? "",
        namespace: text(config["namespace"]) ?? text(process.env["VAULT_NAMESPACE"]),
        skipChildToken: String(text(config["skipChildToken"]) ?? config["skipChildToken"] === true) === "true",
        tokenName: text(config["tokenName"]) ?? "terraform",
        maxLeaseTtlSeconds: number(config["maxLeaseTtlSeconds"], 1200),
        maxRetries: number(config["maxRetries"], 2),
    };
}

function checkOne(property: string, value: Value): CheckFailure[] {
    if (value === UNKNOWN || value === null) {
        return [];
    }
    const fail = (reason: string): CheckFailure[] => [{ property, reason }];
    if (REFUSED.includes(property)) {
        return fail(`"${property}" is not supported by the sandbox's vault provider`);
    }
    if (TEXTS.includes(property)) {
        return typeof value === "string" ? [] : fail(`"${property}" must be a string`);
    }
    if (NUMBERS.includes(property)) {
        return Number.isNaN(number(value, Number.NaN)) ? fail(`"${property}" must be a number`) : [];
    }
    if (BOOLEANS.includes(property)) {
        const isBoolean = value === true || value === false || value === "true" || value === "false";
        const skipsTls = property === "skipTlsVerify" && (value === true || value === "true");
        return skipsTls
            ? fail("the sandbox's vault provider always verifies certificates; remove skipTlsVerify")
            : isBoolean
              ? []
              : fail(`"${property}" must be true or false`);
    }
    const known = [...TEXTS, ...NUMBERS, ...BOOLEANS].toSorted().join(", ");
    return fail(`"${property}" is not an input of the vault provider; supported: ${known}`);
}

function missing(config: Props, property: string, variable: string): CheckFailure[] {
    const given = config[property] === UNKNOWN || text(config[property]) !== undefined || text(process.env[variable]);
    return given ? [] : [{ property, reason: `"${property}" is needed: set it on the provider or as ${variable}` }];
}

function checkAddress(address: Value): CheckFailure[] {
    const wrong = typeof address === "string" && address !== "" && !/^https?:\/\/[^/]+\/*$/.test(address);
    return wrong
        ? [{ property: "address", reason: "the address must be a URL such as https://vault.example.org:8200" }]
        : [];
}

function text(value: Value | undefined): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

/** Numbers of a provider arrive as text. */
function number(value: Value | undefined, fallback: number): number {
    const given = typeof value === "string" && value !== "" ? Number(value) : value;
    return typeof given === "number" ? given : fallback;
}
