import { block, helmText, inline } from "./helm-text.ts";
import type { Labels, Manifest, Spec } from "./manifest.ts";

const clusterScoped = new Set(["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"]);
const instance = "app.kubernetes.io/instance";

/** Which values key a workload's replicas and resources come from, by its name. */
const workloads: Readonly<Record<string, string>> = {
    "argocd-application-controller": "controller",
    "argocd-applicationset-controller": "applicationSet",
    "argocd-dex-server": "dex",
    "argocd-notifications-controller": "notifications",
    "argocd-redis": "redis",
    "argocd-repo-server": "repoServer",
    "argocd-server": "server",
};

/** Workloads of which there is one; the upstream chart has no key for their number. */
const single = new Set(["dex", "notifications", "redis"]);

/** When an object exists, by the beginning of its name; all others always do. */
const conditions: Readonly<Record<string, string>> = {
    "argocd-dex-server": ".Values.dex.enabled",
    "argocd-notifications": ".Values.notifications.enabled",
};

/** One of Argo CD's own manifests as a template of the chart, with the upstream chart's names and labels. */
export function argocdTemplate(manifest: Manifest): string {
    const { name } = manifest.metadata;
    const [, condition] = Object.entries(conditions).find(([beginning]) => name.startsWith(beginning)) ?? [];
    return condition === undefined ? template(manifest) : conditional(condition, template(manifest));
}

function template(manifest: Manifest): string {
    const object = structuredClone(manifest);
    if (object.kind === "CustomResourceDefinition") {
        object.metadata.annotations = block('include "argo-cd.crdAnnotations" $ | trim');
        return conditional(".Values.crds.install", helmText(object));
    }
    const labels = chartLabels(object);
    object.metadata.labels = labels;
    object.metadata.name = object.metadata.name.replace(/-network-policy$/, "");
    if (!clusterScoped.has(object.kind)) {
        object.metadata.namespace = inline(".Release.Namespace");
    }
    for (const subject of object.subjects ?? []) {
        subject.namespace = inline(".Release.Namespace");
    }
    if (object.kind === "Deployment" || object.kind === "StatefulSet") {
        adaptWorkload(object, labels);
    } else if (object.kind === "Service") {
        select(object.spec?.selector as Labels | undefined);
    } else if (object.kind === "NetworkPolicy") {
        policySelectors(object.spec).forEach(select);
        // Upstream opens the ApplicationSet controller only for those who have something to call there.
        const wanted = object.metadata.name.startsWith("argocd-applicationset")
            ? "and .Values.global.networkPolicy.create (or .Values.applicationSet.metrics.enabled .Values.applicationSet.httproute.enabled)"
            : ".Values.global.networkPolicy.create";
        return conditional(wanted, helmText(object));
    }
    return helmText(object);
}

/** Name and component as the upstream chart labels them; they are those of the manifest. */
function chartLabels(object: Manifest): string {
    const own = object.metadata.labels;
    const label = (key: string) => (typeof own === "object" ? (own[`app.kubernetes.io/${key}`] ?? "") : "");
    return block(
        `include "argo-cd.labels" (dict "root" $ "name" "${label("name")}" "component" "${label("component")}")`,
    );
}

/** Adds the release to a selector: two releases in one namespace would select each other's pods. */
function select(labels: Labels | undefined): void {
    if (labels !== undefined) {
        labels[instance] = inline(".Release.Name");
    }
}

function policySelectors(spec: Spec | undefined): (Labels | undefined)[] {
    const peers = (spec?.ingress ?? []).flatMap((rule) => rule.from ?? []);
    return [spec?.podSelector?.matchLabels, ...peers.map((peer) => peer.podSelector?.matchLabels)];
}

function adaptWorkload(object: Manifest, labels: string): void {
    const { name } = object.metadata;
    const key = workloads[name];
    const spec = object.spec;
    const pod = spec?.template;
    if (key === undefined || spec === undefined || pod === undefined) {
        throw new Error(`Argo CD's manifests hold ${object.kind} ${name}, which no values key configures`);
    }
    spec.replicas = single.has(key) ? 1 : inline(`.Values.${key}.replicas`);
    // Deployments keep three revisions and the StatefulSet five, as upstream.
    spec.revisionHistoryLimit = object.kind === "StatefulSet" ? 5 : 3;
    select(spec.selector?.matchLabels);
    pod.metadata.labels = labels;
    if (key !== "redis") {
        const only = key === "applicationSet" || key === "notifications";
        const checksums = only ? "argo-cd.checksum-params" : "argo-cd.checksums";
        pod.metadata.annotations = block(`include "${checksums}" $`);
    }
    for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
        container.image = image(container.image);
        container.imagePullPolicy = "IfNotPresent";
    }
    const [main] = pod.spec.containers;
    if (main !== undefined) {
        main.resources = block(`toYaml .Values.${key}.resources`);
        // The controller has to know its number of shards.
        const shards = main.env?.find((variable) => variable.name === "ARGOCD_CONTROLLER_REPLICAS");
        if (shards !== undefined) {
            shards.value = inline(`.Values.${key}.replicas | quote`);
        }
    }
}

/** Argo CD's images at the chart's version; Redis from the registry that the manifests' kustomization names. */
function image(reference: string): string {
    return reference
        .replace(/^(quay\.io\/argoproj\/argocd):.*$/, `$1:${inline(".Chart.AppVersion")}`)
        .replace(/^redis:/, "public.ecr.aws/docker/library/redis:");
}

function conditional(condition: string, text: string): string {
    return `{{- if ${condition} }}\n${text}{{- end }}\n`;
}
