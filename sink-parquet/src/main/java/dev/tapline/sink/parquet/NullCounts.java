package dev.tapline.sink.parquet;

import dev.tapline.sink.parquet.encoding.SpecialValueHandler;
import dev.tapline.sink.parquet.schema.SpecialValuePolicy;
import dev.tapline.spi.catalog.StreamName;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the values that became NULL because the format cannot hold them. Safe for use by several
/// threads.
final class NullCounts {
  private static final Logger LOG = LoggerFactory.getLogger(NullCounts.class);

  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

  SpecialValueHandler specialValues(StreamName stream, String column, SpecialValuePolicy policy) {
    String where = "stream %s: column '%s'".formatted(stream, column);
    LongAdder count = counts.computeIfAbsent(where, key -> new LongAdder());
    return new SpecialValueHandler(stream.toString(), column, policy, count);
  }

  /// Logs the counts and resets them.
  void report() {
    counts.forEach((where, count) -> {
      long values = count.sumThenReset();
      if (values > 0) {
        LOG.warn("{}: {} values that the format cannot hold were written as NULL", where, values);
      }
    });
  }
}
