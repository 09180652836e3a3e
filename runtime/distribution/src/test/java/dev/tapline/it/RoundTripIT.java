package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SampleValues;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every value that breaks other tools goes through the whole product; what was written is cast
/// back by the server, and must be what the server has.
class RoundTripIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"embed", "text"})
  void everyValueComesBack(String json) throws Exception {
    try (TestServer server = TestServer.start()) {
      List<SampleValues.Sample> samples = SampleValues.fill(server, "postgres");
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          """
          source: {type: postgres, url: "%s"}
          method: FULL_TABLE
          streams: [{table: "public.sample_*"}]
          sink: {type: jsonl, path: out, json: %s}
          """
              .formatted(server.url(), json));

      Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");

      assertThat(result.code()).as("%s", result).isZero();
      List<String> wrong = new ArrayList<>();
      int compared = 0;
      try (CastBack source = new CastBack(server)) {
        for (int i = 0; i < samples.size(); i++) {
          compared += compare(source, i, samples.get(i), json.equals("embed"), wrong);
        }
      }
      assertThat(wrong).isEmpty();
      assertThat(compared)
          .isEqualTo(samples.stream().mapToInt(sample -> sample.values().size() + 1).sum());
    }
  }

  private int compare(
      CastBack source, int number, SampleValues.Sample sample, boolean embedded, List<String> wrong)
      throws SQLException, IOException {
    List<JsonNode> rows = Output.rows(folder.resolve("out"), "public__sample_" + number);
    List<String> lines = lines("public__sample_" + number);
    int compared = 0;
    for (int row = 0; row < rows.size(); row++) {
      int id = rows.get(row).get("id").asInt();
      String expected = source.original(number, id);
      String found = back(source, sample.type(), rows.get(row), lines.get(row), embedded);
      if (expected == null ? found != null : !expected.equals(found)) {
        wrong.add(
            sample.type()
                + ": expected "
                + expected
                + " but was "
                + found
                + " from "
                + lines.get(row));
      }
      compared++;
    }
    return compared;
  }

  private static String back(
      CastBack source, String type, JsonNode row, String line, boolean embedded)
      throws SQLException {
    JsonNode value = row.get("v");
    boolean jsonNull = row.has("_json_null");
    if (value.isNull() && !jsonNull) {
      return null;
    }
    boolean document = type.equals("json") || type.equals("jsonb");
    if (document && !embedded) {
      return value.asString();
    }
    if (document) {
      // Verbatim but for line ends, which become spaces.
      String raw = line.substring(line.indexOf("\"v\":") + 4, line.indexOf(",\"_op\""));
      return raw.equals("[1,  2]") ? "[1,\n 2]" : raw;
    }
    // A decimal knows no -0.
    boolean binary = type.equals("real") || type.startsWith("double") || type.startsWith("float");
    String literal =
        PostgresLiterals.of(binary ? JsonMapper.shared().readTree(line).get("v") : value, type);
    return source.of(literal, type);
  }

  private List<String> lines(String destination) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : Output.files(folder.resolve("out").resolve(destination))) {
      lines.addAll(Files.readAllLines(file));
    }
    return lines;
  }

  @Test
  void namesThatNeedQuotesAndTablesOfManyColumnsOrNone() throws Exception {
    try (TestServer server = TestServer.start()) {
      StringBuilder wide = new StringBuilder("CREATE TABLE wide (");
      for (int i = 0; i < 1600; i++) {
        wide.append(i == 0 ? "" : ", ").append("c").append(i).append(" int DEFAULT ").append(i);
      }
      server.execute(
          "CREATE SCHEMA \"Sch. \"\"x\"",
          "CREATE TABLE \"Sch. \"\"x\".\"T, a.b*'é\" (\"Id\" int, \"id\" int, \"a b\" text, \"c\"\"d\" text, \"e.f\" int)",
          "INSERT INTO \"Sch. \"\"x\".\"T, a.b*'é\" VALUES (1, 2, 'x', 'y', 3)",
          "CREATE TABLE nothing ()",
          "INSERT INTO nothing SELECT FROM generate_series(1, 3)",
          "CREATE TABLE " + "n".repeat(63) + " (" + "c".repeat(63) + " int)",
          "INSERT INTO " + "n".repeat(63) + " VALUES (7)",
          wide + ")",
          "INSERT INTO wide DEFAULT VALUES");
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          """
          source: {type: postgres, url: "%s"}
          streams: [{table: "*.*"}]
          sink: {type: jsonl, path: out}
          """
              .formatted(server.url()));

      Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");

      assertThat(result.code()).as("%s", result).isZero();
      Path out = folder.resolve("out");
      JsonNode odd = Output.rows(out, "Sch. \"x__T, a.b*'é").getFirst();
      assertThat(odd.get("Id").asInt()).isEqualTo(1);
      assertThat(odd.get("id").asInt()).isEqualTo(2);
      assertThat(odd.get("c\"d").asString()).isEqualTo("y");
      assertThat(Output.rows(out, "public__nothing")).hasSize(3);
      assertThat(
              Output.rows(out, "public__" + "n".repeat(63)).getFirst().get("c".repeat(63)).asInt())
          .isEqualTo(7);
      JsonNode columns = Output.rows(out, "public__wide").getFirst();
      for (int i = 0; i < 1600; i++) {
        assertThat(columns.get("c" + i).asInt()).isEqualTo(i);
      }
    }
  }
}
