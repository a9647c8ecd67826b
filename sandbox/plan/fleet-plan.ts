import { ConfigError } from "../../config/problems.ts";
import type { ProgramRun } from "./program.ts";
import { runStack, type StackConfig } from "./runner.ts";

/** A stack and the `config` of its file. */
export interface StackToPlan {
    name: string;
    config: StackConfig;
}

/** What a stack's first preview would show. */
export interface StackPlan extends StackToPlan {
    run: ProgramRun;
}

/** A stack whose program failed. */
export interface StackFailure {
    stack: string;
    error: unknown;
}

/**
 * Runs the program of every stack in this process, hubs first: a spoke reads the outputs its hub would have after
 * its deployment. Values that only AWS can give are stand-ins there, and unknown in the plan itself.
 *
 * @param onStack called before a stack runs
 */
export async function planFleet(
    stacks: readonly StackToPlan[],
    onStack: (name: string) => void = () => {},
): Promise<{ plans: StackPlan[]; failures: StackFailure[] }> {
    const plans: StackPlan[] = [];
    const failures: StackFailure[] = [];
    const hubOutputs = new Map<string, Record<string, unknown>>();
    const attempt = async (stack: StackToPlan, run: () => Promise<ProgramRun>) => {
        onStack(stack.name);
        await run().then(
            (done) => plans.push({ ...stack, run: done }),
            (error: unknown) => failures.push({ stack: stack.name, error }),
        );
    };

    const hubs = stacks.filter(isHub);
    const spokes = stacks.filter((stack) => !isHub(stack));
    for (const hub of hubs) {
        await attempt(hub, async () => {
            const preview = await runStack(hub.name, hub.config, { preview: true });
            if (spokes.length > 0) {
                const deployed = await runStack(hub.name, hub.config);
                hubOutputs.set(`organization/fleet/${hub.name}`, deployed.outputs);
            }
            return preview;
        });
    }
    const hubsFailed = failures.length > 0;
    for (const spoke of spokes) {
        const outputs = hubOutputs.get(hubOf(spoke));
        const options = { preview: true, ...(outputs && { hubOutputs: outputs }) };
        await attempt(spoke, () => runStack(spoke.name, spoke.config, options));
    }
    return {
        plans: stacks.flatMap((stack) => plans.filter(({ name }) => name === stack.name)),
        // That a spoke lacks the outputs of a hub which failed is no news. What its own file gets wrong is.
        failures: failures.filter(
            ({ stack, error }) =>
                !hubsFailed || error instanceof ConfigError || hubs.some(({ name }) => name === stack),
        ),
    };
}

/** The stack a spoke registers with: `<organization>/<project>/<stack>`; "" when its file does not say. */
export function hubOf({ config }: StackToPlan): string {
    const hub = config["fleet:hub"] as { stack?: unknown } | null | undefined;
    return typeof hub?.stack === "string" ? hub.stack : "";
}

export function isHub({ config }: StackToPlan): boolean {
    return config["fleet:role"] === "hub";
}
