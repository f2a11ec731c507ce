// The trail of one account, with its key and its locked bucket.
package main

import (
	"fmt"

	guard "example.com/pulumi-cloudtrail-guard/sdk/go/cloudtrailguard"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

const trailName = "Audit"

func main() {
	pulumi.Run(deploy)
}

func deploy(ctx *pulumi.Context) error {
	settings := config.New(ctx, "")
	account := settings.Require("accountId")
	region := config.New(ctx, "aws").Require("region")

	// Built from names: key and bucket admit the trail before there is one.
	trailArn := fmt.Sprintf("arn:aws:cloudtrail:%s:%s:trail/%s", region, account, trailName)
	trails := pulumi.ToStringArray([]string{trailArn})
	breakGlass := pulumi.ToStringArray([]string{
		fmt.Sprintf("arn:aws:iam::%s:role/%s", account, settings.Require("breakGlassRole")),
	})

	key, err := guard.NewLogEncryptionKey(ctx, "key", &guard.LogEncryptionKeyArgs{
		TrailArns:          trails,
		BreakGlassRoleArns: breakGlass,
	})
	if err != nil {
		return err
	}

	logs, err := guard.NewLogBucket(ctx, "logs", &guard.LogBucketArgs{
		LogBucketName:      pulumi.String(settings.Require("bucketName")),
		LogKeyArn:          key.LogKeyArn,
		AccountTrailArns:   trails,
		BreakGlassRoleArns: breakGlass,
		Lifecycle:          guard.LifecycleArgs{ExpireAfterDays: pulumi.Int(730)},
	})
	if err != nil {
		return err
	}

	audit, err := guard.NewTrail(ctx, "audit", &guard.TrailArgs{
		TrailName:     pulumi.String(trailName),
		LogBucketName: logs.LogBucketName,
		LogKeyArn:     key.LogKeyArn,
	})
	if err != nil {
		return err
	}

	ctx.Export("trailArn", audit.TrailArn)
	ctx.Export("bucketName", logs.LogBucketName)
	ctx.Export("keyArn", key.LogKeyArn)
	return nil
}
