// Loaded with --import: modules that ask for the twin's evaluator get the one that allows everything.
import Module, { register } from "node:module";
import { fileURLToPath } from "node:url";

const EVALUATOR = "/iam/evaluate.ts";
const replacement = new URL("always-allow.ts", import.meta.url);

/* oxlint-disable no-underscore-dangle -- Node's own name for it */
// tsx loads TypeScript by either of Node's loaders.
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
    return request.endsWith(EVALUATOR) ? fileURLToPath(replacement) : resolveFilename.call(this, request, ...rest);
};
const hooks = `export async function resolve(specifier, context, next) {
    return await next(specifier.endsWith("${EVALUATOR}") ? "${replacement.href}" : specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
