#!/usr/bin/env bash
# event-ruler 2.1.0, Amazon EventBridge's matcher: what is absent depends on the alphabet.
#
# CloudTrail's records of S3 objects name two resources: the object, without an account id, and the
# bucket, with one. Two members of a pattern must be found in the same object of a list, in whatever order
# they are written. {"exists": false} is not: names are looked up in alphabetical order, so accountId is
# sought in both resources where the other member is `type`, and in the object alone where it is `ARN`.
# Both patterns describe the same resource; the first never matches. With the field renamed to a word
# after "type" it does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/java"
for jar in software/amazon/event/ruler/event-ruler/2.1.0/event-ruler-2.1.0.jar \
  com/fasterxml/jackson/core/jackson-core/2.22.2/jackson-core-2.22.2.jar \
  com/fasterxml/jackson/core/jackson-databind/2.22.2/jackson-databind-2.22.2.jar \
  com/fasterxml/jackson/core/jackson-annotations/2.22/jackson-annotations-2.22.jar \
  ch/randelshofer/fastdoubleparser/2.0.1/fastdoubleparser-2.0.1.jar; do
  curl --fail --silent --show-error --output "$work/java/$(basename "$jar")" \
    "https://repo1.maven.org/maven2/$jar"
done
cat > "$work/event.json" <<'JSON'
{"detail": {"resources": [
  {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::example-logs/AWSLogs/one.json.gz"},
  {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::example-logs", "accountId": "111122223333"}
]}}
JSON
cat > "$work/patterns" <<'JSON'
{"type": ["AWS::S3::Object"], "accountId": [{"exists": false}]}
{"ARN": [{"prefix": "arn:aws:s3:::example-logs/"}], "accountId": [{"exists": false}]}
{"type": ["AWS::S3::Object"], "ownerId": [{"exists": false}]}
{"type": ["AWS::S3::Object"], "userId": [{"exists": false}]}
JSON
cat > "$work/Match.java" <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.event.ruler.Ruler;

public class Match {
    public static void main(String[] args) throws Exception {
        String event = Files.readString(Path.of(args[0], "event.json"));
        for (String resource : Files.readAllLines(Path.of(args[0], "patterns"))) {
            String absent = resource.replaceFirst(".*\"(\\w+)\": \\[\\{\"exists.*", "$1");
            String pattern = "{\"detail\": {\"resources\": " + resource + "}}";
            String renamed = event.replace("accountId", absent);
            System.out.println(resource + ": " + Ruler.matchesRule(renamed, pattern));
        }
    }
}
JAVA
java -cp "$work/java/*" "$work/Match.java" "$work" > "$work/answers"
echo "event-ruler 2.1.0, the object without an account id (or that field by another name):"
cat "$work/answers"
diff <(sed 's/.*: //' "$work/answers") - <<'EXPECTED'
false
true
false
true
EXPECTED
