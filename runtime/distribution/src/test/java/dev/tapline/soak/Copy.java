package dev.tapline.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a destination holds of a table, read by other means than the sink's.
interface Copy {
  /// The rows by `id`, with their values as texts.
  Map<String, Map<String, @Nullable String>> rows(String table) throws Exception;

  /// Files of JSON Lines, replayed in the order of their names.
  record Lines(Path out) implements Copy {
    private static final JsonMapper JSON =
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    @Override
    public Map<String, Map<String, @Nullable String>> rows(String table) throws IOException {
      Path folder = out.resolve("public__" + table);
      List<Replay.Entry> entries = new ArrayList<>();
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file :
              files.filter(each -> each.toString().endsWith(".jsonl")).sorted().toList()) {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
              for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                entries.add(entry(JSON.readTree(line)));
              }
            }
          }
        }
      }
      return Replay.of(entries);
    }

    private static Replay.Entry entry(JsonNode row) {
      Map<String, @Nullable String> values = new HashMap<>();
      row.properties().stream()
          .filter(field -> !field.getKey().startsWith("_"))
          .forEach(field ->
              values.put(
                  field.getKey(), field.getValue().isNull() ? null : field.getValue().asString()));
      return new Replay.Entry(row.has("_op") ? row.get("_op").asString() : "r", values);
    }
  }

  /// Tables of PostgreSQL: merged, and the history of the one without a key.
  ///
  /// @param server connects
  record Database(Connecting server) implements Copy {
    @Override
    public Map<String, Map<String, @Nullable String>> rows(String table) throws SQLException {
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        String name = "public__" + table;
        try (ResultSet there =
            statement.executeQuery("SELECT to_regclass('\"" + name + "\"') IS NOT NULL")) {
          there.next();
          if (!there.getBoolean(1)) {
            return Map.of();
          }
        }
        List<Map<String, @Nullable String>> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery("SELECT * FROM \"" + name + "\"")) {
          while (result.next()) {
            Map<String, @Nullable String> row = new HashMap<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
              row.put(result.getMetaData().getColumnLabel(i), result.getString(i));
            }
            rows.add(row);
          }
        }
        return table.equals(Tables.KEYLESS) ? history(rows) : byId(rows);
      }
    }

    private static Map<String, Map<String, @Nullable String>> byId(
        List<Map<String, @Nullable String>> rows) {
      Map<String, Map<String, @Nullable String>> byId = new HashMap<>();
      rows.forEach(row -> byId.put(String.valueOf(row.get("id")), row));
      if (byId.size() != rows.size()) {
        throw new AssertionError("a key is there twice");
      }
      return byId;
    }

    // Rows of the copy have no position, and come first.
    private static Map<String, Map<String, @Nullable String>> history(
        List<Map<String, @Nullable String>> rows) {
      rows.sort(
          Comparator.comparingLong((Map<String, @Nullable String> row) -> number(row, "_lsn"))
              .thenComparingLong(row -> number(row, "_seq")));
      List<Replay.Entry> entries = new ArrayList<>();
      for (Map<String, @Nullable String> row : rows) {
        String unchanged = row.get("_unchanged");
        Map<String, @Nullable String> values = new HashMap<>(row);
        values.keySet().removeIf(name -> name.startsWith("_"));
        if (unchanged != null) {
          values.keySet().removeAll(Set.copyOf(Arrays.asList(unchanged.split(","))));
        }
        entries.add(new Replay.Entry(String.valueOf(row.get("_op")), values));
      }
      return Replay.of(entries);
    }

    private static long number(Map<String, @Nullable String> row, String column) {
      String value = row.get(column);
      return value == null ? -1 : Long.parseLong(value);
    }
  }

  /// Makes connections.
  interface Connecting {
    Connection connect() throws SQLException;
  }
}
