#!/usr/bin/env bash
# moto 5.2.5 and Amazon EventBridge: an event pattern on a field of objects in a list.
#
# CloudTrail's records carry the resources of a call as a list of objects. EventBridge compares a
# pattern's fields with each object of the list, so that a rule on resources.ARN is raised (AWS's own
# matcher, the Java library event-ruler 1.8.1, does the same). moto's matcher looks for the field in
# the list itself and does not find it: a rule that works in AWS never fires in a test on moto, and a
# test that expects silence passes for the wrong reason.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install 'moto[events]==5.2.5'
cat > "$work/pattern.json" <<'JSON'
{"detail": {"resources": {"ARN": ["arn:aws:s3:::example-logs"]}}}
JSON
cat > "$work/event.json" <<'JSON'
{"id": "1", "account": "111122223333", "source": "aws.s3", "time": "2026-01-01T00:00:00Z",
 "region": "us-east-1", "detail-type": "AWS API Call via CloudTrail",
 "detail": {"resources": [{"ARN": "arn:aws:s3:::example-logs", "type": "AWS::S3::Bucket"}]}}
JSON
"$work/venv/bin/python" - "$work" > "$work/moto" <<'PYTHON'
import json
import sys
from pathlib import Path

from moto.events.models import EventPattern

pattern, event = (json.loads(Path(sys.argv[1], f"{name}.json").read_text()) for name in ("pattern", "event"))
single = {**event, "detail": {"resources": event["detail"]["resources"][0]}}
print("one object:", EventPattern(None, pattern).matches_event(single))
print("the object in a list:", EventPattern(None, pattern).matches_event(event))
PYTHON
mkdir "$work/java"
for jar in software/amazon/event/ruler/event-ruler/1.8.1/event-ruler-1.8.1.jar \
  com/fasterxml/jackson/core/jackson-core/2.15.2/jackson-core-2.15.2.jar \
  com/fasterxml/jackson/core/jackson-databind/2.15.2/jackson-databind-2.15.2.jar \
  com/fasterxml/jackson/core/jackson-annotations/2.15.2/jackson-annotations-2.15.2.jar \
  ch/randelshofer/fastdoubleparser/2.0.1/fastdoubleparser-2.0.1.jar; do
  curl --fail --silent --show-error --output "$work/java/$(basename "$jar")" \
    "https://repo1.maven.org/maven2/$jar"
done
cat > "$work/Match.java" <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.event.ruler.Ruler;

public class Match {
    public static void main(String[] args) throws Exception {
        String pattern = Files.readString(Path.of(args[0], "pattern.json"));
        String event = Files.readString(Path.of(args[0], "event.json"));
        System.out.println("the object in a list: " + Ruler.matchesRule(event, pattern));
    }
}
JAVA
java -cp "$work/java/*" "$work/Match.java" "$work" > "$work/ruler"
echo "moto 5.2.5:" && cat "$work/moto"
echo "event-ruler 1.8.1:" && cat "$work/ruler"
diff "$work/moto" - <<'EXPECTED'
one object: True
the object in a list: False
EXPECTED
diff "$work/ruler" - <<'EXPECTED'
the object in a list: true
EXPECTED
