package dev.tapline.sink.jsonl.singer;

import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriterContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The streams of a run: what the writers of one stream have to know of each other, and what STATE
/// says of it beside its position.
final class SingerStreams {
  private final Map<StreamName, WriterContext> contexts = new ConcurrentHashMap<>();
  private final Map<StreamName, Schema> announced = new ConcurrentHashMap<>();

  void add(WriterContext context) {
    contexts.put(context.stream().name(), context);
  }

  /// The replication keys of the streams that have one of a single column.
  Map<StreamName, String> keys() {
    Map<StreamName, String> keys = new HashMap<>();
    contexts.forEach((name, context) -> {
      if (context.stream().replicationKey().size() == 1) {
        keys.put(name, context.stream().replicationKey().getFirst());
      }
    });
    return keys;
  }

  Optional<WriterContext> find(StreamName stream) {
    return Optional.ofNullable(contexts.get(stream));
  }

  /// Whether a SCHEMA must be written before rows of this schema. To be asked in the console's
  /// turn, by the one who then writes it.
  boolean announce(StreamName stream, Schema schema) {
    return !schema.equals(announced.put(stream, schema));
  }

  /// The same for a stream without rows: whether no SCHEMA was written for it at all.
  boolean announceFirst(StreamName stream, Schema schema) {
    return announced.putIfAbsent(stream, schema) == null;
  }
}
