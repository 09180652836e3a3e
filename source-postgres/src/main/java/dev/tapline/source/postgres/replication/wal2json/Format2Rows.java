package dev.tapline.source.postgres.replication.wal2json;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapline.source.postgres.replication.routing.RelationSchema;
import dev.tapline.source.postgres.replication.routing.Tuple;
import dev.tapline.source.postgres.replication.wal2json.KnownTable.Listed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of format 2: lists of `{"name":"id","typeoid":23,"value":1}`. Those of the table of the
/// row before are compared with what its columns look like; only others are taken apart.
final class Format2Rows {
  private static final byte[] NAME = "{\"name\":".getBytes(UTF_8);
  private static final byte[] TYPE = ",\"typeoid\":".getBytes(UTF_8);
  private static final byte[] VALUE = ",\"value\":".getBytes(UTF_8);

  private final JsonCursor json;
  private final Wal2JsonTables tables;
  private final Tuple fresh = new Tuple();
  private final Tuple old = new Tuple();
  private final Tuple values = new Tuple();
  private @Nullable KnownTable table;
  private byte[][] openings = {};

  /// Which columns a list may leave out.
  private enum Omission {
    NONE,
    WHAT_DID_NOT_CHANGE,
    ANY
  }

  Format2Rows(JsonCursor json, Wal2JsonTables tables) {
    this.json = json;
    this.tables = tables;
  }

  Tuple fresh() {
    return fresh;
  }

  Tuple old() {
    return old;
  }

  /// The rows that follow are of this table.
  void expect(KnownTable next) {
    table = next;
    List<Listed> columns = next.columns();
    openings = new byte[columns.size()][];
    for (int i = 0; i < openings.length; i++) {
      openings[i] = opening(columns.get(i));
    }
  }

  private KnownTable table() {
    return java.util.Objects.requireNonNull(table);
  }

  /// The relation of the row that was read last.
  RelationSchema relation() {
    return java.util.Objects.requireNonNull(table().relation());
  }

  private static byte[] opening(Listed column) {
    return ("{\"name\":"
            + quoted(column.name())
            + ",\"typeoid\":"
            + (int) column.type()
            + ",\"value\":")
        .getBytes(UTF_8);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /// Reads the new row of an INSERT or UPDATE; the cursor stands behind the list's bracket.
  void readFresh(boolean complete) throws IOException {
    int start = json.position();
    Omission omission = complete ? Omission.NONE : Omission.WHAT_DID_NOT_CHANGE;
    if (readExpected(fresh, omission)) {
      return;
    }
    json.rewind(start);
    List<Listed> listed = list();
    tables.learn(table(), listed, complete);
    expect(table());
    Wal2JsonTables.arrange(table().columns(), listed, values, Tuple.UNCHANGED, fresh);
  }

  /// Reads what tells which row it was; the cursor stands behind the list's bracket.
  void readOld() throws IOException {
    int start = json.position();
    if (readExpected(old, Omission.ANY) && identityIsKnown()) {
      return;
    }
    json.rewind(start);
    List<Listed> listed = list();
    List<Listed> before = List.copyOf(table().columns());
    tables.learnIdentity(table(), listed);
    expect(table());
    Wal2JsonTables.arrange(table().columns(), listed, values, Tuple.UNCHANGED, old);
    if (fresh.size() == before.size() && before.size() != table().columns().size()) {
      // The new row was read with the columns of before.
      Wal2JsonTables.arrange(before, table().columns(), fresh, values);
    }
  }

  private boolean identityIsKnown() {
    List<Listed> columns = table().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (old.length(i) != Tuple.UNCHANGED && !columns.get(i).identity()) {
        return false;
      }
    }
    return true;
  }

  private boolean readExpected(Tuple into, Omission omission) throws IOException {
    KnownTable known = table();
    if (known.relation() == null) {
      return false;
    }
    json.begin(into);
    boolean first = true;
    for (int i = 0; i < openings.length; i++) {
      int here = json.position();
      if ((first || json.take(',')) && json.take(openings[i])) {
        first = false;
        json.value(into);
        json.expect('}');
      } else if (omission == Omission.ANY
          || (omission == Omission.WHAT_DID_NOT_CHANGE && known.columns().get(i).mayStay())) {
        json.moveTo(here);
        into.add(0, Tuple.UNCHANGED);
      } else {
        return false;
      }
    }
    return json.take(']');
  }

  private List<Listed> list() throws IOException {
    List<Listed> listed = new ArrayList<>();
    json.begin(values);
    while (!json.take(']')) {
      if (!listed.isEmpty()) {
        json.expect(',');
      }
      json.expect(NAME);
      String name = json.string();
      json.expect(TYPE);
      long type = Integer.toUnsignedLong((int) json.number());
      json.expect(VALUE);
      json.value(values);
      json.expect('}');
      listed.add(new Listed(name, type, -1, true, false));
    }
    return listed;
  }
}
