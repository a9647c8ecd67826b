import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../process/atomic-file.ts";
import type { Objects } from "./objects.ts";
import {
    podField,
    type Container,
    type KeyToPath,
    type Pod,
    type ProjectedSource,
    type TokenSource,
    type Volume,
} from "./pod.ts";

/** Issues a token of the pod's service account. */
export type IssueToken = (source: TokenSource) => Promise<string>;

/**
 * Writes the files of the volumes below `<dir>/volumes/<name>`. Called again, it updates their files and leaves emptyDirs
 * alone.
 */
export async function writeVolumes(dir: string, pod: Pod, objects: Objects, issue: IssueToken): Promise<void> {
    for (const volume of pod.spec.volumes ?? []) {
        const folder = path.join(dir, "volumes", volume.name);
        mkdirSync(folder, { recursive: true });
        const files = await volumeFiles(pod, volume, objects, issue);
        if (files !== undefined) {
            replaceFiles(folder, files);
        }
    }
}

/** Lays a container's mounts out below `root` as the container would see them below `/`. */
export function mountVolumes(dir: string, root: string, container: Container): void {
    // Outer mounts first: an inner one goes into the outer one's volume.
    for (const mount of (container.volumeMounts ?? []).toSorted((a, b) => a.mountPath.length - b.mountPath.length)) {
        const link = path.join(root, mount.mountPath);
        mkdirSync(path.dirname(link), { recursive: true });
        if (!existsSync(link)) {
            symlinkSync(path.join(dir, "volumes", mount.name, mount.subPath ?? ""), link);
        }
    }
}

/** The host's path for a path in a container that is, or lies below, one of its mounts; others stay. */
export function hostPath(root: string, container: Container, value: string): string {
    const mounted = container.volumeMounts?.some(
        ({ mountPath }) => value === mountPath || value.startsWith(`${mountPath.replace(/\/$/, "")}/`),
    );
    return mounted === true ? path.join(root, value) : value;
}

type Files = Map<string, Buffer>;

/** Undefined for a volume that belongs to the process. */
async function volumeFiles(pod: Pod, volume: Volume, objects: Objects, issue: IssueToken): Promise<Files | undefined> {
    const { emptyDir, configMap, secret, downwardAPI, projected } = volume;
    if (emptyDir !== undefined) {
        return undefined;
    }
    if (projected !== undefined) {
        return projectedFiles(pod, projected.sources, objects, issue);
    }
    if (secret !== undefined) {
        return projectedFiles(pod, [{ secret: { ...secret, name: secret.secretName } }], objects, issue);
    }
    if (configMap !== undefined || downwardAPI !== undefined) {
        return projectedFiles(pod, [{ configMap, downwardAPI }], objects, issue);
    }
    const kind = Object.keys(volume).find((key) => key !== "name") ?? "nothing";
    throw new Error(
        `volume ${volume.name} is of kind ${kind}, which the sandbox does not mount; it mounts emptyDir, configMap, ` +
            `secret, downwardAPI and projected`,
    );
}

async function projectedFiles(
    pod: Pod,
    sources: ProjectedSource[],
    objects: Objects,
    issue: IssueToken,
): Promise<Files> {
    const files: Files = new Map();
    for (const { configMap, secret, downwardAPI, serviceAccountToken } of sources) {
        for (const [kind, source] of [["configmap", configMap] as const, ["secret", secret] as const]) {
            if (source !== undefined) {
                const data = (await objects.data(kind, source.name, source.optional)) ?? {};
                select(data, source.items, source.optional === true).forEach((value, file) => files.set(file, value));
            }
        }
        for (const item of downwardAPI?.items ?? []) {
            files.set(item.path, Buffer.from(podField(pod, item.fieldRef?.fieldPath ?? "")));
        }
        if (serviceAccountToken !== undefined) {
            files.set(serviceAccountToken.path, Buffer.from(await issue(serviceAccountToken)));
        }
    }
    return files;
}

function select(data: Record<string, Buffer>, items: KeyToPath[] | undefined, optional: boolean): Files {
    if (items === undefined) {
        return new Map(Object.entries(data));
    }
    const files: Files = new Map();
    for (const { key, path: file } of items) {
        const value = data[key];
        if (value === undefined && !optional) {
            throw new Error(`references non-existent key: ${key}`);
        }
        if (value !== undefined) {
            files.set(file, value);
        }
    }
    return files;
}

function replaceFiles(folder: string, files: Files): void {
    for (const present of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const file = path.relative(folder, path.join(present.parentPath, present.name));
        if (present.isFile() && !files.has(file)) {
            rmSync(path.join(folder, file));
        }
    }
    for (const [file, content] of files) {
        const target = path.join(folder, file);
        if (!existsSync(target) || !readFileSync(target).equals(content)) {
            writeFileAtomic(target, content);
        }
    }
}
