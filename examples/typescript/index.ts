import { LogBucket, LogEncryptionKey, Trail } from "@pulumi/cloudtrail-guard";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const account = config.require("accountId");
const region = new pulumi.Config("aws").require("region");

// Built from names: key and bucket admit the trail before there is one.
const trailName = "Audit";
const trailArn = `arn:aws:cloudtrail:${region}:${account}:trail/${trailName}`;
const breakGlassRoleArns = [`arn:aws:iam::${account}:role/${config.get("breakGlassRole") ?? "AdminRole"}`];

const key = new LogEncryptionKey("key", { trailArns: [trailArn], breakGlassRoleArns });

const logs = new LogBucket("logs", {
    logBucketName: config.require("bucketName"),
    logKeyArn: key.logKeyArn,
    accountTrailArns: [trailArn],
    breakGlassRoleArns,
    objectLock: { mode: "GOVERNANCE", days: 90 },
    lifecycle: { expireAfterDays: 365 },
});

const audit = new Trail("audit", {
    trailName,
    logBucketName: logs.logBucketName,
    logKeyArn: key.logKeyArn,
    dataEvents: { lambdaFunctions: true },
});

export = { trailArn: audit.trailArn, bucketName: logs.logBucketName, keyArn: key.logKeyArn };
