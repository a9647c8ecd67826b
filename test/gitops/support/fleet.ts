import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";

import type { FleetMember } from "../../../contract/fleet-member.ts";
import { rootValues } from "./facts.ts";
import { execute } from "./go-template.ts";
import { at, gitops, helm, type KubernetesObject, only, repository, yamlFile } from "./render.ts";

/** One file of gitops/fleet/members/<hub>. */
export interface MemberFile {
    hub: string;
    /** Name of the file. */
    file: string;
    member: FleetMember;
}

/** A cluster secret as a cluster generator sees it. */
export interface ClusterSecret {
    name: string;
    server: string;
    metadata: { labels: Record<string, string>; annotations: Record<string, string> };
}

interface HelmSource {
    path: string;
    helm: { releaseName?: string; valueFiles?: string[]; values?: string; valuesObject?: Record<string, unknown> };
}

/** Every member file of every hub. */
export async function memberFiles(): Promise<MemberFile[]> {
    const found: MemberFile[] = [];
    for (const hub of await readdir(path.join(gitops, "fleet/members"))) {
        for (const file of await readdir(path.join(gitops, "fleet/members", hub))) {
            found.push({ hub, file, member: await yamlFile<FleetMember>(`fleet/members/${hub}/${file}`) });
        }
    }
    return found;
}

/** The chart fleet, as the bootstrap's Application renders it for a hub. */
export async function fleetChart(hub: string, changes: Record<string, string> = {}): Promise<KubernetesObject[]> {
    const { chartMirror: _, argocdInstall: __, ...values } = rootValues;
    return helm("charts/fleet", { values: { ...values, hub, region: "eu-west-1", ...changes } });
}

/** The Application that the ApplicationSet `registration` makes of a member file. */
export async function registrationApplication({ hub, file, member }: MemberFile): Promise<KubernetesObject> {
    const applicationSet = only(await fleetChart(hub), "ApplicationSet", "registration");
    return execute(applicationTemplate(applicationSet), {
        ...member,
        path: { filename: file, path: `gitops/fleet/members/${hub}` },
    });
}

/** The ExternalSecret of a member. */
export async function externalSecret(member: MemberFile): Promise<KubernetesObject> {
    return only(await renderSource(await registrationApplication(member)), "ExternalSecret");
}

/** What External Secrets makes of a member's ExternalSecret and a registration. */
export async function clusterSecret(
    member: MemberFile,
    registration: unknown,
): Promise<ClusterSecret & { config: unknown }> {
    const template = at<{ metadata: ClusterSecret["metadata"]; data: Record<"name" | "server" | "config", string> }>(
        await externalSecret(member),
        "spec.target.template",
    );
    const { metadata, data } = await execute(template, { registration: JSON.stringify(registration) });
    return { metadata, name: data.name, server: data.server, config: JSON.parse(data.config) };
}

/** The ApplicationSet of a group. */
export async function groupApplicationSet(group: string, hub: string): Promise<KubernetesObject> {
    const values = { hub, hubServer: rootValues.hubServer, group, project: group };
    return only(
        await helm("charts/application-sets", { valueFiles: [`versions/${group}.yaml`], values }),
        "ApplicationSet",
    );
}

/** The root Applications that a group's ApplicationSet makes of a cluster: one per release that matches. */
export async function rootApplications(
    group: string,
    hub: string,
    cluster: ClusterSecret,
): Promise<KubernetesObject[]> {
    const applicationSet = await groupApplicationSet(group, hub);
    const generators = at<{ clusters: { selector: { matchLabels: Record<string, string> }; values: unknown } }[]>(
        applicationSet,
        "spec.generators",
    );
    const template = applicationTemplate(applicationSet);
    const matching = generators.filter(({ clusters }) =>
        Object.entries(clusters.selector.matchLabels).every(([key, value]) => cluster.metadata.labels[key] === value),
    );
    return Promise.all(matching.map(({ clusters }) => execute(template, { ...cluster, values: clusters.values })));
}

function applicationTemplate(applicationSet: KubernetesObject): KubernetesObject {
    const template = at<Pick<KubernetesObject, "metadata" | "spec">>(applicationSet, "spec.template");
    return { apiVersion: applicationSet.apiVersion, kind: "Application", ...template };
}

/** What Argo CD renders of an Application whose source is a chart of this repository. */
export async function renderSource(application: KubernetesObject): Promise<KubernetesObject[]> {
    const source = at<HelmSource>(application, "spec.source");
    const valueFiles: string[] = [];
    for (const file of source.helm.valueFiles ?? []) {
        const here = file.startsWith("/") ? path.join(repository, file) : path.join(repository, source.path, file);
        valueFiles.push(...(await matches(here)).filter((match) => existsSync(match)));
    }
    return helm(path.join(repository, source.path), {
        release: source.helm.releaseName ?? application.metadata.name,
        valueFiles,
        values: source.helm.valuesObject ?? (parse(source.helm.values ?? "{}") as Record<string, unknown>),
    });
}

/** Argo CD expands patterns in value files; the tree uses one kind: every YAML file of a folder. */
async function matches(file: string): Promise<string[]> {
    if (!file.includes("*")) {
        return [file];
    }
    if (!file.endsWith("/*.yaml")) {
        throw new Error(`${file}: this test only knows the pattern <folder>/*.yaml`);
    }
    const folder = path.dirname(file);
    return (await readdir(folder))
        .filter((name) => name.endsWith(".yaml"))
        .toSorted()
        .map((name) => path.join(folder, name));
}
