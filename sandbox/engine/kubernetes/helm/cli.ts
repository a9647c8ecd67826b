import type { Props } from "../../kit/types.ts";
import { asProps, at, numberAt, textAt } from "../object.ts";
import { HelmError, helm } from "./run.ts";

/** The newest revision of a release, as helm stores it. */
export interface StoredRelease {
    name: string;
    namespace: string;
    /** Chart name, without version. */
    chart: string;
    version: string;
    appVersion: string;
    revision: number;
    /** helm's status, e.g. "deployed", "failed", "pending-upgrade". */
    status: string;
    /** Values given by the user, without the chart's defaults. */
    values: Props;
    manifest: string;
}

/** The helm commands that Releases need, bound to one cluster. */
export class HelmCli {
    readonly #kubeconfig: string;

    constructor(kubeconfig: string) {
        this.#kubeconfig = kubeconfig;
    }

    /** The stored release, or undefined if there is none. */
    async lookup(name: string, namespace: string): Promise<StoredRelease | undefined> {
        const kubeconfig = this.#kubeconfig;
        const tail = [name, "--namespace", namespace, "--output", "json"];
        try {
            const status = parse(await helm({ args: ["status", ...tail], kubeconfig }));
            const metadata = parse(await helm({ args: ["get", "metadata", ...tail], kubeconfig }));
            return {
                name,
                namespace,
                chart: textAt(metadata, "chart"),
                version: textAt(metadata, "version"),
                appVersion: textAt(metadata, "appVersion"),
                revision: numberAt(metadata, 0, "revision"),
                status: textAt(status, "info", "status"),
                values: asProps(status["config"]) ?? {},
                manifest: textAt(status, "manifest"),
            };
        } catch (error) {
            if (error instanceof HelmError && error.message.includes("release: not found")) {
                return undefined;
            }
            throw error;
        }
    }

    /** The exact version of the chart that the inputs name. Throws if there is no such chart. */
    async chartVersion(inputs: Props): Promise<string> {
        const args = ["show", "chart", ...chartArgs(inputs)];
        const chart = await helm({ args, kubeconfig: this.#kubeconfig });
        return /^version:\s*["']?([^"'\s]+)/m.exec(chart)?.[1] ?? "";
    }

    async install(inputs: Props, signal: AbortSignal): Promise<void> {
        const own = flags(inputs, { createNamespace: "--create-namespace" });
        await this.#change("install", [...own], inputs, signal);
    }

    async upgrade(inputs: Props, signal: AbortSignal): Promise<void> {
        const own = flags(inputs, {
            cleanupOnFail: "--cleanup-on-fail",
            resetValues: "--reset-values",
            reuseValues: "--reuse-values",
        });
        // The official provider keeps every revision by default, the CLI ten.
        const history = String(numberAt(inputs, 0, "maxHistory"));
        await this.#change("upgrade", [...own, "--history-max", history], inputs, signal);
    }

    /** Removes the release and its objects. One that is not there is fine. */
    async uninstall(
        name: string,
        namespace: string,
        wait: boolean,
        seconds: number,
        signal: AbortSignal,
    ): Promise<void> {
        const waiting = wait ? ["--wait", "--timeout", `${seconds}s`] : [];
        // Without --debug a failed uninstall says no reason at all.
        const args = ["uninstall", name, "--namespace", namespace, "--ignore-not-found", "--debug", ...waiting];
        await helm({ args, kubeconfig: this.#kubeconfig, signal });
    }

    async #change(command: string, own: string[], inputs: Props, signal: AbortSignal): Promise<void> {
        const [chart = "", ...origin] = chartArgs(inputs);
        const target = [textAt(inputs, "name"), chart, "--namespace", textAt(inputs, "namespace")];
        const args = [command, ...target, ...origin, ...own, ...waitArgs(inputs), ...commonArgs(inputs)];
        const values = asProps(inputs["values"]) ?? {};
        await helm({ args, kubeconfig: this.#kubeconfig, values, signal });
    }
}

/** Chart reference first, then where to find it. */
function chartArgs(inputs: Props): string[] {
    const repository = inputs["repositoryOpts"];
    const options: [string, string][] = [
        ["--version", textAt(inputs, "version")],
        ["--repo", textAt(repository, "repo")],
        ["--ca-file", textAt(repository, "caFile")],
        ["--cert-file", textAt(repository, "certFile")],
        ["--key-file", textAt(repository, "keyFile")],
    ];
    const given = options.filter(([, value]) => value !== "").flat();
    return [textAt(inputs, "chart"), ...given, ...flags(inputs, { devel: "--devel" })];
}

function waitArgs(inputs: Props): string[] {
    const timeout = at(inputs, "timeout") === undefined ? [] : ["--timeout", `${numberAt(inputs, 0, "timeout")}s`];
    const wait = inputs["skipAwait"] === true ? [] : ["--wait", ...flags(inputs, { waitForJobs: "--wait-for-jobs" })];
    return [...wait, ...timeout];
}

function commonArgs(inputs: Props): string[] {
    const description = textAt(inputs, "description");
    return [
        ...(description === "" ? [] : ["--description", description]),
        ...flags(inputs, {
            atomic: "--atomic",
            dependencyUpdate: "--dependency-update",
            disableOpenapiValidation: "--disable-openapi-validation",
            disableWebhooks: "--no-hooks",
            forceUpdate: "--force",
            renderSubchartNotes: "--render-subchart-notes",
            skipCrds: "--skip-crds",
            takeOwnership: "--take-ownership",
        }),
    ];
}

function flags(inputs: Props, names: Record<string, string>): string[] {
    return Object.entries(names).flatMap(([input, flag]) => (inputs[input] === true ? [flag] : []));
}

function parse(text: string): Props {
    return JSON.parse(text) as Props;
}
