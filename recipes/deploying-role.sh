#!/usr/bin/env bash
# Makes the role that deploys a stack, with the published permissions and a trust by OpenID Connect:
#
#   recipes/deploying-role.sh PLACE STACK PERMISSIONS TRUST
#
# PLACE is github, gitlab or pulumi; PERMISSIONS is a folder with the policies of
# docs/deployer-permissions, TRUST a file of recipes/trust, both with your own values put in. Run it
# with the credentials of the stack's account; a second run changes nothing that is there.
# GITLAB_HOST names another GitLab than gitlab.com.
set -euo pipefail

place=$1 stack=$2 permissions=$3 trust=$4
case $place in
  github) issuer=token.actions.githubusercontent.com audience=sts.amazonaws.com ;;
  gitlab) issuer=${GITLAB_HOST:-gitlab.com} audience=sts.amazonaws.com ;;
  pulumi) issuer=api.pulumi.com/oidc audience=${PULUMI_ORGANIZATION:?the name of the organization in Pulumi Cloud} ;;
  *) echo "PLACE is github, gitlab or pulumi, and not $place" >&2 && exit 2 ;;
esac
role=deploy-cloudtrail-guard-$stack
account=$(aws sts get-caller-identity --query Account --output text)
partition=$(aws sts get-caller-identity --query Arn --output text | cut -d: -f2)

if ! grep -q "arn:$partition:iam::$account:oidc-provider/$issuer" "$trust"; then
  echo "$trust trusts no identity provider $issuer of account $account: put your own values in first" >&2
  exit 2
fi
if ! grep -q "role/$role\"" "$permissions/$stack"-*.json; then
  echo "no policy of $permissions names the role $role, which reads itself: put your own values in first" >&2
  exit 2
fi
provider=arn:$partition:iam::$account:oidc-provider/$issuer
taken=$(aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider" \
  --query ClientIDList --output text 2> /dev/null) ||
  aws iam create-open-id-connect-provider --url "https://$issuer" --client-id-list "${taken:=$audience}"
# Other roles may trust that provider whatever the audience is: nothing here widens what it takes.
if ! tr '\t' '\n' <<< "$taken" | grep -qxF "$audience"; then
  echo "$provider is there and takes no token for the audience $audience: if each role that trusts it" >&2
  echo "asks for an audience, run: aws iam add-client-id-to-open-id-connect-provider" \
    "--open-id-connect-provider-arn $provider --client-id $audience" >&2
  exit 2
fi
aws iam get-role --role-name "$role" > /dev/null 2>&1 ||
  aws iam create-role --role-name "$role" --assume-role-policy-document "file://$trust"
for file in "$permissions/$stack"-*.json; do
  name=$role-$(basename "$file" .json | sed "s/^$stack-//")
  arn=arn:$partition:iam::$account:policy/$name
  aws iam get-policy --policy-arn "$arn" > /dev/null 2>&1 ||
    aws iam create-policy --policy-name "$name" --policy-document "file://$file"
  aws iam attach-role-policy --role-name "$role" --policy-arn "$arn"
done
echo "arn:$partition:iam::$account:role/$role"
