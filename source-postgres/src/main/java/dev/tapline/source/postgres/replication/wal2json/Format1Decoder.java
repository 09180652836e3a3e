package dev.tapline.source.postgres.replication.wal2json;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.codec.text.TextDecoders;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.routing.ChangeRouter;
import dev.tapline.source.postgres.replication.routing.LogDecoder;
import dev.tapline.source.postgres.replication.routing.RelationSchema;
import dev.tapline.source.postgres.replication.routing.Tuple;
import dev.tapline.source.postgres.replication.wal2json.KnownTable.Listed;
import dev.tapline.spi.batch.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decodes format 1 of wal2json, written in chunks: `{"xid":1,...,"change":[`, then a message a
/// change, then `]}`. Without chunks a transaction would be one message, which the server holds
/// whole in its memory and cannot send when it has 1 GB.
///
/// It tells where a transaction ends but not where its commit record begins: the position of its
/// changes is one byte before the end, which no other transaction can have.
public final class Format1Decoder implements LogDecoder {
  private static final byte[] KIND = "{\"kind\":\"".getBytes(UTF_8);
  private static final byte[] NAMES = "\"columnnames\":[".getBytes(UTF_8);
  private static final byte[] TYPES = "],\"columntypeoids\":[".getBytes(UTF_8);
  private static final byte[] VALUES = "],\"columnvalues\":[".getBytes(UTF_8);
  private static final byte[] OLD = "\"oldkeys\":{\"keynames\":[".getBytes(UTF_8);
  private static final byte[] OLD_TYPES = "],\"keytypeoids\":[".getBytes(UTF_8);
  private static final byte[] OLD_VALUES = "],\"keyvalues\":[".getBytes(UTF_8);
  private static final byte[] END = "]}".getBytes(UTF_8);

  private final ChangeRouter router;
  private final Wal2JsonTables tables;
  private final JsonCursor json;
  private final Layout freshLayout = new Layout();
  private final Layout oldLayout = new Layout();
  private final Tuple values = new Tuple();
  private final Tuple fresh = new Tuple();
  private final Tuple old = new Tuple();
  private byte[] address = {};
  private @Nullable KnownTable table;
  private @Nullable Waiting waiting;
  private long announcedEnd;
  private long end;

  /// A change that is read and not told yet.
  private record Waiting(Change change, boolean hasOld, boolean hasFresh) {}

  /// The names and types of a row as they stood in the message before, and what they meant.
  private static final class Layout {
    byte[] text = {};
    List<Listed> listed = List.of();
    @Nullable RelationSchema relation;
  }

  /// @param router whom to tell
  /// @param catalog what the messages leave out
  /// @param encoding the database's
  public Format1Decoder(ChangeRouter router, CatalogColumns catalog, Encoding encoding) {
    this.json = new JsonCursor(encoding);
    this.router = router;
    this.tables = new Wal2JsonTables(router, catalog);
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public void membershipHasChanged() {
    tables.reconsider();
    if (waiting == null) {
      table = null;
    }
  }

  @Override
  public Outcome decode(byte[] message, int offset) throws IOException {
    Waiting kept = waiting;
    if (kept != null) {
      waiting = null;
      return tell(kept);
    }
    json.on(message, offset);
    if (router.inTransaction()) {
      if (json.take(END)) {
        end = announcedEnd;
        router.commit();
        return Outcome.COMMITTED;
      }
      json.take(',');
      json.expect(KIND);
      return change();
    }
    return begin();
  }

  private Outcome begin() throws IOException {
    long xid = 0;
    String time = "";
    String key = "";
    json.expect('{');
    while (!key.equals("change")) {
      key = json.string();
      json.expect(':');
      switch (key) {
        case "xid" -> xid = json.number();
        case "nextlsn" -> announcedEnd = Lsn.parse(json.string());
        case "timestamp" -> time = json.string();
        case "change" -> json.expect('[');
        default -> throw json.malformed();
      }
      json.take(',');
    }
    router.begin(announcedEnd - 1, TextDecoders.timestamp(time), xid);
    return Outcome.TAKEN;
  }

  private Outcome change() throws IOException {
    Change change =
        switch (json.peek()) {
          case 'i' -> Change.INSERT;
          case 'u' -> Change.UPDATE;
          case 'd' -> Change.DELETE;
          // A logical message: nothing that a row needs.
          case 'm' -> Change.READ;
          default -> throw json.malformed();
        };
    if (change == Change.READ) {
      return Outcome.TAKEN;
    }
    json.skipTo('"');
    KnownTable changed = findTable();
    if (!changed.isFollowed()) {
      return Outcome.TAKEN;
    }
    boolean hasFresh = json.take(NAMES);
    if (hasFresh) {
      readFresh(changed, change == Change.INSERT);
      json.take(',');
    }
    boolean hasOld = json.take(OLD);
    if (hasOld) {
      readOld(changed);
    }
    return tell(new Waiting(change, hasOld, hasFresh));
  }

  private Outcome tell(Waiting read) throws IOException {
    boolean told =
        router.change(
            Objects.requireNonNull(Objects.requireNonNull(table).relation()),
            read.change(),
            read.hasOld() ? old : null,
            read.hasFresh() ? fresh : null);
    waiting = told ? null : read;
    return told ? Outcome.TAKEN : Outcome.AGAIN;
  }

  // From the quote behind the kind to the comma behind the table.
  private KnownTable findTable() throws IOException {
    int start = json.position();
    KnownTable last = table;
    if (last != null && json.take(address)) {
      return last;
    }
    json.expect('"');
    json.expect(',');
    json.string();
    json.expect(':');
    String schema = json.string();
    json.expect(',');
    json.string();
    json.expect(':');
    String name = json.string();
    json.expect(',');
    int behind = json.position();
    json.rewind(start);
    address = Arrays.copyOfRange(json.bytes(), start, behind);
    json.moveTo(behind);
    KnownTable found = tables.table(schema, name);
    table = found;
    return found;
  }

  private void readFresh(KnownTable changed, boolean complete) throws IOException {
    if (!takeLayout(freshLayout, changed)) {
      freshLayout.listed = layout(freshLayout, TYPES, VALUES);
      boolean same =
          !complete
              && changed.relation() != null
              && changed.columns().stream()
                  .map(Listed::name)
                  .toList()
                  .containsAll(names(freshLayout))
              && sameTypes(changed, freshLayout.listed);
      if (!same) {
        tables.learn(changed, freshLayout.listed, complete);
      }
      freshLayout.relation = changed.relation();
    }
    readValues(freshLayout.listed.size());
    Wal2JsonTables.arrange(changed.columns(), freshLayout.listed, values, Tuple.UNCHANGED, fresh);
  }

  private static List<String> names(Layout layout) {
    return layout.listed.stream().map(Listed::name).toList();
  }

  // Whether the row's columns are the table's, but for what may stay out.
  private static boolean sameTypes(KnownTable changed, List<Listed> listed) {
    for (Listed column : changed.columns()) {
      boolean found = false;
      for (Listed other : listed) {
        if (other.name().equals(column.name())) {
          found = other.type() == column.type();
          if (!found) {
            return false;
          }
        }
      }
      if (!found && !column.mayStay()) {
        return false;
      }
    }
    return true;
  }

  private void readOld(KnownTable changed) throws IOException {
    List<Listed> before = List.copyOf(changed.columns());
    if (!takeLayout(oldLayout, changed)) {
      oldLayout.listed = layout(oldLayout, OLD_TYPES, OLD_VALUES);
      tables.learnIdentity(changed, oldLayout.listed);
      oldLayout.relation = changed.relation();
    }
    readValues(oldLayout.listed.size());
    Wal2JsonTables.arrange(changed.columns(), oldLayout.listed, values, Tuple.UNCHANGED, old);
    if (fresh.size() == before.size() && before.size() != changed.columns().size()) {
      Wal2JsonTables.arrange(before, changed.columns(), fresh, values);
    }
  }

  // The same names and types as in the row before, of a table that is as it was.
  private boolean takeLayout(Layout layout, KnownTable changed) {
    return layout.relation != null
        && layout.relation == changed.relation()
        && json.take(layout.text);
  }

  // Names and types, up to the bracket of the values.
  private List<Listed> layout(Layout layout, byte[] types, byte[] valuesFollow) throws IOException {
    int start = json.position();
    List<String> names = new ArrayList<>();
    while (!json.take(types)) {
      json.take(',');
      names.add(json.string());
    }
    List<Listed> listed = new ArrayList<>();
    while (!json.take(valuesFollow)) {
      json.take(',');
      listed.add(new Listed(names.get(listed.size()), json.number(), -1, true, false));
    }
    int behind = json.position();
    json.rewind(start);
    layout.text = Arrays.copyOfRange(json.bytes(), start, behind);
    json.moveTo(behind);
    return listed;
  }

  private void readValues(int count) throws IOException {
    json.begin(values);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        json.expect(',');
      }
      json.value(values);
    }
    json.expect(']');
  }
}
