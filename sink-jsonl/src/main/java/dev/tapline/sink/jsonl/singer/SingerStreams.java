package dev.tapline.sink.jsonl.singer;

import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriterContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The streams of a run: which schemas were announced, and what STATE needs beside positions.
/// Thread-safe.
final class SingerStreams {
  private final Map<StreamName, WriterContext> contexts = new ConcurrentHashMap<>();
  private final Map<StreamName, Schema> announced = new ConcurrentHashMap<>();

  void add(WriterContext context) {
    contexts.put(context.stream().name(), context);
  }

  /// The replication keys of streams that have one of a single column.
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

  /// Whether a SCHEMA must be written before rows of this schema. The caller must hold the console
  /// and then write it.
  boolean announce(StreamName stream, Schema schema) {
    return !schema.equals(announced.put(stream, schema));
  }

  /// Whether no SCHEMA was written for the stream at all, for streams without rows.
  boolean announceFirst(StreamName stream, Schema schema) {
    return announced.putIfAbsent(stream, schema) == null;
  }
}
