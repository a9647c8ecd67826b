import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type { requestCallback } from "@grpc/grpc-js";

import { decode } from "../engine/kit/values.ts";
import { configureRequest, packConfig, type ConfigFile, type Level, type RuleConfig } from "./analyzer-config.ts";
import { startAnalyzer, type AnalyzerProcess } from "./analyzer-process.ts";
import { analyzeRequest, analyzeStackRequest } from "./analyzer-request.ts";
import type { ProgramRun } from "./program.ts";
import type { PlannedResource } from "./registration.ts";
import {
    evaluatedRules,
    failedCorrection,
    severityOf,
    violationsOf,
    type Severity,
    type Verdicts,
    type Violation,
} from "./verdicts.ts";

/** A rule of the pack, as configured. */
export interface Rule {
    name: string;
    description: string;
    level: Level;
    severity: Severity;
}

/** What the pack says of one resource. */
interface Judgement {
    /** As the pack's corrections left it. */
    resource: PlannedResource;
    corrections: string[];
    violations: Violation[];
    evaluated: string[];
}

/** A policy pack, asked through its own analyzer process in the order of the engine. */
export class PolicyPack {
    readonly name: string;
    readonly version: string;
    readonly rules: readonly Rule[];
    readonly #process: AnalyzerProcess;
    readonly #info: rpc.AnalyzerInfo;
    #config: ReadonlyMap<string, RuleConfig>;

    private constructor(process: AnalyzerProcess, info: rpc.AnalyzerInfo, config: ReadonlyMap<string, RuleConfig>) {
        this.#process = process;
        this.#info = info;
        this.#config = config;
        this.name = info.getName();
        this.version = info.getVersion();
        this.rules = info.getPoliciesList().map((rule) => ({
            name: rule.getName(),
            description: rule.getDescription(),
            level: levelIn(config, rule),
            severity: severityOf(rule.getSeverity()),
        }));
    }

    /** Without those that are disabled. */
    get #infos(): readonly rpc.PolicyInfo[] {
        return this.#info.getPoliciesList().filter((rule) => levelIn(this.#config, rule) !== "disabled");
    }

    /**
     * Starts a pack and configures it. {@link stop} must be called.
     *
     * @param folder absolute path of the folder that holds PulumiPolicy.yaml
     * @throws when the pack, or its own configuration, cannot be used
     */
    static async start(folder: string): Promise<PolicyPack> {
        const process = await startAnalyzer(folder);
        const { client } = process;
        try {
            const info = await call<rpc.AnalyzerInfo>((done) => client.getAnalyzerInfo(new emptyPb.Empty(), done));
            const config = packConfig(info);
            await call((done) => client.configure(configureRequest(config), done));
            return new PolicyPack(process, info, config);
        } catch (error) {
            await process.stop();
            throw error;
        }
    }

    /**
     * Configures the rules from here on, as `--policy-pack-config` does.
     *
     * @throws when the file names a rule or a setting that does not exist, or gives one a value it cannot have
     */
    async configure(file: ConfigFile): Promise<void> {
        this.#config = packConfig(this.#info, file);
        await call((done) => this.#process.client.configure(configureRequest(this.#config), done));
    }

    /** Asks about every resource that a stack would create, then about the stack. One stack at a time. */
    async judge(stack: string, run: ProgramRun): Promise<Verdicts> {
        const configure = new analyzerPb.AnalyzerStackConfigureRequest()
            .setStack(stack)
            .setProject("fleet")
            .setOrganization("organization")
            .setDryRun(true);
        await call((done) => this.#process.client.configureStack(configure, done));
        const created = run.resources.filter(({ read }) => !read);
        const judgements = await Promise.all(created.map((resource) => this.#judgeResource(resource, run)));
        const whole = await this.#judgeStack({ ...run, resources: judgements.map(({ resource }) => resource) });
        const evaluations = Object.fromEntries(this.#infos.map((rule) => [rule.getName(), 0]));
        for (const rule of [...judgements, whole].flatMap(({ evaluated }) => evaluated)) {
            evaluations[rule] = (evaluations[rule] ?? 0) + 1;
        }
        return {
            evaluations,
            violations: [...judgements, whole].flatMap(({ violations }) => violations),
            remediated: judgements.flatMap(({ resource: { type, name }, corrections }) =>
                corrections.map((rule) => ({ rule, type, name })),
            ),
        };
    }

    stop(): Promise<void> {
        return this.#process.stop();
    }

    async #judgeResource(given: PlannedResource, run: ProgramRun): Promise<Judgement> {
        const { resource, corrections, failures } = await this.#correct(given, run);
        const response = await call<rpc.AnalyzeResponse>((done) =>
            this.#process.client.analyze(analyzeRequest(resource, run), done),
        );
        const violations = violationsOf(response, this.#infos, () => resource);
        const evaluated = evaluatedRules(response, this.#infos, "resource");
        return { resource, corrections, violations: [...failures, ...violations], evaluated };
    }

    /** Before anything is judged, rules of level remediate correct the inputs. */
    async #correct(resource: PlannedResource, run: ProgramRun) {
        if (this.#infos.every((rule) => levelIn(this.#config, rule) !== "remediate")) {
            return { resource, corrections: [], failures: [] };
        }
        const response = await call<rpc.RemediateResponse>((done) =>
            this.#process.client.remediate(analyzeRequest(resource, run), done),
        );
        const answers = response.getRemediationsList();
        const corrections = answers.filter((answer) => answer.getDiagnostic() === "");
        const inputs = corrections.at(-1)?.getProperties();
        return {
            resource: inputs === undefined ? resource : { ...resource, inputs: decode(inputs) },
            corrections: corrections.map((answer) => answer.getPolicyname()),
            failures: answers
                .filter((answer) => answer.getDiagnostic() !== "")
                .map((answer) => failedCorrection(answer, this.#infos, resource)),
        };
    }

    async #judgeStack(run: ProgramRun): Promise<{ violations: Violation[]; evaluated: string[] }> {
        const response = await call<rpc.AnalyzeResponse>((done) =>
            this.#process.client.analyzeStack(analyzeStackRequest(run), done),
        );
        const resourceOf = (urn: string) => run.resources.find((resource) => resource.urn === urn);
        const violations = violationsOf(response, this.#infos, resourceOf);
        return { violations, evaluated: evaluatedRules(response, this.#infos, "stack") };
    }
}

function levelIn(config: ReadonlyMap<string, RuleConfig>, rule: rpc.PolicyInfo): Level {
    const own = config.get(rule.getName());
    if (own === undefined) {
        throw new Error(`rule ${rule.getName()} has no configuration`);
    }
    return own.level;
}

/** One remote call. A rule that throws fails it, with the rule's own message and stack. */
function call<Response>(start: (done: requestCallback<Response>) => unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
        start((error, response) => {
            if (error !== null) {
                reject(new Error(`the policy pack failed: ${error.details}`));
            } else if (response !== undefined) {
                resolve(response);
            }
        });
    });
}
