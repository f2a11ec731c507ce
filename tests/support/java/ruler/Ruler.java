import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import software.amazon.event.ruler.Machine;

/**
 * Matches events with EventBridge's own matcher. Standard input is JSON: {@code patterns} by name, and
 * a list of {@code events}. Standard output is a list, for each event, of the names of the patterns
 * that match it.
 */
public final class Ruler {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode given = mapper.readTree(System.in);
        Machine machine = new Machine();
        Iterator<Map.Entry<String, JsonNode>> patterns = given.get("patterns").fields();
        while (patterns.hasNext()) {
            Map.Entry<String, JsonNode> pattern = patterns.next();
            machine.addRule(pattern.getKey(), pattern.getValue().toString());
        }
        ArrayNode answers = mapper.createArrayNode();
        for (JsonNode event : given.get("events")) {
            ArrayNode names = answers.addArray();
            new TreeSet<>(machine.rulesForJSONEvent(event.toString())).forEach(names::add);
        }
        mapper.writeValue(System.out, answers);
    }
}
