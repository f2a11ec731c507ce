import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trino.Session;
import io.trino.connector.MockConnectorFactory;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.type.TimeZoneKey;
import io.trino.spi.type.VarcharType;
import io.trino.testing.LocalQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.MaterializedRow;
import io.trino.testing.TestingSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs queries on Trino. Standard input is JSON: a list of jobs, each with {@code type}, the type of a
 * row of the table, {@code rows}, {@code table}, how the query names the table, and {@code query}.
 * Standard output is the list of the answers: {@code columns} and {@code rows}, or {@code error}.
 */
public final class Trino {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode jobs = mapper.readTree(System.in);
        Map<String, List<List<?>>> tables = new HashMap<>();
        for (int number = 0; number < jobs.size(); number++) {
            List<List<?>> lines = new ArrayList<>();
            for (JsonNode row : jobs.get(number).get("rows")) {
                lines.add(List.of(row.toString()));
            }
            tables.put("job" + number, lines);
        }
        ArrayNode answers = mapper.createArrayNode();
        Session session = TestingSession.testSessionBuilder()
                .setCatalog("logs")
                .setSchema("files")
                .setTimeZoneKey(TimeZoneKey.UTC_KEY)
                .build();
        try (LocalQueryRunner runner = LocalQueryRunner.create(session)) {
            runner.createCatalog("logs", connector(tables), Map.of());
            for (int number = 0; number < jobs.size(); number++) {
                JsonNode job = jobs.get(number);
                ObjectNode answer = answers.addObject();
                try {
                    write(runner.execute(session, query(job, "job" + number)), answer);
                } catch (RuntimeException error) {
                    answer.put("error", String.valueOf(error.getMessage()));
                }
            }
        }
        mapper.writeValue(System.out, answers);
        System.exit(0); // Trino leaves threads behind.
    }

    private static MockConnectorFactory connector(Map<String, List<List<?>>> tables) {
        return MockConnectorFactory.builder()
                .withListSchemaNames(any -> List.of("files"))
                .withListTables((any, schema) -> List.copyOf(tables.keySet()))
                .withGetColumns(table -> List.of(new ColumnMetadata("line", VarcharType.VARCHAR)))
                .withData((SchemaTableName table) -> tables.get(table.getTableName()))
                .build();
    }

    /** The query over the lines of a file: each is a row as JSON. */
    private static String query(JsonNode job, String table) {
        String rows = "(SELECT t.r.* FROM (SELECT CAST(json_parse(line) AS " + job.get("type").asText()
                + ") FROM files." + table + ") AS t (r))";
        return job.get("query").asText().replace(job.get("table").asText(), rows);
    }

    private static void write(MaterializedResult found, ObjectNode answer) {
        ArrayNode columns = answer.putArray("columns");
        found.getColumnNames().forEach(columns::add);
        ArrayNode rows = answer.putArray("rows");
        for (MaterializedRow row : found.getMaterializedRows()) {
            ArrayNode values = rows.addArray();
            for (Object value : row.getFields()) {
                if (value instanceof Number number) {
                    values.add(number.longValue());
                } else {
                    values.add(value == null ? null : value.toString());
                }
            }
        }
    }
}
