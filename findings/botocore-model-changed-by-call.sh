#!/usr/bin/env bash
# botocore 1.44.5 and moto 5.2.5: a first call to S3 changes the model that the loader hands out.
#
# A session's loader keeps what `load_service_model` read, and gives the same object to all who ask.
# For S3, botocore takes `{Bucket}` out of an operation's path when the operation is first called,
# and does so in that object: who reads the model of the session afterwards, to route requests as
# AWS does, or to list paths, finds `?list-type=2` in place of `/{Bucket}?list-type=2`. An operation
# that was not called yet still has its whole path. moto's own router, built from such a model,
# raises an error: a path must begin with a slash. A loader of one's own is not affected.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install botocore==1.44.5 moto==5.2.5
"$work/venv/bin/python" - > "$work/seen" <<'PYTHON'
import botocore.session
from moto.core.model import ServiceModel
from moto.core.routing import ServiceOperationRouter

session = botocore.session.Session()
loader = session.get_component("data_loader")


def path(loader, operation):
    model = loader.load_service_model("s3", "service-2")
    return model["operations"][operation]["http"]["requestUri"]


print("before a call:", path(loader, "ListObjectsV2"), path(loader, "GetObjectAcl"))
client = session.create_client(
    "s3", region_name="us-east-1", aws_access_key_id="example", aws_secret_access_key="example"
)
client.generate_presigned_url("list_objects_v2", Params={"Bucket": "example-logs"})
print("after a call:", path(loader, "ListObjectsV2"), path(loader, "GetObjectAcl"))
model = loader.load_service_model("s3", "service-2")
try:
    ServiceOperationRouter(ServiceModel(model, "s3"))._get_router("rest-xml")
except ValueError as error:
    print("moto's router:", error)
other = botocore.session.Session().get_component("data_loader")
print("another loader:", path(other, "ListObjectsV2"))
PYTHON
cat "$work/seen"
diff "$work/seen" - <<'EXPECTED'
before a call: /{Bucket}?list-type=2 /{Bucket}/{Key+}?acl
after a call: ?list-type=2 /{Bucket}/{Key+}?acl
moto's router: URL rule '' must start with a slash.
another loader: /{Bucket}?list-type=2
EXPECTED
