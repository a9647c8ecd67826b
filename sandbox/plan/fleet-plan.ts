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
    const plans = new Map<string, StackPlan>();
    const failures: StackFailure[] = [];
    const attempt = async (stack: StackToPlan, run: () => Promise<ProgramRun>) => {
        onStack(stack.name);
        await run().then(
            (done) => plans.set(stack.name, { ...stack, run: done }),
            (error: unknown) => failures.push({ stack: stack.name, error }),
        );
    };

    const hubs = stacks.filter(isHub);
    const spokes = stacks.filter((stack) => !isHub(stack));
    const hubOutputs = new Map<string, Record<string, unknown>>();
    for (const hub of hubs) {
        await attempt(hub, async () => {
            const preview = await runStack(hub.name, hub.config, { preview: true });
            if (spokes.length > 0) {
                hubOutputs.set(reference(hub.name), (await runStack(hub.name, hub.config)).outputs);
            }
            return preview;
        });
    }
    const failedHubs = failures.map(({ stack }) => reference(stack));
    for (const spoke of spokes) {
        const outputs = hubOutputs.get(hubOf(spoke));
        await attempt(spoke, async () => {
            if (outputs !== undefined) {
                return runStack(spoke.name, spoke.config, { preview: true, hubOutputs: outputs });
            }
            // Without its hub the program fails in any case. Problems of its configuration are reported before that.
            const error: unknown = await runStack(spoke.name, spoke.config, { preview: true }).catch(
                (thrown) => thrown,
            );
            throw error instanceof ConfigError ? error : new MissingHubError(spoke, hubs);
        });
    }
    return {
        plans: stacks.flatMap(({ name }) => plans.get(name) ?? []),
        failures: failures.filter(
            ({ error }) => !(error instanceof MissingHubError && failedHubs.includes(error.reference)),
        ),
    };
}

/** A spoke names a hub whose outputs there are not. */
class MissingHubError extends Error {
    readonly reference: string;

    constructor(spoke: StackToPlan, hubs: readonly StackToPlan[]) {
        const known = hubs.map(({ name }) => reference(name)).join(", ") || "none";
        super(
            `Pulumi.${spoke.name}.yaml names ${hubOf(spoke)} as its hub, which is not among these stacks. ` +
                `Fix: set fleet:hub.stack to a hub's (there are: ${known}).`,
        );
        this.reference = hubOf(spoke);
    }
}

/** How a stack is named in a stack reference. */
export function reference(stack: string): string {
    return `organization/fleet/${stack}`;
}

/** The stack a spoke registers with: `<organization>/<project>/<stack>`; "" when its file does not say. */
export function hubOf({ config }: StackToPlan): string {
    const hub = config["fleet:hub"] as { stack?: unknown } | null | undefined;
    return typeof hub?.stack === "string" ? hub.stack : "";
}

export function isHub({ config }: StackToPlan): boolean {
    return config["fleet:role"] === "hub";
}
