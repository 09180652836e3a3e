package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.codec.BigEndian;
import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.codec.InvalidByteSequence;
import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.source.postgres.codec.binary.CopyBinaryDecoder;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/// Finds the value that made the server abort a scan because it cannot convert it: the server names
/// neither the row nor the column. The same rows are selected once more as bytes, which are not
/// converted, up to the first that holds invalid bytes.
///
/// @param stream whose rows
/// @param schema its fields
/// @param table the table, quoted
/// @param rows the query for the rows: the place of each if there is one, the fields, perhaps more
/// @param placed whether the rows have their `ctid` in front
/// @param more how many more columns the query has
/// @param ready has a session see what the scan has seen
public record InvalidTextFinder(
    StreamName stream,
    Schema schema,
    String table,
    String rows,
    boolean placed,
    int more,
    Preparation ready) {
  private static final int MAX_SHOWN = 100;

  /// Makes a session ready for the query.
  @FunctionalInterface
  public interface Preparation {
    /// Begins a transaction and sets what the query needs.
    void of(Session session) throws IOException, SQLException;
  }

  /// The failure of a scan, with the place of the value if it is found.
  IOException explain(SQLException failure, Sessions sessions, String label) {
    IOException plain = SqlFailures.of(failure, label);
    try {
      return find(sessions)
          .map(complaint -> new IOException(label + ": " + complaint, failure))
          .orElse(plain);
    } catch (IOException e) {
      plain.addSuppressed(e);
      return plain;
    }
  }

  private Optional<String> find(Sessions sessions) throws IOException {
    Session session = sessions.borrow(stream.database());
    try {
      Optional<Encoding> encoding = Encoding.of(session.encoding());
      if (encoding.isEmpty()) {
        return Optional.empty();
      }
      ready.of(session);
      return new Search(encoding.get()).in(session);
    } catch (SQLException e) {
      throw SqlFailures.of(e, table);
    } finally {
      sessions.drop(session);
    }
  }

  // Numbers and times are written in characters that every encoding has.
  private static boolean canStray(DataType type) {
    return switch (type) {
      case Scalar.TEXT, Scalar.JSON, Scalar.OPAQUE -> true;
      case DataType.Enumeration enumeration -> true;
      case DataType.ListOf list -> canStray(list.element());
      default -> false;
    };
  }

  private final class Search implements CopyBinaryDecoder.RowFilter {
    private final Encoding encoding;
    private final List<Integer> looked = new ArrayList<>();
    private @Nullable String found;

    Search(Encoding encoding) {
      this.encoding = encoding;
      for (int i = 0; i < schema.size(); i++) {
        Field field = schema.fields().get(i);
        if (canStray(field.type()) || schema.key().contains(field.name())) {
          looked.add(i);
        }
      }
    }

    Optional<String> in(Session session) throws SQLException, IOException {
      int fields = looked.size() + 1;
      List<Field> bytes =
          IntStream.range(0, fields)
              .mapToObj(i -> new Field("b" + i, Scalar.BYTES, true, "bytea", ""))
              .toList();
      CopyBinaryDecoder decoder =
          new CopyBinaryDecoder(
              new Batch(stream, new Schema(bytes, List.of()), 1),
              Collections.nCopies(fields, WireFormat.RAW),
              0,
              this);
      CopyOut copy = session.copy().copyOut(statement());
      for (byte @Nullable [] message = copy.readFromCopy();
          message != null;
          message = copy.readFromCopy()) {
        decoder.decode(message);
        if (found != null) {
          copy.cancelCopy();
          break;
        }
      }
      return Optional.ofNullable(found);
    }

    private String statement() {
      int all = (placed ? 1 : 0) + schema.size() + more;
      String names =
          IntStream.range(0, all).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
      List<String> asked = new ArrayList<>();
      asked.add(placed ? stored("c0") : "NULL::pg_catalog.bytea");
      looked.forEach(column -> asked.add(stored("c" + (column + (placed ? 1 : 0)))));
      return "COPY (SELECT %s FROM (%s) AS asked (%s)) TO STDOUT (FORMAT binary)"
          .formatted(String.join(", ", asked), rows, names);
    }

    // From an encoding to itself nothing is converted.
    private String stored(String column) {
      return "pg_catalog.convert_to(%s::pg_catalog.text, '%s')".formatted(column, encoding.name());
    }

    @Override
    public boolean accept(byte[] message, int from, int trailing, int to) {
      if (found != null) {
        return false;
      }
      List<byte @Nullable []> values = values(message, from, looked.size() + 1);
      for (int i = 0; i < looked.size(); i++) {
        byte @Nullable [] value = values.get(i + 1);
        if (value != null && Encoding.stray(value, 0, value.length) >= 0) {
          Field field = schema.fields().get(looked.get(i));
          found =
              "column '%s': %s"
                  .formatted(
                      field.name(),
                      InvalidByteSequence.complaint(
                          encoding,
                          value,
                          table,
                          field.type() == Scalar.TEXT ? Quote.name(field.name()) : "",
                          place(values)));
          return false;
        }
      }
      return false;
    }

    private List<byte @Nullable []> values(byte[] message, int from, int count) {
      List<byte @Nullable []> values = new ArrayList<>();
      int at = from;
      for (int i = 0; i < count; i++) {
        int length = BigEndian.int32(message, at);
        at += Integer.BYTES;
        if (length < 0) {
          values.add(null);
        } else {
          values.add(encoding.toUtf8(message, at, length));
          at += length;
        }
      }
      return values;
    }

    private String place(List<byte @Nullable []> values) {
      List<String> conditions = new ArrayList<>();
      for (String name : schema.key()) {
        byte @Nullable [] value = values.get(1 + looked.indexOf(schema.indexOf(name)));
        if (value == null
            || value.length > MAX_SHOWN
            || Encoding.stray(value, 0, value.length) >= 0) {
          conditions.clear();
          break;
        }
        conditions.add(Quote.name(name) + " = " + literal(value));
      }
      byte @Nullable [] ctid = values.getFirst();
      if (conditions.isEmpty() && ctid != null) {
        conditions.add("ctid = " + literal(ctid));
      }
      return String.join(" AND ", conditions);
    }

    private static String literal(byte[] value) {
      return Quote.text(new String(value, StandardCharsets.UTF_8)).strip();
    }
  }
}
