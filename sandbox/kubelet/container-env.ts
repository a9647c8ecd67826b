import type { Objects } from "./objects.ts";
import { podField, type Container, type EnvVar, type Pod } from "./pod.ts";

/**
 * Replaces `$(NAME)` by the variable's value; a name without a value stays as it is, `$$` is an escaped `$`.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
    return text.replace(/\$\$|\$\(([^()]+)\)/g, (whole, name: string | undefined) =>
        whole === "$$" ? "$" : (variables[name ?? ""] ?? whole),
    );
}

/** The environment that a container asks for: `envFrom`, then `env` in order, each seeing the ones before it. */
export async function containerEnv(pod: Pod, container: Container, objects: Objects): Promise<Record<string, string>> {
    const env: Record<string, string> = {};
    for (const source of container.envFrom ?? []) {
        const reference = source.configMapRef ?? source.secretRef;
        if (reference !== undefined) {
            const kind = source.configMapRef === undefined ? "secret" : "configmap";
            const data = (await objects.data(kind, reference.name, reference.optional)) ?? {};
            for (const [key, value] of Object.entries(data)) {
                env[`${source.prefix ?? ""}${key}`] = value.toString("utf8");
            }
        }
    }
    for (const variable of container.env ?? []) {
        const value = await resolve(pod, variable, objects, env);
        if (value !== undefined) {
            env[variable.name] = value;
        }
    }
    return env;
}

async function resolve(
    pod: Pod,
    variable: EnvVar,
    objects: Objects,
    env: Record<string, string>,
): Promise<string | undefined> {
    const from = variable.valueFrom;
    if (from === undefined) {
        return expand(variable.value ?? "", env);
    }
    if (from.configMapKeyRef !== undefined) {
        return objects.value("configmap", from.configMapKeyRef);
    }
    if (from.secretKeyRef !== undefined) {
        return objects.value("secret", from.secretKeyRef);
    }
    if (from.fieldRef !== undefined) {
        return podField(pod, from.fieldRef.fieldPath);
    }
    throw new Error(
        `variable ${variable.name} comes from ${Object.keys(from).join(", ")}, which the sandbox does not resolve; ` +
            `it resolves configMapKeyRef, secretKeyRef and fieldRef`,
    );
}
