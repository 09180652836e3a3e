package dev.tapline.source.postgres;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What an engine does with the source, one thing after the other.
final class Pipeline implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final PostgresSource source;

  Pipeline(Map<String, ?> settings) {
    PostgresProvider provider = new PostgresProvider();
    source = (PostgresSource) provider.create(Config.of(provider.config(), settings));
  }

  static Pipeline at(String url) {
    return new Pipeline(Map.of("url", url));
  }

  static Pipeline at(String url, String key, Object value) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("url", url);
    settings.put(key, value);
    return new Pipeline(settings);
  }

  Catalog discover() throws IOException {
    return source.discover();
  }

  Relation relation(String name) throws IOException {
    Catalog catalog = discover();
    return catalog.relations().stream()
        .filter(relation -> relation.name().toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + names(catalog)));
  }

  static List<String> names(Catalog catalog) {
    return catalog.relations().stream().map(Relation::name).map(StreamName::toString).toList();
  }

  Stream stream(String name) throws IOException {
    return stream(relation(name));
  }

  static Stream stream(Relation relation) {
    return new Stream(
        relation.name(),
        relation.kind(),
        relation.schema(),
        relation.name().toString(),
        "FULL_TABLE",
        List.of(),
        relation.estimatedRows(),
        relation.estimatedBytes());
  }

  void scan(String name, Consumer<Batch> rows) throws IOException, InterruptedException {
    scan(stream(name), rows);
  }

  void scan(Stream stream, Consumer<Batch> rows) throws IOException, InterruptedException {
    try (Snapshot snapshot = source.openSnapshot(List.of(stream))) {
      for (Split split : source.split(stream, snapshot, 2)) {
        read(split, rows);
      }
    }
  }

  void read(Split split, Consumer<Batch> rows) throws IOException, InterruptedException {
    try (BatchReader reader = source.open(split)) {
      drain(reader, rows);
    }
  }

  static void drain(BatchReader reader, Consumer<Batch> rows)
      throws IOException, InterruptedException {
    while (!reader.finished()) {
      reader.poll(PATIENCE).ifPresent(rows);
    }
  }

  long count(String name) throws IOException, InterruptedException {
    long[] rows = {0};
    scan(name, batch -> rows[0] += batch.rows());
    return rows[0];
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
