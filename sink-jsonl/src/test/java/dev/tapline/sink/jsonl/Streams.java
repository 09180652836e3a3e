package dev.tapline.sink.jsonl;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.util.List;

/// Streams for tests.
public final class Streams {
  /// One column, the key.
  public static final Schema IDS =
      new Schema(
          List.of(new Field("id", DataType.Scalar.INT64, false, "bigint", "")), List.of("id"));

  private Streams() {}

  /// A stream of a destination; its table has the same name.
  public static Stream of(String destination, Schema schema, String method, String... key) {
    return new Stream(
        new StreamName("shop", "public", destination),
        RelationKind.TABLE,
        schema,
        destination,
        method,
        List.of(key),
        -1,
        -1);
  }

  /// A stream of [#IDS].
  public static Stream of(String destination) {
    return of(destination, IDS, "FULL_TABLE");
  }

  /// A writer for the first version of a stream of [#IDS].
  public static WriterContext context(String destination, WriteMode mode, long generation) {
    return new WriterContext(of(destination), mode, generation, "part");
  }
}
