// Reads simulations as a JSON array from stdin; writes what each comes to, as a JSON array.
import { runSimulation } from "@cloud-copilot/iam-simulate";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const simulations = JSON.parse(Buffer.concat(chunks).toString("utf8"));

const results = [];
for (const simulation of simulations) {
  const done = await runSimulation(simulation, {});
  results.push(
    // An action that knows no resource comes to a "wildcard" result, of one analysis for each pattern.
    done.overallResult
      ? { result: done.overallResult, ignored: done.result?.ignoredContextKeys ?? [] }
      : { error: JSON.stringify(done) },
  );
}
process.stdout.write(JSON.stringify(results));
