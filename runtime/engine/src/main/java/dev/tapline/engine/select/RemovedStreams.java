package dev.tapline.engine.select;

import dev.tapline.engine.Pipeline;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.StreamName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Tells which streams of earlier runs a pipeline will not see again, so that nothing is kept for
/// them: the descriptor does not mean them any more, or their table is gone.
///
/// What the catalog could not look at is not gone: a database that refuses the connection, a table
/// that lost a privilege.
public final class RemovedStreams {
  private final Catalog catalog;
  private final List<Entry> entries;

  private RemovedStreams(Catalog catalog, Pipeline pipeline) {
    this.catalog = catalog;
    this.entries =
        pipeline.streams().stream()
            .map(entry ->
                new Entry(
                    entry.view(),
                    NamePattern.parse(entry.pattern()),
                    entry.exclude().stream().map(NamePattern::parse).toList()))
            .toList();
  }

  private record Entry(boolean view, NamePattern pattern, List<NamePattern> exclude) {
    boolean means(StreamName name, Optional<Relation> found) {
      return pattern.matches(name)
          && exclude.stream().noneMatch(other -> other.matches(name))
          && (found.isEmpty() || found.get().kind().isTable() != view);
    }
  }

  /// The streams among `known` that are gone.
  public static Set<StreamName> among(
      Collection<StreamName> known, Catalog catalog, Pipeline pipeline) {
    RemovedStreams departures = new RemovedStreams(catalog, pipeline);
    Set<StreamName> gone = new TreeSet<>();
    for (StreamName name : known) {
      if (departures.isGone(name)) {
        gone.add(name);
      }
    }
    return gone;
  }

  private boolean isGone(StreamName name) {
    Optional<Relation> found = catalog.find(name);
    if (entries.stream().noneMatch(entry -> entry.means(name, found))) {
      return true;
    }
    return found.isEmpty()
        && catalog.findings().stream()
            .map(Finding::subject)
            .noneMatch(subject ->
                switch (subject) {
                  case Finding.OfDatabase(String database) -> database.equals(name.database());
                  case Finding.OfSchema(String database, String schema) ->
                      database.equals(name.database()) && schema.equals(name.namespace());
                  case Finding.OfStream(StreamName stream) -> stream.equals(name);
                  case Finding.OfTopic _ -> false;
                });
  }
}
