import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

import { hardeningProblems } from "./argocd-hardening.ts";
import { readArgocdValues } from "./argocd-values.ts";
import { ConfigError, type Problem, shown } from "./problems.ts";
import type { HubConfig } from "./schema/index.ts";

/** Where the chart comes from unless the stack says otherwise. */
const upstream = "https://argoproj.github.io/argo-helm";

/**
 * How a hub gets its Argo CD: the stack's own keys, and for a Helm release the chart and what Git says of its values.
 *
 * @throws {ConfigError} with every problem of the value files and of a chart's folder, before any resource exists
 */
export function argocdInstall(stack: string, config: HubConfig) {
    const { argocd } = config;
    if (argocd.install === "existing") {
        return { install: "existing" as const };
    }
    if (argocd.install === "capability" && argocd.capability !== undefined) {
        return { install: "capability" as const, ...argocd.capability };
    }
    const { values, problems } = readArgocdValues(config.git.path, config.cluster.name);
    const chart = chartLocation(config);
    problems.push(
        ...hardeningProblems(values, {
            file: `${config.git.path}/bootstrap/argocd`,
            environment: config.environment,
            hasSsoClientSecret: argocd.ssoClientSecret !== undefined,
        }),
        ...folderProblems(config),
    );
    if (problems.length > 0) {
        throw new ConfigError(stack, problems);
    }
    return { install: "helm" as const, chart, values, ssoClientSecret: argocd.ssoClientSecret };
}

function chartLocation({ argocd, chartMirror }: HubConfig) {
    const { path, repository, version = "" } = argocd.chart ?? {};
    return path === undefined
        ? { repository: chartMirror ?? repository ?? upstream, version }
        : { path: fileURLToPath(folderOf(path)), version };
}

/** E-CHT-004: a folder that is not the chart at the version asked for. */
function folderProblems({ argocd }: HubConfig): Problem[] {
    const { path, version } = argocd.chart ?? {};
    if (path === undefined) {
        return [];
    }
    const file = new URL("Chart.yaml", folderOf(path));
    const chart = existsSync(file) ? (parse(readFileSync(file, "utf8")) as Record<string, unknown> | null) : null;
    if (chart?.name === "argo-cd" && chart.version === version) {
        return [];
    }
    const got = chart === null ? "no Chart.yaml" : `${shown(chart.name)} ${shown(chart.version)}`;
    const text = `not the chart argo-cd ${version} (got ${got}). Fix: \`helm pull --untar\` it there, or correct the version.`;
    return [{ code: "E-CHT-004", key: "fleet:argocd.chart.path", text }];
}

function folderOf(path: string): URL {
    return new URL(`../${path}/`, import.meta.url);
}
