package dev.tapline.source.postgres.replication.routing;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.source.postgres.codec.InvalidByteSequence;
import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.source.postgres.codec.binary.BinaryDecoders;
import dev.tapline.source.postgres.codec.text.TextDecoders;
import dev.tapline.source.postgres.replication.routing.RelationSchema.RelationColumn;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Appends the rows of one relation to a batch.
final class RowAppender {
  private static final long FLOAT4 = 700;
  private static final long FLOAT8 = 701;
  private static final long NUMERIC = 1700;
  private static final int MAX_SHOWN = 100;

  private final RelationSchema relation;
  private final Batch batch;
  private final @Nullable FieldDecoder[] texts;
  private final @Nullable FieldDecoder[] binaries;
  private final int[] key;
  private final boolean[] nullable;
  private final boolean keyIsTold;

  /// @param wires the binary form of each of the relation's columns, where it is known
  RowAppender(RelationSchema relation, Batch batch, @Nullable WireFormat[] wires) {
    this.relation = relation;
    this.batch = batch;
    Schema schema = batch.schema();
    List<RelationColumn> columns = relation.columns();
    texts = new FieldDecoder[columns.size()];
    binaries = new FieldDecoder[columns.size()];
    for (int i = 0; i < texts.length; i++) {
      int field = schema.indexOf(columns.get(i).name());
      if (field >= 0) {
        @Nullable WireFormat wire = wires[i];
        texts[i] = TextDecoders.of(batch.column(field));
        binaries[i] = wire == null ? null : BinaryDecoders.of(wire, batch.column(field));
      }
    }
    List<String> names = columns.stream().map(RelationColumn::name).toList();
    key = schema.key().stream().mapToInt(names::indexOf).toArray();
    nullable = new boolean[key.length];
    boolean told = true;
    for (int i = 0; i < key.length; i++) {
      told &= columns.get(key[i]).identity();
      nullable[i] = schema.fields().get(schema.indexOf(names.get(key[i]))).nullable();
    }
    keyIsTold = relation.whole() || (told && key.length > 0);
  }

  Batch batch() {
    return batch;
  }

  /// Whether updates and deletes say which row of the stream is meant.
  boolean keyIsTold() {
    return keyIsTold;
  }

  /// Why an update or a delete cannot be told when [#keyIsTold] is false.
  IOException identityIsNotTheKey() {
    return MissingRowIdentity.identity(relation);
  }

  /// Whether an update is to be shown as the end of one row and the beginning of another.
  boolean isAnotherRow(@Nullable Tuple old, Tuple fresh) {
    if (old == null) {
      return false;
    }
    if (key.length == 0) {
      return true;
    }
    for (int column : key) {
      if (fresh.length(column) != Tuple.UNCHANGED && !Tuple.sameValue(old, fresh, column)) {
        return true;
      }
    }
    return false;
  }

  /// Adds a row.
  ///
  /// @param old where values that did not change are found, if it has come whole
  /// @throws UnknownBinaryFormatException if a value has come in a binary form that is not known
  ///   here
  /// @throws IOException if a value is not of its column's type; the batch is then unusable
  void append(Change change, Tuple row, @Nullable Tuple old, CurrentTransaction transaction)
      throws IOException {
    if (row.size() != texts.length) {
      throw new IOException(
          "a row of %d values came for %d columns".formatted(row.size(), texts.length));
    }
    requireKey(row, change == Change.DELETE ? row : old);
    for (int i = 0; i < texts.length; i++) {
      @Nullable FieldDecoder text = texts[i];
      if (text != null) {
        try {
          value(text, i, row, change == Change.DELETE ? row : old);
        } catch (UnknownBinaryFormatException e) {
          throw e;
        } catch (IOException e) {
          throw new IOException(
              "column '%s': %s".formatted(relation.columns().get(i).name(), e.getMessage()), e);
        }
      }
    }
    batch.endRow(
        change,
        transaction.commitLsn(),
        transaction.next(),
        transaction.commitTime(),
        transaction.id());
  }

  private void value(FieldDecoder text, int column, Tuple row, @Nullable Tuple old)
      throws IOException {
    int length = row.length(column);
    if (length >= 0) {
      if (row.encoding().mayHoldStrayBytes()) {
        requireText(column, row);
      }
      FieldDecoder decoder = row.isBinary(column) ? binary(column) : text;
      decoder.decode(row.data(), row.start(column), length);
    } else if (length != Tuple.UNCHANGED || row == old) {
      // What a row that is gone did not say is NULL.
      text.column().appendNull();
    } else if (old != null && isTold(old, column)) {
      value(text, column, old, old);
    } else {
      text.column().appendUnchanged();
    }
  }

  // Servers since the minor releases of February 2022 send the old key along when a part of it is
  // stored out of line, as it is not in the new row then. What did not change is never NULL.
  private boolean isTold(Tuple old, int column) {
    return (relation.whole() || relation.columns().get(column).identity())
        && old.length(column) >= 0;
  }

  // A row without its key, or with NULL for a part of it that is not known, would be another row.
  private void requireKey(Tuple row, @Nullable Tuple old) throws IOException {
    for (int i = 0; i < key.length; i++) {
      int column = key[i];
      int length = row.length(column);
      if (length >= 0) {
        continue;
      }
      if (length == Tuple.UNCHANGED) {
        if (row == old ? !nullable[i] : old == null || !isTold(old, column)) {
          throw row == old
              ? MissingRowIdentity.old(relation, name(column))
              : MissingRowIdentity.unchanged(relation, name(column));
        }
      } else if (length == Tuple.NULL_OR_NO_NUMBER && isNumber(column)) {
        throw MissingRowIdentity.noNumber(relation, name(column));
      }
    }
  }

  private boolean isNumber(int column) {
    long type = relation.columns().get(column).type();
    return type == FLOAT4 || type == FLOAT8 || type == NUMERIC;
  }

  private String name(int column) {
    return relation.columns().get(column).name();
  }

  // The server has not converted the row, and so not looked at it.
  private void requireText(int column, Tuple row) throws IOException {
    int stray =
        row.isBinary(column)
            ? -1
            : Encoding.stray(row.data(), row.start(column), row.length(column));
    if (stray >= 0) {
      throw new IOException(
          InvalidByteSequence.complaint(
              row.encoding(),
              Arrays.copyOfRange(
                  row.data(), row.start(column), row.start(column) + row.length(column)),
              Quote.name(relation.namespace()) + "." + Quote.name(relation.name()),
              batch.schema().fields().get(batch.schema().indexOf(name(column))).type()
                      == Scalar.TEXT
                  ? Quote.name(name(column))
                  : "",
              place(row)));
    }
  }

  // Which row it is, if that can be said: `"id" = '5'`.
  private String place(Tuple row) {
    StringBuilder place = new StringBuilder();
    for (int column : key) {
      if (row.length(column) < 0 || row.length(column) > MAX_SHOWN || row.isBinary(column)) {
        return "";
      }
      String value =
          new String(row.data(), row.start(column), row.length(column), StandardCharsets.UTF_8);
      place
          .append(place.isEmpty() ? "" : " AND ")
          .append(Quote.name(name(column)))
          .append(" = ")
          .append(Quote.text(value).strip());
    }
    return place.toString();
  }

  private FieldDecoder binary(int column) throws UnknownBinaryFormatException {
    @Nullable FieldDecoder decoder = binaries[column];
    if (decoder == null) {
      throw new UnknownBinaryFormatException(
          "column '%s' of table %s.%s is of a type whose binary form is not known here"
              .formatted(
                  relation.columns().get(column).name(), relation.namespace(), relation.name()));
    }
    return decoder;
  }
}
