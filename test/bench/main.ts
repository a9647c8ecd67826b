/** `npm run bench`: what the components cost. A preview of prod against a flat program with the same resources. */
import { availableParallelism, loadavg } from "node:os";
import { Command } from "commander";

import { contractTable } from "../../contract/table.ts";
import { readStackFile, runStack } from "../../sandbox/plan/runner.ts";
import { flatProgram } from "./flat-program.ts";
import { Workshop, type Program } from "./workshop.ts";

/** The limit. */
const limit = 1.15;

const { json, rounds } = new Command("npm run bench --")
    .description("Times `pulumi preview` of prod against a flat program with the same resources, in turns.")
    .option("--json", "as JSON")
    .option("--rounds <n>", "previews of each", (text) => Number.parseInt(text, 10), 9)
    .allowExcessArguments(false)
    .parse()
    .opts<{ json?: true; rounds: number }>();

const hubConfig = await readStackFile("hub");
const prodConfig = await readStackFile("prod");
const { outputs: hubOutputs } = await runStack("hub", hubConfig);
const { resources } = await runStack("prod", prodConfig, { hubOutputs, preview: true });

const workshop = await Workshop.open();
try {
    const hub = await workshop.single("hub", "hub", `export default () => (${JSON.stringify(hubOutputs)});\n`);
    await workshop.pulumi(hub, "up", "--yes", "--skip-preview");
    const read = contractTable().flatMap(({ document, key }) => (document === "hub-outputs" ? [key] : []));
    const flat = await workshop.single("flat", "flat", flatProgram(resources, "organization/fleet/hub", read));
    const product = await workshop.product("prod", { hub: hubConfig, prod: prodConfig });

    const counts = [await created(product), await created(flat)];
    if (counts[0] !== counts[1]) {
        throw new Error(`not the same resources: ${counts.join(" and ")} without components`);
    }
    const pairs: { product: number; flat: number }[] = [];
    for (let round = 0; round < rounds; round++) {
        // Who goes first changes, so that a trend on the machine favours nobody.
        const first = round % 2 === 0 ? await timed(product) : await timed(flat);
        const second = round % 2 === 0 ? await timed(flat) : await timed(product);
        pairs.push(round % 2 === 0 ? { product: first, flat: second } : { product: second, flat: first });
    }
    const report = {
        resources: counts[0],
        rounds,
        seconds: { product: median(pairs.map((pair) => pair.product)), flat: median(pairs.map((pair) => pair.flat)) },
        ratio: median(pairs.map((pair) => pair.product / pair.flat)),
        limit,
        load: loadavg()[0],
        cores: availableParallelism(),
    };
    const { product: ours, flat: theirs } = report.seconds;
    process.stdout.write(
        json === true
            ? `${JSON.stringify({ ...report, pairs }, null, 4)}\n`
            : `preview of prod, ${counts[0]} resources, ${rounds} times each, in turns: ${ours.toFixed(2)} s; ` +
                  `flat program: ${theirs.toFixed(2)} s; median ratio ${report.ratio.toFixed(3)} (limit ${limit})\n`,
    );
    process.exitCode = report.ratio <= limit ? 0 : 1;
} finally {
    await workshop.close();
}

/** How many resources a preview creates besides components and the stack. */
async function created(program: Program): Promise<number> {
    const { steps } = JSON.parse(await workshop.pulumi(program, "preview", "--json")) as {
        steps: { op: string; urn: string }[];
    };
    const types = steps.map(({ urn }) => urn.split("::")[2]?.split("$").at(-1) ?? "");
    return types.filter((type) => !type.startsWith("fleet:") && type !== "pulumi:pulumi:Stack").length;
}

/** Seconds that a preview takes. */
async function timed(program: Program): Promise<number> {
    const start = performance.now();
    await workshop.pulumi(program, "preview");
    return (performance.now() - start) / 1000;
}

function median(numbers: readonly number[]): number {
    const sorted = numbers.toSorted((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
