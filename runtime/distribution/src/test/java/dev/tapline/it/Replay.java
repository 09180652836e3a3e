package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Replays the rows of a destination in the order in which they were written, as somebody would who
/// keeps a copy of the table by them, and requires that each change comes once and in its order.
final class Replay {
  private final Map<Long, String> table = new TreeMap<>();
  private long changes;
  private ObjectNode removed = Output.JSON.createObjectNode();
  private BigInteger removedAt = BigInteger.ZERO;

  private Replay() {}

  /// Replays, and compares with the table.
  ///
  /// @return how many changes out of the log there were
  static long verify(LogServer server, String database, Path out, String name)
      throws IOException, SQLException {
    List<JsonNode> rows = Output.rows(out, "public__" + name);
    assertThat(rows)
        .filteredOn(row -> row.get("_op").asString().equals("d"))
        .allMatch(row -> row.has("_deleted_at"));
    return verify(server, database, rows, name);
  }

  /// As above, of rows that were read elsewhere.
  ///
  /// @param rows the rows in their order
  static long verify(LogServer server, String database, List<JsonNode> rows, String name)
      throws SQLException {
    Replay replay = new Replay();
    replay.read(rows);
    Map<Long, String> source = new TreeMap<>();
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT id, version, name, large FROM " + name)) {
      while (result.next()) {
        source.put(
            result.getLong(1),
            result.getInt(2) + "|" + result.getString(3) + "|" + result.getString(4));
      }
    }
    assertThat(replay.table.keySet()).as("ids of %s", name).isEqualTo(source.keySet());
    for (Map.Entry<Long, String> row : source.entrySet()) {
      assertThat(replay.table.get(row.getKey()))
          .as("%s, id %d", name, row.getKey())
          .isEqualTo(row.getValue());
    }
    return replay.changes;
  }

  private void read(List<JsonNode> history) {
    Map<Long, ObjectNode> rows = new TreeMap<>();
    BigInteger before = BigInteger.ZERO;
    for (JsonNode row : history) {
      String operation = row.get("_op").asString();
      if (!operation.equals("r")) {
        BigInteger place = place(row);
        assertThat(place).as("it comes again or too late: %s", row).isGreaterThan(before);
        before = place;
        changes++;
      }
      apply(rows, operation, (ObjectNode) row, before);
    }
    rows.forEach((id, row) ->
        table.put(
            id, row.get("version").asInt() + "|" + text(row, "name") + "|" + text(row, "large")));
  }

  private static String text(ObjectNode row, String field) {
    JsonNode value = row.get(field);
    assertThat(value).as("%s of %s", field, row).isNotNull();
    return value.isNull() ? "null" : value.asString();
  }

  private static BigInteger place(JsonNode row) {
    String[] lsn = row.get("_lsn").asString().split("/");
    return new BigInteger(lsn[0], 16)
        .shiftLeft(32)
        .add(new BigInteger(lsn[1], 16))
        .shiftLeft(64)
        .add(BigInteger.valueOf(row.get("_seq").asLong()))
        .add(BigInteger.ONE);
  }

  private void apply(
      Map<Long, ObjectNode> rows, String operation, ObjectNode row, BigInteger place) {
    if (operation.equals("t")) {
      rows.clear();
      return;
    }
    long id = row.get("id").asLong();
    switch (operation) {
      case "r", "i" -> {
        ObjectNode whole = row;
        if (!row.has("large")) {
          // A changed key: what the log did not carry is what the old key had.
          assertThat(place).as("%s", row).isEqualTo(removedAt.add(BigInteger.ONE));
          whole = removed.deepCopy();
          whole.setAll(row);
        }
        assertThat(rows.put(id, whole)).as("id %d is there already: %s", id, row).isNull();
      }
      case "u" -> {
        ObjectNode known = rows.get(id);
        assertThat(known).as("an update of what is not there: %s", row).isNotNull();
        known.setAll(row);
      }
      case "d" -> {
        ObjectNode known = rows.remove(id);
        assertThat(known).as("a delete of what is not there: %s", row).isNotNull();
        removed = known;
        removedAt = place;
      }
      default -> throw new AssertionError("an operation '" + operation + "'");
    }
  }
}
