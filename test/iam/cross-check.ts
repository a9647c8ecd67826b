/**
 * Compares the sandbox's policy evaluator with \@cloud-copilot/iam-simulate on generated requests.
 * Usage: node --import tsx test/iam/cross-check.ts [count] [seed]
 *
 * Left out of the generated policies, because iam-simulate differs there from AWS's documentation, which we follow:
 * - 0.0.0.0/0 in IpAddress, which it takes to hold no address
 * - NotIpAddress with an IPv6 range and an IPv4 address: it says that it does not hold
 * - ForAnyValue:…IfExists on an absent key: it ignores the IfExists
 * - a negated operator whose policy variable has no value: AWS says that it holds
 * Unit tests cover them. secretsmanager:ResourceTag/*, which it cannot take, is aws:ResourceTag/* here.
 *
 * iam-simulate is AGPL-3.0 and therefore no dependency: it is installed into the user's cache when this script runs.
 * `--write` records its verdicts in cross-check.golden.json, with which `npm test` compares without it.
 */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { evaluate } from "../../sandbox/aws-twin/iam/evaluate.ts";
import { type Case, generateCases, toRequest } from "./cases.ts";
import { verdictOf } from "./verdict.ts";

const PACKAGE = "@cloud-copilot/iam-simulate";
const VERSION = "0.1.173";
const GOLDEN = path.join(import.meta.dirname, "cross-check.golden.json");

interface SimulationResult {
    resultType: "single" | "error" | "wildcard";
    overallResult?: "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied";
    result?: { ignoredContextKeys?: string[] };
    errors?: unknown;
}

interface Simulator {
    runSimulation(simulation: unknown, options: unknown): Promise<SimulationResult>;
}

async function install(): Promise<Simulator> {
    const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
    const folder = path.join(cache, "gitops-fleet", "iam-simulate", VERSION);
    const entry = path.join(folder, "node_modules", PACKAGE, "dist", "esm", "index.js");
    await mkdir(folder, { recursive: true });
    const flags = "--no-save --no-audit --no-fund --ignore-scripts".split(" ");
    await promisify(execFile)("npm", ["install", "--prefix", folder, ...flags, `${PACKAGE}@${VERSION}`]);
    const simulator: Simulator = await import(pathToFileURL(entry).href);
    return simulator;
}

/** iam-simulate ignores `kms:EncryptionContext:<k>`; a request tag of another name stands in for it. */
function withoutEncryptionContext<T>(value: T): T {
    return JSON.parse(JSON.stringify(value).replaceAll("kms:EncryptionContext:", "aws:RequestTag/kms-ec-"));
}

async function simulate(simulator: Simulator, each: Case): Promise<SimulationResult> {
    const { caller, sessionName, action, resource, identity, boundary, resourcePolicy, context } =
        withoutEncryptionContext(each);
    const [, , , , account, role = ""] = caller.split(":");
    const session = `arn:aws:sts::${account}:assumed-role/${role.replace("role/", "")}/${sessionName}`;
    return simulator.runSimulation(
        {
            request: {
                principal: caller.startsWith("arn:") ? session : caller,
                action,
                resource: { resource: resource.arn, accountId: resource.accountId },
                contextVariables: context,
            },
            identityPolicies: identity.map((policy, index) => ({ name: `policy-${index}`, policy })),
            serviceControlPolicies: [],
            resourceControlPolicies: [],
            ...(boundary ? { permissionBoundaryPolicies: [{ name: "boundary", policy: boundary }] } : {}),
            ...(resourcePolicy ? { resourcePolicy } : {}),
        },
        {},
    );
}

const numbers = process.argv.slice(2).filter((argument) => /^\d+$/.test(argument));
const [count = 1000, seed = 1] = numbers.map(Number);
const installed = await install();
let agreed = 0;
let verdicts = "";
const tally = new Map<string, number>();
for (const each of generateCases(seed, count)) {
    const { resultType, overallResult, result, errors } = await simulate(installed, each);
    if (resultType !== "single" || (result?.ignoredContextKeys?.length ?? 0) > 0) {
        const why = errors ?? { resultType, ignored: result?.ignoredContextKeys };
        throw new Error(`iam-simulate cannot decide case ${each.id}: ${JSON.stringify(why)}\n${JSON.stringify(each)}`);
    }
    const theirs = { Allowed: "A", ExplicitlyDenied: "D", ImplicitlyDenied: "-" }[overallResult ?? "ImplicitlyDenied"];
    const ours = verdictOf(evaluate(toRequest(each)));
    verdicts += theirs;
    tally.set(theirs, (tally.get(theirs) ?? 0) + 1);
    if (ours === theirs) agreed += 1;
    else console.log(`case ${each.id}: ours ${ours}, iam-simulate ${theirs}\n${JSON.stringify(each, undefined, 1)}`);
}
if (process.argv.includes("--write")) await writeFile(GOLDEN, `${JSON.stringify({ seed, count, verdicts })}\n`);
const kinds = `allowed ${tally.get("A") ?? 0}, explicitly denied ${tally.get("D") ?? 0}, not allowed ${tally.get("-") ?? 0}`;
console.log(`${agreed} of ${count} agreed (seed ${seed}; ${kinds})`);
process.exitCode = agreed === count ? 0 : 1;
