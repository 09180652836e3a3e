package dev.tapline.source.postgres.replication.pgoutput;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.replication.routing.ChangeRouter;
import dev.tapline.source.postgres.replication.routing.LogDecoder;
import dev.tapline.source.postgres.replication.routing.RelationSchema;
import dev.tapline.source.postgres.replication.routing.RelationSchema.RelationColumn;
import dev.tapline.source.postgres.replication.routing.Tuple;
import dev.tapline.spi.batch.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decodes protocol version 1 of `pgoutput`, with values as text or in binary (PostgreSQL manual,
/// section "Logical Replication Message Formats").
public final class PgOutputDecoder implements LogDecoder {
  private static final byte FULL = 'f';
  private static final int IDENTITY_FLAG = 1;

  private final ChangeRouter router;
  private final Encoding encoding;
  private final Map<Integer, RelationSchema> shapes = new HashMap<>();
  private final Tuple old = new Tuple();
  private final Tuple fresh = new Tuple();
  private byte[] bytes = {};
  private ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private long end;

  /// @param router whom to tell
  /// @param encoding what texts are in: the database's where the server was told not to convert
  ///   them, and then all values are texts; else UTF-8
  public PgOutputDecoder(ChangeRouter router, Encoding encoding) {
    this.router = router;
    this.encoding = encoding;
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public Outcome decode(byte[] message, int offset) throws IOException {
    bytes = message;
    buffer = ByteBuffer.wrap(message);
    buffer.position(offset);
    try {
      return dispatch();
    } catch (RuntimeException e) {
      throw new IOException("a message of pgoutput is malformed: " + e, e);
    }
  }

  private Outcome dispatch() throws IOException {
    byte kind = buffer.get();
    return switch (kind) {
      case 'I' -> insert();
      case 'U' -> update();
      case 'D' -> delete();
      case 'B' -> begin();
      case 'C' -> commit();
      case 'R' -> relation();
      case 'T' -> truncate();
      // Origin, type, logical message: nothing that a row needs.
      case 'O', 'Y', 'M' -> Outcome.TAKEN;
      default ->
          throw new IOException(
              "pgoutput sends a message of an unknown kind, '%c'".formatted((char) kind));
    };
  }

  private Outcome begin() {
    long lsn = buffer.getLong();
    long time = buffer.getLong();
    router.begin(lsn, time, Integer.toUnsignedLong(buffer.getInt()));
    return Outcome.TAKEN;
  }

  private Outcome commit() {
    buffer.get();
    buffer.getLong();
    end = buffer.getLong();
    router.commit();
    return Outcome.COMMITTED;
  }

  private Outcome insert() throws IOException {
    RelationSchema relation = relation(buffer.getInt());
    buffer.get();
    if (!tuple(fresh)) {
      // The server makes an INSERT of an UPDATE that brings a row into a row filter.
      router.entered(relation);
    }
    return outcome(router.change(relation, Change.INSERT, null, fresh));
  }

  private Outcome update() throws IOException {
    RelationSchema relation = relation(buffer.getInt());
    @Nullable Tuple before = null;
    if (buffer.get() != 'N') {
      tuple(old);
      before = old;
      buffer.get();
    }
    tuple(fresh);
    return outcome(router.change(relation, Change.UPDATE, before, fresh));
  }

  private Outcome delete() throws IOException {
    RelationSchema relation = relation(buffer.getInt());
    buffer.get();
    tuple(old);
    return outcome(router.change(relation, Change.DELETE, old, null));
  }

  private Outcome truncate() throws IOException {
    int count = buffer.getInt();
    buffer.get();
    List<RelationSchema> tables = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tables.add(relation(buffer.getInt()));
    }
    router.truncate(tables);
    return Outcome.TAKEN;
  }

  private static Outcome outcome(boolean done) {
    return done ? Outcome.TAKEN : Outcome.AGAIN;
  }

  /// Reads a row.
  ///
  /// @return whether the log carries all of its values
  private boolean tuple(Tuple tuple) throws IOException {
    boolean whole = true;
    tuple.begin(bytes, encoding);
    int size = Short.toUnsignedInt(buffer.getShort());
    for (int i = 0; i < size; i++) {
      byte kind = buffer.get();
      switch (kind) {
        case 't' -> {
          int length = buffer.getInt();
          int start = buffer.position();
          tuple.add(start, length);
          buffer.position(start + length);
        }
        case 'b' -> {
          int length = buffer.getInt();
          int start = buffer.position();
          tuple.addBinary(start, length);
          buffer.position(start + length);
        }
        case 'n' -> tuple.add(0, Tuple.NULL);
        case 'u' -> {
          tuple.add(0, Tuple.UNCHANGED);
          whole = false;
        }
        default ->
            throw new IOException(
                "pgoutput sends a value of an unknown kind, '%c'".formatted((char) kind));
      }
    }
    if (!encoding.isUtf8AsItStands()) {
      tuple.toUtf8();
    }
    return whole;
  }

  private Outcome relation() {
    int oid = buffer.getInt();
    String namespace = text();
    String name = text();
    boolean whole = buffer.get() == FULL;
    int count = Short.toUnsignedInt(buffer.getShort());
    List<RelationColumn> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean identity = (buffer.get() & IDENTITY_FLAG) != 0;
      String column = text();
      long type = Integer.toUnsignedLong(buffer.getInt());
      columns.add(new RelationColumn(column, type, buffer.getInt(), identity));
    }
    RelationSchema relation =
        new RelationSchema(
            Integer.toUnsignedLong(oid),
            namespace.isEmpty() ? "pg_catalog" : namespace,
            name,
            columns,
            whole);
    @Nullable RelationSchema known = shapes.get(oid);
    // The server describes a table again when anything about it may have changed.
    if (!relation.saysTheSameAs(known)) {
      if (known != null) {
        router.forget(known);
      }
      shapes.put(oid, relation);
    } else if (known != null) {
      // Described again, perhaps since it belongs to a stream now.
      router.reconsider(known);
    }
    return Outcome.TAKEN;
  }

  private RelationSchema relation(int oid) throws IOException {
    @Nullable RelationSchema relation = shapes.get(oid);
    if (relation == null) {
      throw new IOException("pgoutput sends a change of a table that it has not described");
    }
    return relation;
  }

  private String text() {
    int start = buffer.position();
    int position = start;
    while (bytes[position] != 0) {
      position++;
    }
    buffer.position(position + 1);
    return encoding.text(Arrays.copyOfRange(bytes, start, position));
  }
}
