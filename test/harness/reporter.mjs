// Mocha's own spec reporter, closed by the one line that people and CI look for.
import Mocha from "mocha";

export default class ClosingLine extends Mocha.reporters.Spec {
    done(failures, callback) {
        const { passes, pending } = this.stats;
        console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}`);
        callback(failures);
    }
}
