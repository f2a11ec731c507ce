import pulumi_aws as aws

aws.organizations.AwsServiceAccess("cloudtrail", service_principal="cloudtrail.amazonaws.com")
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
