package dev.tapline.testkit;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.util.List;

/// Streams and batches of the kit.
final class TestStreams {
  /// A key `id` and a text `note`.
  static final Schema SIMPLE =
      new Schema(
          List.of(
              new Field("id", Scalar.INT64, false, "bigint", ""),
              Field.of("note", Scalar.TEXT, "text")),
          List.of("id"));

  /// [#SIMPLE] after a column was added.
  static final Schema WIDER =
      new Schema(
          List.of(
              SIMPLE.fields().get(0),
              SIMPLE.fields().get(1),
              Field.of("added", Scalar.TEXT, "text")),
          List.of("id"));

  private TestStreams() {}

  static Stream stream(String destination, Schema schema) {
    return new Stream(
        new StreamName("kit", "public", destination),
        RelationKind.TABLE,
        schema,
        destination,
        "FULL_TABLE",
        List.of(),
        -1,
        -1);
  }

  /// A relation as a pipeline selects it.
  ///
  /// @param key the replication key
  static Stream of(Relation relation, String method, String... key) {
    return new Stream(
        relation.name(),
        relation.kind(),
        relation.schema(),
        relation.name().name(),
        method,
        List.of(key),
        relation.estimatedRows(),
        relation.estimatedBytes());
  }

  /// The stream as if its table were called otherwise.
  static Stream renamed(Stream stream, String table) {
    return new Stream(
        new StreamName(stream.name().database(), stream.name().namespace(), table),
        stream.kind(),
        stream.schema(),
        table,
        stream.method(),
        stream.replicationKey(),
        stream.estimatedRows(),
        stream.estimatedBytes());
  }

  /// Rows that were read, of [#SIMPLE], with the keys from `first` up to, not with, `end`.
  static Batch reads(Stream stream, int first, int end) {
    Batch batch = new Batch(stream.name(), SIMPLE, 16);
    batch.clear(0);
    for (int i = first; i < end; i++) {
      ((LongColumn) batch.column(0)).append(i);
      ((BytesColumn) batch.column(1)).append("note " + i);
      batch.endRow();
    }
    return batch;
  }

  /// Appends a change of a row with a text in every column but the key.
  static void change(Batch batch, Change change, long id, String text) {
    ((LongColumn) batch.column(0)).append(id);
    for (int i = 1; i < batch.schema().size(); i++) {
      ((BytesColumn) batch.column(i)).append(text);
    }
    end(batch, change);
  }

  /// An update that did not carry the text.
  static void updateWithoutText(Batch batch, long id) {
    ((LongColumn) batch.column(0)).append(id);
    for (int i = 1; i < batch.schema().size(); i++) {
      batch.column(i).appendUnchanged();
    }
    end(batch, Change.UPDATE);
  }

  /// A row whose text is NULL.
  static void changeToNull(Batch batch, Change change, long id) {
    ((LongColumn) batch.column(0)).append(id);
    for (int i = 1; i < batch.schema().size(); i++) {
      batch.column(i).appendNull();
    }
    end(batch, change);
  }

  static void truncate(Batch batch) {
    batch.columns().forEach(column -> column.appendNull());
    end(batch, Change.TRUNCATE);
  }

  private static void end(Batch batch, Change change) {
    long index = batch.rows();
    batch.endRow(change, 0x1_6b37_48L, index, 1_000_000, 731);
  }
}
