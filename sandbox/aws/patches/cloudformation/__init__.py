"""CloudFormation: service-managed StackSets, which reach every account of an OU."""
