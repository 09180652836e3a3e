package dev.tapline.sink.parquet.encoding;

import dev.tapline.sink.parquet.schema.SpecialValuePolicy;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/// Handles the values of a column that the format cannot store.
public final class SpecialValueHandler {
  private final String stream;
  private final String column;
  private final SpecialValuePolicy policy;
  private final LongAdder nulls;

  /// @param stream the stream, for messages
  /// @param column the column, for messages
  /// @param nulls counts values that became NULL
  public SpecialValueHandler(
      String stream, String column, SpecialValuePolicy policy, LongAdder nulls) {
    this.stream = stream;
    this.column = column;
    this.policy = policy;
    this.nulls = nulls;
  }

  /// Writes NULL instead of a value, if the policy allows it.
  ///
  /// @param value the value, for the message
  /// @throws IOException if the policy does not allow it
  void handle(String value, ValueConsumer target) throws IOException {
    if (policy != SpecialValuePolicy.NULL) {
      throw new IOException(
          ("stream %s: column '%s': the value %s cannot be held by the format; set sink.special-values to"
                  + " null or text, or name the column in sink.text-columns")
              .formatted(stream, column, value));
    }
    nulls.increment();
    target.absent();
  }
}
