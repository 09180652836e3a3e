package dev.tapline.source.postgres.replication.wal2json;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.codec.text.TextDecoders;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.routing.ChangeRouter;
import dev.tapline.source.postgres.replication.routing.LogDecoder;
import dev.tapline.source.postgres.replication.routing.RelationSchema;
import dev.tapline.spi.batch.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes format 2 of wal2json: one message a change, which repeats what its transaction and its
/// table are. What is the same as in the message before is compared and not taken apart.
public final class Format2Decoder implements LogDecoder {
  private static final byte[] ACTION = "{\"action\":\"".getBytes(UTF_8);
  private static final byte[] COLUMNS = "\"columns\":[".getBytes(UTF_8);
  private static final byte[] IDENTITY = "\"identity\":[".getBytes(UTF_8);
  private static final byte[] NEXT_IDENTITY = ",\"identity\":[".getBytes(UTF_8);
  private static final byte[] LSN = "\"lsn\":\"".getBytes(UTF_8);

  private final ChangeRouter router;
  private final Wal2JsonTables tables;
  private final JsonCursor json;
  private final Format2Rows rows;
  private final List<KnownTable> truncated = new ArrayList<>();
  private String truncatedAt = "";
  private byte[] preamble = {};
  private byte[] address = {};
  private @Nullable KnownTable table;
  private @Nullable Waiting waiting;
  private long end;

  /// A change that is read and not told yet.
  private record Waiting(Change change, boolean hasOld, boolean hasFresh) {}

  /// @param router whom to tell
  /// @param catalog what the messages leave out
  /// @param encoding the database's
  public Format2Decoder(ChangeRouter router, CatalogColumns catalog, Encoding encoding) {
    this.json = new JsonCursor(encoding);
    this.router = router;
    this.tables = new Wal2JsonTables(router, catalog);
    this.rows = new Format2Rows(json, tables);
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
    json.expect(ACTION);
    byte action = json.peek();
    json.moveTo(json.position() + 1);
    json.expect('"');
    if (action != 'T' && !truncated.isEmpty()) {
      emitTruncates();
    }
    return switch (action) {
      case 'I' -> change(Change.INSERT);
      case 'U' -> change(Change.UPDATE);
      case 'D' -> change(Change.DELETE);
      case 'B' -> begin();
      case 'C' -> commit();
      case 'T' -> truncate();
      // A logical message: nothing that a row needs.
      case 'M' -> Outcome.TAKEN;
      default ->
          throw new IOException(
              "wal2json sends a message of an unknown kind, '%c'".formatted((char) action));
    };
  }

  /// What stands before the rows of a message.
  private static final class Header {
    long xid;
    String timestamp = "";
    String lsn = "";
    String nextLsn = "";
    String schema = "";
    String table = "";
  }

  // From behind the action to behind the comma before "columns" or "identity", or to the end.
  private Header header() throws IOException {
    Header header = new Header();
    while (json.take(',')) {
      int here = json.position();
      String key = json.string();
      json.expect(':');
      switch (key) {
        case "xid" -> header.xid = json.number();
        case "timestamp" -> header.timestamp = json.string();
        case "lsn" -> header.lsn = json.string();
        case "nextlsn" -> header.nextLsn = json.string();
        case "schema" -> header.schema = json.string();
        case "table" -> header.table = json.string();
        default -> {
          json.rewind(here);
          return header;
        }
      }
    }
    return header;
  }

  private Outcome begin() throws IOException {
    int from = json.position();
    Header header = header();
    int lsn = indexOf(json.bytes(), LSN, from);
    // Each change of the transaction begins like this.
    preamble = Arrays.copyOfRange(json.bytes(), from, lsn + LSN.length);
    router.begin(Lsn.parse(header.lsn), TextDecoders.timestamp(header.timestamp), header.xid);
    return Outcome.TAKEN;
  }

  private int indexOf(byte[] bytes, byte[] wanted, int from) throws IOException {
    for (int i = from; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw json.malformed();
  }

  private Outcome commit() throws IOException {
    Header header = header();
    if (header.nextLsn.isEmpty()) {
      throw new IOException(
          "this wal2json is too old to tell where a transaction ends; upgrade it to 2.4 or later");
    }
    end = Lsn.parse(header.nextLsn);
    router.commit();
    return Outcome.COMMITTED;
  }

  // One message a table; those of one statement have one position in the log.
  private Outcome truncate() throws IOException {
    Header header = header();
    if (!truncated.isEmpty() && !header.lsn.equals(truncatedAt)) {
      emitTruncates();
    }
    truncatedAt = header.lsn;
    truncated.add(tables.table(header.schema, header.table));
    return Outcome.TAKEN;
  }

  private void emitTruncates() throws IOException {
    List<RelationSchema> shapes = new ArrayList<>();
    for (KnownTable each : truncated) {
      if (each.isFollowed()) {
        shapes.add(new RelationSchema(0, each.namespace(), each.name(), List.of(), false));
      }
    }
    truncated.clear();
    router.truncate(shapes);
    shapes.forEach(router::forget);
  }

  private Outcome change(Change change) throws IOException {
    if (!findTable().isFollowed()) {
      return Outcome.TAKEN;
    }
    boolean hasFresh = json.take(COLUMNS);
    if (hasFresh) {
      rows.readFresh(change == Change.INSERT);
    }
    boolean hasOld = json.take(hasFresh ? NEXT_IDENTITY : IDENTITY);
    if (hasOld) {
      rows.readOld();
    }
    return tell(new Waiting(change, hasOld, hasFresh));
  }

  private Outcome tell(Waiting read) throws IOException {
    boolean told =
        router.change(
            rows.relation(),
            read.change(),
            read.hasOld() ? rows.old() : null,
            read.hasFresh() ? rows.fresh() : null);
    waiting = told ? null : read;
    return told ? Outcome.TAKEN : Outcome.AGAIN;
  }

  // Stands behind the comma before "columns" or "identity" then.
  private KnownTable findTable() throws IOException {
    int start = json.position();
    KnownTable last = table;
    if (last != null && takePreamble() && json.take(address)) {
      return last;
    }
    json.rewind(start);
    Header header = header();
    int behind = json.position();
    KnownTable found = tables.table(header.schema, header.table);
    table = found;
    rows.expect(found);
    json.rewind(start);
    int from = takePreamble() ? json.position() : behind;
    address = Arrays.copyOfRange(json.bytes(), from, behind);
    json.moveTo(behind);
    return found;
  }

  // What a change of the running transaction begins with, up to the quote that ends its position.
  private boolean takePreamble() {
    if (!json.take(preamble)) {
      return false;
    }
    json.skipTo('"');
    return true;
  }
}
